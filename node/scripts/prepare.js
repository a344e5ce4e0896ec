// What `npm install` runs for a checkout, so that `npm install ./node` gives what the published package is: modules of
// both kinds and an optimised native module. A published package has all of that and never runs this.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const manifest = join(here, '../Cargo.toml');
const options = { cwd: here, stdio: 'inherit' };

if (!existsSync(manifest)) {
  throw new Error('the package can only be built in a checkout of the whole project');
}
try {
  createRequire(import.meta.url).resolve('typescript/package.json');
} catch {
  // npm installs no tools for a folder that it links.
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], options);
}
const { buildModules, takeNative } = await import('./build.js');
buildModules();
const cargo = ['--manifest-path', manifest];
execFileSync('cargo', ['build', ...cargo, '--release', '--package', 'pluvo-node'], options);
const metadata = execFileSync('cargo', ['metadata', ...cargo, '--format-version', '1', '--no-deps'], {
  maxBuffer: 1 << 28,
});
takeNative(join(JSON.parse(metadata).target_directory, 'release'));
