/** What several tests need. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Pluvo, PluvoOptions } from 'pluvo-sdk';
import { Sandbox, type SandboxOptions } from 'pluvo-sdk/testing';
import type { Native } from '../dist/cjs/native.js';

/** Where the package is, as it was built. */
export const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

const { nativeNames } = await import(join(PACKAGE, 'scripts/build.js'));

/** The native module that the package has loaded: a process has each once. */
export const native: Native = createRequire(import.meta.url)(join(PACKAGE, nativeNames().file));

/** A sandbox and a client of it, which end with the test. */
export async function begin(
  test: TestContext,
  options: SandboxOptions = {},
  client: PluvoOptions = {},
): Promise<{ sandbox: Sandbox; pluvo: Pluvo }> {
  const sandbox = await Sandbox.start(options);
  const pluvo = sandbox.client(client);
  test.after(async () => {
    await pluvo.close();
    await sandbox.stop();
  });
  return { sandbox, pluvo };
}

/** How many GraphQL requests came in. */
export async function asked(sandbox: Sandbox): Promise<number> {
  return (await sandbox.requests()).filter((request) => request.path === '/graphql/').length;
}

export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a module of its own in a new process. It is given `PLUVO_BASE_URL` and credentials of a sandbox. */
export async function inProcess(
  sandbox: Sandbox | undefined,
  code: string,
  flags: string[] = [],
  program = process.execPath,
  more: Record<string, string> = {},
): Promise<Ended> {
  const folder = mkdtempSync(join(PACKAGE, 'child-'));
  const file = join(folder, 'child.mjs');
  writeFileSync(file, code);
  const environment = sandbox && {
    ...more,
    PLUVO_BASE_URL: sandbox.url,
    PLUVO_CLIENT_ID: sandbox.clientId,
    PLUVO_CLIENT_SECRET: sandbox.clientSecret,
  };
  try {
    return await ended(program, [...flags, file], PACKAGE, environment);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a command to its end, or kills it after a minute: then something hangs. */
export function ended(
  command: string,
  args: string[],
  cwd: string,
  environment: Record<string, string> = {},
): Promise<Ended> {
  const env = { ...process.env, ...environment };
  // It would take the process for one of the test runner's own.
  delete env['NODE_TEST_CONTEXT'];
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
}
