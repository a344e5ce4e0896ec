// Builds the package where it stands: `--modules` the ES and the CommonJS modules, `--native DIRECTORY` takes the native
// module from where cargo put it.
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';

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

/**
 * Makes the CommonJS modules, one file for each entry point, with types for both kinds of modules. The ES modules hand on
 * what the others have: loaded from whichever, a class is the same class, and one file is loaded faster than forty.
 */
export function buildModules() {
  const require = createRequire(import.meta.url);
  const tsc = join(require.resolve('typescript/package.json'), '../bin/tsc');
  const run = (...args) => execFileSync(process.execPath, [tsc, ...args], { cwd: here, stdio: 'inherit' });
  rmSync(join(here, 'dist'), { recursive: true, force: true });
  run('--project', 'tsconfig.cjs.json', '--emitDeclarationOnly');
  run('--project', 'tsconfig.json', '--emitDeclarationOnly');
  bundle('index.ts', 'index.js');
  // Its classes are those of the other file.
  bundle('testing.ts', 'testing.js', ['*/index.js']);
  bundle('command.cts', 'command.cjs');
  writeFileSync(join(here, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n');
  for (const entry of ['index', 'testing']) {
    const names = Object.keys(require(join(here, `dist/cjs/${entry}.js`))).sort();
    // Not an import: for that of a CommonJS module Node first looks through all of them for names.
    const load = `createRequire(import.meta.url)('../cjs/${entry}.js')`;
    const code = `import { createRequire } from 'node:module';\n\nexport const { ${names.join(', ')} } = ${load};\n`;
    writeFileSync(join(here, `dist/esm/${entry}.js`), code);
  }
}

function bundle(from, to, external = []) {
  buildSync({
    absWorkingDir: here,
    entryPoints: [join('src', from)],
    outfile: join('dist/cjs', to),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external,
    packages: 'external',
    logLevel: 'warning',
  });
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
