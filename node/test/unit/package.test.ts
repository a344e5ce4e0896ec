/** The package as it is published: packed, installed into an empty project and used from there. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Sandbox } from 'pluvo-sdk/testing';
import { ended, PACKAGE } from '../support.js';

const { nativeNames } = await import(join(PACKAGE, 'scripts/build.js'));
const { triple, file } = nativeNames();
const modules = join(PACKAGE, 'node_modules');
let home: string;
let project: string;
let packed: string[];

before(async () => {
  home = mkdtempSync(join(tmpdir(), 'pluvo-package-'));
  // What is packed hands over to the command: that itself, with all that is there for a debugger, takes a minute to pack.
  const command = join(home, 'pluvo');
  writeFileSync(command, `#!/bin/sh\nexec '${process.env['PLUVO_COMMAND']}' "$@"\n`, { mode: 0o755 });
  const parts = ['--native', `${triple}=${join(PACKAGE, file)}`, '--command', `${triple}=${command}`];
  const made = await ended(process.execPath, ['scripts/pack.js', home, ...parts], PACKAGE);
  assert.equal(made.status, 0, made.stderr);
  packed = readdirSync(home).filter((name) => name.endsWith('.tgz'));
  project = join(home, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "somebodys", "private": true }');
  const tarballs = packed.map((name) => join(home, name));
  const flags = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--offline', ...tarballs];
  const installed = await ended('npm', flags, project);
  assert.equal(installed.status, 0, installed.stderr);
});
after(() => rmSync(home, { recursive: true }));

const PROGRAM = `
  const pluvo = new Pluvo();
  let users = 0;
  for await (const user of pluvo.users.list()) users += user.name ? 1 : 0;
  console.log(users, PluvoError.name, typeof webhooks.verify);
  await pluvo.close();
`;

test('an empty project has it from ES modules and from CommonJS', async (context) => {
  const sandbox = await Sandbox.start();
  context.after(() => sandbox.stop());
  const environment = {
    PLUVO_BASE_URL: sandbox.url,
    PLUVO_CLIENT_ID: sandbox.clientId,
    PLUVO_CLIENT_SECRET: sandbox.clientSecret,
  };
  const imported = "import { Pluvo, PluvoError, webhooks } from 'pluvo-sdk';";
  writeFileSync(join(project, 'esm.mjs'), `${imported}${PROGRAM}`);
  const required = "const { Pluvo, PluvoError, webhooks } = require('pluvo-sdk');";
  writeFileSync(join(project, 'cjs.cjs'), `${required}(async () => {${PROGRAM}})();`);
  for (const name of ['esm.mjs', 'cjs.cjs']) {
    const { stdout, stderr, status } = await ended(process.execPath, [name], project, environment);
    assert.deepEqual([stdout, stderr, status], ['60 PluvoError function\n', '', 0], name);
  }
});

test('npx and the sandbox have the command that came with the package', async () => {
  // No other is to be found.
  const environment = { PLUVO_COMMAND: '', PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter) };
  const about = JSON.parse(readFileSync(join(project, 'node_modules/pluvo-sdk/package.json'), 'utf8'));
  const told = await ended('npx', ['--offline', 'pluvo-sdk', '--version'], project, environment);
  assert.deepEqual([told.stdout, told.status], [`pluvo ${about.version}\n`, 0], told.stderr);

  const program = `
    import { Sandbox } from 'pluvo-sdk/testing';
    const sandbox = await Sandbox.start({ users: 7 });
    const pluvo = sandbox.client();
    console.log(await pluvo.users.list().count());
    await pluvo.close();
    await sandbox.stop();
  `;
  writeFileSync(join(project, 'sandbox.mjs'), program);
  const counted = await ended(process.execPath, ['sandbox.mjs'], project, environment);
  assert.deepEqual([counted.stdout, counted.status], ['7\n', 0], counted.stderr);

  const binary = join(project, 'node_modules/.bin/pluvo');
  const wrong = await ended(binary, ['no-such-word'], project, environment);
  assert.equal(wrong.status, 2);
  const lacking = await ended(binary, [], project, { PLUVO_COMMAND: '/nowhere/pluvo' });
  assert.equal(lacking.status, 127);
  assert.match(lacking.stderr, /PLUVO_COMMAND/);
});

test('npx in a project that has a checkout finds the command on the path, not itself', async () => {
  const checkout = join(home, 'checkout');
  mkdirSync(join(checkout, 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(checkout, 'package.json'), '{ "name": "somebodys", "private": true }');
  symlinkSync(PACKAGE, join(checkout, 'node_modules/pluvo-sdk'));
  symlinkSync('../pluvo-sdk/bin/pluvo.js', join(checkout, 'node_modules/.bin/pluvo'));
  const path = [dirname(process.execPath), '/usr/bin', '/bin'];
  const told = async (folders: string[]) =>
    ended('npx', ['--offline', 'pluvo-sdk', '--version'], checkout, {
      PLUVO_COMMAND: '',
      PATH: folders.join(delimiter),
    });
  const found = await told([...path, dirname(process.env['PLUVO_COMMAND'] ?? '')]);
  assert.deepEqual([found.stdout.replace(/ .*/, ''), found.status], ['pluvo\n', 0], found.stderr);
  const lacking = await told(path);
  assert.equal(lacking.status, 127);
  assert.match(lacking.stderr, /install the command/);
});

