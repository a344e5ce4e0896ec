/** What the process that the package is a guest in may do to it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begin, inProcess } from '../support.js';

/** Lets requests of the process hang until the sandbox's clock is let go. */
const hang = { on: 'graphql', delay: '1h', do: { kind: 'pass' } };

const WORKER = `
  import { Worker, isMainThread, parentPort } from 'node:worker_threads';
  import { fileURLToPath } from 'node:url';
  import { Pluvo } from 'pluvo-sdk';
`;

test('worker threads work, each with its own client', async (context) => {
  const { sandbox } = await begin(context);
  const code = `${WORKER}
    if (isMainThread) {
      const workers = Array.from({ length: 4 }, () => new Worker(fileURLToPath(import.meta.url)));
      const counts = await Promise.all(workers.map((worker) => new Promise((done, fail) => {
        let count;
        worker.once('message', (message) => { count = message; }).once('error', fail).once('exit', () => done(count));
      })));
      console.log(counts.join(), await new Pluvo().users.list().count());
    } else {
      const pluvo = new Pluvo({ ...credentials(), onRequest() {} });
      parentPort.postMessage((await pluvo.users.list().toArray()).length);
    }
    function credentials() {
      const { PLUVO_BASE_URL: baseUrl, PLUVO_CLIENT_ID: clientId, PLUVO_CLIENT_SECRET: clientSecret } = process.env;
      return { baseUrl, clientId, clientSecret };
    }
  `;
  const { stdout, stderr, status } = await inProcess(sandbox, code);
  assert.deepEqual([stdout, stderr, status], ['60,60,60,60 60\n', '', 0]);
});

test('worker threads that are killed in the middle of calls harm nobody', async (context) => {
  const { sandbox } = await begin(context);
  await sandbox.control('POST', 'clock', { hold: true });
  await sandbox.fault({ ...hang, operation: 'Users' });
  const code = `${WORKER}
    if (isMainThread) {
      for (let round = 0; round < 10; round++) {
        const worker = new Worker(fileURLToPath(import.meta.url));
        await new Promise((done) => worker.once('message', done));
        await worker.terminate();
      }
      console.log((await new Pluvo().users.get({ ref: 'nobody' })) === null);
    } else {
      const { PLUVO_BASE_URL: baseUrl } = process.env;
      let asked = 0;
      const token = () => { asked += 1; return 'sandbox-token-none'; };
      const pluvo = new Pluvo({ baseUrl, token, onRequest() {} });
      const calls = Array.from({ length: 20 }, () => pluvo.users.list().toArray());
      calls.push(pluvo.users.upsertMany([{ ref: 'EMP-1' }]).then(() => {}));
      for (const call of calls) call.catch(() => {});
      setImmediate(() => parentPort.postMessage('begun'));
    }
  `;
  const { stdout, stderr, status, signal } = await inProcess(sandbox, code);
  assert.deepEqual([stdout, stderr, status, signal], ['true\n', '', 0, null]);
});

test('process.exit in the middle of calls exits', async (context) => {
  const { sandbox } = await begin(context);
  await sandbox.control('POST', 'clock', { hold: true });
  await sandbox.fault(hang);
  const code = `
    import { Pluvo } from 'pluvo-sdk';
    const { PLUVO_BASE_URL: baseUrl, TOKEN } = process.env;
    const token = async () => {
      setImmediate(() => process.exit(7));
      return TOKEN;
    };
    const pluvo = new Pluvo({ baseUrl, token, onRequest() {} });
    for (let n = 0; n < 50; n++) pluvo.users.list().first().catch(() => {});
    pluvo.users.upsertMany([{ ref: 'EMP-1' }]).then(() => {}, () => {});
  `;
  const token = (await sandbox.control('POST', 'tokens', {})) as { access_token: string };
  const more = { TOKEN: token.access_token };
  const { stdout, stderr, status, signal } = await inProcess(sandbox, code, [], process.execPath, more);
  assert.deepEqual([stdout, stderr, status, signal], ['', '', 7, null]);
});

test('lists that are dropped in the middle are collected', async (context) => {
  const { pluvo } = await begin(context, { users: 120 });
  const finished = { lists: 0 };
  const registry = new FinalizationRegistry(() => {
    finished.lists += 1;
  });
  for (let n = 0; n < 50; n++) {
    const pages = pluvo.users.list().pages();
    registry.register(pages, undefined);
    await pages.next();
  }
  for (let turn = 0; turn < 500 && finished.lists < 45; turn++) {
    globalThis.gc?.();
    await new Promise(setImmediate);
  }
  assert.ok(finished.lists >= 45, `${finished.lists} of 50 were collected`);
});

test('clients, calls and lists leave nothing behind', async (context) => {
  const { sandbox } = await begin(context, { users: 60 });
  const code = `
    import { readdirSync } from 'node:fs';
    import { Pluvo } from 'pluvo-sdk';
    const base = new Pluvo();
    const { PLUVO_BASE_URL: baseUrl } = process.env;
    const threads = () => readdirSync('/proc/self/task').length;
    const sockets = () => readdirSync('/proc/self/fd').length;
    async function round() {
      for (let n = 0; n < 400; n++) new Pluvo({ baseUrl, token: 't', onRequest() {} });
      for (let n = 0; n < 100; n++) await base.users.get({ ref: 'nobody' });
      for (let n = 0; n < 10; n++) await base.users.list().toArray();
      for (let n = 0; n < 50; n++) await base.users.get({ refe: 1 }).catch(() => {});
      for (let n = 0; n < 10; n++) { globalThis.gc(); await new Promise(setImmediate); }
      return { rss: process.memoryUsage().rss, threads: threads(), sockets: sockets() };
    }
    for (let n = 0; n < 3; n++) await round();
    const before = await round();
    for (let n = 0; n < 6; n++) await round();
    const after = await round();
    console.log(JSON.stringify({ grown: after.rss - before.rss, threads: after.threads - before.threads, sockets: after.sockets - before.sockets }));
  `;
  const { stdout, stderr, status } = await inProcess(sandbox, code, ['--expose-gc']);
  assert.deepEqual([stderr, status], ['', 0]);
  const { grown, threads, sockets } = JSON.parse(stdout);
  assert.ok(threads <= 2 && sockets <= 2, stdout);
  // Seven rounds make 2,800 clients and 1,000 calls: what each left would show as many megabytes.
  assert.ok(grown < 24 * 1024 * 1024, stdout);
});
