/** Finds and loads the native module, which is a package of its own for each platform. */
import type { Native } from './native.js';

import platforms = require('./platforms.cjs');

/**
 * Loads the native module: one built beside this package first, then the platform's package.
 *
 * @throws An `Error` that says what was tried and what to do about it.
 */
function load(): Native {
  const platform = `${process.platform}-${process.arch}`;
  const triples = platforms[platform];
  if (!triples) {
    throw new Error(
      `pluvo-sdk has no native module for ${platform}; there are some for ${Object.keys(platforms).join(', ')}. ` +
        'With Rust installed, `npm install` in a checkout of the project builds one.',
    );
  }
  const failures: string[] = [];
  for (const triple of triples) {
    for (const candidate of [`../../pluvo.${triple}.node`, `@pluvo-sdk/${triple}`]) {
      try {
        return require(candidate);
      } catch (error) {
        failures.push(`${candidate}: ${String(error instanceof Error ? error.message : error).split('\n')[0]}`);
      }
    }
  }
  throw new Error(
    `pluvo-sdk cannot load its native module for ${platform}. It comes with the optional dependency ` +
      `${triples.map((triple) => `@pluvo-sdk/${triple}`).join(' or ')}. npm leaves optional dependencies out with ` +
      '--omit=optional, when node_modules or package-lock.json was made on another platform, and by a fault of its own ' +
      '(npm/cli#4828, npm/cli#8320): remove node_modules and package-lock.json, and run `npm install` on this platform. ' +
      `Tried:\n  ${failures.join('\n  ')}`,
  );
}

export = load;