test('the command ends as its child does', async () => {
  const binary = join(project, 'node_modules/.bin/pluvo');
  const killed = await ended(binary, ['-e', "process.kill(process.pid, 'SIGTERM')"], project, {
    PLUVO_COMMAND: process.execPath,
  });
  assert.equal(killed.signal, 'SIGTERM');
});

test('TypeScript finds its types, in both kinds of modules', async () => {
  symlinkSync(join(modules, '@types'), join(project, 'node_modules/@types'));
  symlinkSync(join(modules, 'undici-types'), join(project, 'node_modules/undici-types'));
  const source = `
    import { Pluvo, type User } from 'pluvo-sdk';
    import { Sandbox } from 'pluvo-sdk/testing';
    export async function names(sandbox: Sandbox): Promise<string[]> {
      const users: User[] = await sandbox.client().users.list().toArray({ limit: 10 });
      return users.map((user) => user.name ?? user.id);
    }
    export const client = new Pluvo({ organization: 'acme', token: 't' });
  `;
  writeFileSync(join(project, 'typed.mts'), source);
  writeFileSync(join(project, 'typed.cts'), source);
  const tsc = join(modules, 'typescript/bin/tsc');
  const flags = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2023,esnext.disposable',
  ];
  const types = ['--types', 'node', '--ignoreConfig', 'typed.mts', 'typed.cts'];
  const { stdout, stderr, status } = await ended(process.execPath, [tsc, ...flags, ...types], project);
  assert.deepEqual([stdout, stderr, status], ['', '', 0]);
});

test('what is packed is what is needed, and nothing of the tests', () => {
  const there = readdirSync(join(project, 'node_modules/pluvo-sdk'), { recursive: true }).map(String);
  assert.ok(
    there.includes('dist/esm/index.d.ts') && there.includes('dist/cjs/index.js') && there.includes('LICENSE-MIT'),
  );
  assert.ok(!there.some((path) => /test\/|scripts|\.node$|\.tgz$/.test(path)));
  const about = JSON.parse(readFileSync(join(project, 'node_modules/pluvo-sdk/package.json'), 'utf8'));
  assert.deepEqual(about.optionalDependencies, { [`@pluvo-sdk/${triple}`]: about.version });
  assert.ok(!about.scripts && !about.devDependencies);
  assert.equal(packed.length, 2);
});

test('without its native module it says what to do', async () => {
  const native = join(project, 'node_modules/@pluvo-sdk');
  const [kept] = readdirSync(native);
  rmSync(join(native, String(kept)), { recursive: true });
  writeFileSync(join(project, 'lacking.mjs'), "import { Pluvo } from 'pluvo-sdk'; new Pluvo({ token: 't' });");
  const { stderr, status } = await ended(process.execPath, ['lacking.mjs'], project);
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`@pluvo-sdk/${triple}`));
  assert.match(stderr, /npm\/cli#4828[\s\S]*remove node_modules and package-lock\.json/);
});

test('package linters have nothing to say', async () => {
  const { resolve } = createRequire(join(PACKAGE, 'package.json'));
  const tarball = join(
    home,
    String(packed.find((name) => name.startsWith('pluvo-sdk-0') || /^pluvo-sdk-\d/.test(name))),
  );
  const publint = join(resolve('publint'), '../cli.js');
  const linted = await ended(process.execPath, [publint, 'run', tarball, '--strict'], home);
  assert.equal(linted.status, 0, linted.stdout + linted.stderr);
  const attw = join(resolve('@arethetypeswrong/cli/package.json'), '../dist/index.js');
  const typed = await ended(process.execPath, [attw, tarball, '--profile', 'node16'], home);
  assert.equal(typed.status, 0, typed.stdout + typed.stderr);
});
