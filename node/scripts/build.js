// Builds the package where it stands: `--modules` the ES and the CommonJS modules, `--native DIRECTORY` takes the native
// module from where cargo put it.
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('..', import.meta.url));

/** What cargo calls the native module, and what the loader does. */
export function nativeNames() {
  const { platform, arch } = process;
  const suffix = { linux: isMusl() ? '-musl' : '-gnu', win32: '-msvc' }[platform] ?? '';
  const library = { win32: 'pluvo_node.dll', darwin: 'libpluvo_node.dylib' }[platform] ?? 'libpluvo_node.so';
  const triple = `${platform}-${arch}${suffix}`;
  return { library, triple, file: `pluvo.${triple}.node` };
}

function isMusl() {
  return process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
}

/** Compiles one source to both kinds of modules. */
export function buildModules() {
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
  const tsc = join(typescript, '../bin/tsc');
  for (const format of ['esm', 'cjs']) {
    rmSync(join(here, 'dist', format), { recursive: true, force: true });
    const project = format === 'esm' ? 'tsconfig.json' : 'tsconfig.cjs.json';
    execFileSync(process.execPath, [tsc, '--project', join(here, project)], { stdio: 'inherit' });
  }
  writeFileSync(join(here, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n');
}

/** Takes the native module from where cargo put it. */
export function takeNative(directory) {
  const { library, file } = nativeNames();
  copyFileSync(join(directory, library), join(here, file));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { modules: { type: 'boolean' }, native: { type: 'string' } } });
  if (values.modules) buildModules();
  if (values.native) takeNative(values.native);
}
