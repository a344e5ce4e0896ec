/** Finds the command `pluvo`. */
import { accessSync, closeSync, constants, existsSync, openSync, readSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import platforms = require('./platforms.cjs');

/** That of `PLUVO_COMMAND`, of the platform's package, or the one on the path; where there is none, undefined. */
function command(): string | undefined {
  if (process.env['PLUVO_COMMAND']) return process.env['PLUVO_COMMAND'];
  const name = process.platform === 'win32' ? 'pluvo.exe' : 'pluvo';
  for (const triple of platforms[`${process.platform}-${process.arch}`] ?? []) {
    try {
      const path = join(require.resolve(`@pluvo-sdk/${triple}/package.json`), '..', name);
      if (existsSync(path)) return path;
    } catch {
      // This platform's package is not installed.
    }
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder);
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** Not a script: npm and pnpm put one first on the path, which starts this package's `bin/pluvo.js` again. */
function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    const file = openSync(path, 'r');
    try {
      const start = Buffer.alloc(2);
      return readSync(file, start) === 2 && start.toString() !== '#!';
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

export = command;
