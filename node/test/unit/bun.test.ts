/** The package in Bun, whose program npm brings for the platforms that it has one for. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { begin, ended, inProcess, PACKAGE } from '../support.js';

const bun = await program();
const skip = bun === undefined && 'there is no Bun for this machine';

/** The first of its builds that runs here: some are for newer processors, some for another C library. */
async function program(): Promise<string | undefined> {
  const folder = process.env['PLUVO_BUN'] ?? '';
  for (const build of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const path = join(folder, build, 'bin', process.platform === 'win32' ? 'bun.exe' : 'bun');
    const { status } = await ended(path, ['--version'], PACKAGE).catch(() => ({ status: null }));
    if (status === 0) return path;
  }
  return undefined;
}

const PROGRAM = `
  import { Pluvo, webhooks } from 'pluvo-sdk';
  import { createRequire } from 'node:module';
  const { PluvoError } = createRequire(import.meta.url)('pluvo-sdk');
  const said = {};
  const name = (error) => error.constructor.name + (error instanceof PluvoError ? '' : '?');
  const outcome = async (work) => { try { await work(); return 'nothing'; } catch (error) { return name(error); } };
  const events = [];
  const pluvo = new Pluvo({
    baseUrl: process.env.PLUVO_BASE_URL,
    token: async () => process.env.TOKEN,
    onRequest: ({ operation }) => events.push(operation),
  });
  said.rows = 0;
  for await (const user of pluvo.users.list()) if (user.name) said.rows += 1;
  said.all = (await pluvo.users.list().parallel(4).toArray()).length;
  const report = await pluvo.users.upsertMany(
    (async function* () {
      for (let n = 0; n < 30; n++) yield { ref: 'BUN-' + n, name: 'Anne ' + n, email: n + '@example.com' };
    })(),
  );
  said.created = report.created;
  said.wrong = await outcome(() => pluvo.users.get({ refe: 'x' }));
  said.signal = await outcome(() => pluvo.users.get({ ref: 'EMP-1' }, { signal: AbortSignal.abort() }));
  const controller = new AbortController();
  const running = outcome(() => pluvo.users.list({}, { signal: controller.signal }).first());
  controller.abort();
  said.aborted = await running;
  said.options = await outcome(async () => new Pluvo({ organization: 'acme' }));
  said.webhook = await outcome(async () => webhooks.verify(Buffer.from('{}'), {}, 'key'));
  // They come by way of the event loop's queue.
  while (events.length < 4) await new Promise((resolve) => setTimeout(resolve));
  console.log(JSON.stringify(said));
`;

test('lists, writes, tokens, hooks, errors and signals work, and the process ends', { skip }, async (context) => {
  const { sandbox } = await begin(context, { users: 120 });
  const token = (await sandbox.control('POST', 'tokens', {})) as { access_token: string };
  const { stdout, stderr, status, signal } = await inProcess(sandbox, PROGRAM, [], bun, {
    TOKEN: token.access_token,
  });
  assert.deepEqual([stderr, status, signal], ['', 0, null]);
  assert.deepEqual(JSON.parse(stdout), {
    rows: 120,
    all: 120,
    created: 30,
    wrong: 'InvalidRequestError',
    signal: 'CancelledError',
    aborted: 'CancelledError',
    options: 'ConfigError',
    webhook: 'WebhookError',
  });
});
