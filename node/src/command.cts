/** Finds the command `pluvo`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import platforms = require('./platforms.cjs');

/** That of `PLUVO_COMMAND`, of the platform's package, or the one on the path. */
function command(): string {
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
  return name;
}

export = command;
