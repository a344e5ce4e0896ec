// Makes the tarballs that are published: the package, and one for each platform whose native module is at hand.
//
//   node scripts/pack.js OUT [--native TRIPLE=FILE]… [--command TRIPLE=FILE]…
//
// The package depends on those platforms' packages, optionally, in its own version.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    native: { type: 'string', multiple: true, default: [] },
    command: { type: 'string', multiple: true, default: [] },
  },
});
const out = resolve(positionals[0] ?? 'packed');
mkdirSync(out, { recursive: true });
const { scripts, devDependencies, ...manifest } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const commands = new Map(values.command.map((given) => given.split('=', 2)));
const natives = values.native.map((given) => given.split('=', 2));

const optionalDependencies = Object.fromEntries(natives.map(([triple]) => [`@pluvo-sdk/${triple}`, manifest.version]));
const legal = ['LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT'];
pack({ ...manifest, files: [...manifest.files, ...legal], optionalDependencies }, (folder) => {
  for (const path of manifest.files) cpSync(join(here, path), join(folder, path), { recursive: true });
  licences(folder);
});
for (const [triple, file] of natives) platform(triple, file);

/** The package of one platform: the native module, and the command where there is one. */
function platform(triple, file) {
  const [os, cpu, libc] = triple.split('-');
  const { version, license, repository, homepage, engines } = manifest;
  const command = commands.get(triple);
  const binary = os === 'win32' ? 'pluvo.exe' : 'pluvo';
  const about = {
    name: `@pluvo-sdk/${triple}`,
    version,
    description: `The native module of pluvo-sdk for ${triple}.`,
    ...{ license, repository, homepage, engines },
    os: [os],
    cpu: [cpu],
    ...(os === 'linux' && { libc: [libc === 'gnu' ? 'glibc' : libc] }),
    main: 'pluvo.node',
    files: ['pluvo.node', ...(command ? [binary] : []), ...legal],
  };
  pack(about, (folder) => {
    copyFileSync(file, join(folder, 'pluvo.node'));
    licences(folder);
    if (command) cpSync(command, join(folder, binary));
  });
}

/** The project's licences. */
function licences(folder) {
  const root = process.env.PLUVO_CHECKOUT ?? join(here, '..');
  for (const name of legal) copyFileSync(join(root, name), join(folder, name));
}

function pack(about, fill) {
  const folder = mkdtempSync(join(tmpdir(), 'pluvo-pack-'));
  try {
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
    fill(folder);
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', out], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
