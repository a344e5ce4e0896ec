import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CancelledError,
  ConfigError,
  InvalidRequestError,
  Pluvo,
  type PluvoOptions,
  type RequestEvent,
} from 'pluvo-sdk';
import { asked, begin, inProcess } from '../support.js';

test('wrong options are named when the client is made', () => {
  const made = (options: object) => () => new Pluvo(options as PluvoOptions);
  assert.throws(made({ organization: 'acme' }), (error) => error instanceof ConfigError && /token/.test(error.message));
  assert.throws(made({ organization: 'acme', token: 't', tokn: 't' }), /tokn/);
  assert.throws(made({ organization: 'acme', token: 't', retry: { maxAttempts: -1 } }), ConfigError);
  assert.throws(made({ organization: 'acme', clientId: 'id' }), /clientSecret/);
  assert.throws(made('acme' as unknown as object), /one object/);
  assert.throws(made({ organization: 'http://acme.example', token: 't' }), ConfigError);
});

test('without options the environment says where to go', async (context) => {
  const { sandbox } = await begin(context);
  const code = `
    import { Pluvo } from 'pluvo-sdk';
    await using a = new Pluvo();
    await using b = Pluvo.fromEnv({ scopes: ['users.read'] });
    console.log(await a.users.list().count(), (await b.check()).granted.join());
  `.replaceAll('await using', 'const');
  const { stdout, stderr, status } = await inProcess(sandbox, code);
  assert.deepEqual([stdout, stderr, status], ['60 users.read\n', '', 0]);
  const { stderr: lacking } = await inProcess(undefined, `import { Pluvo } from 'pluvo-sdk'; new Pluvo();`);
  assert.match(lacking, /ConfigError: .*PLUVO_/);
});

test("the README's program runs", async (context) => {
  const { sandbox } = await begin(context, { users: 5 });
  const readme = readFileSync(join(process.env['PLUVO_CHECKOUT'] ?? '', 'README.md'), 'utf8');
  const [, program = ''] = /```js\n(import { Pluvo }[\s\S]*?)```/.exec(readme) ?? [];
  const { stdout, stderr, status } = await inProcess(sandbox, program);
  assert.deepEqual([stderr, status], ['', 0]);
  const users = await sandbox.client().users.list({ archived: false }).toArray();
  assert.equal(stdout, users.map((user) => `${user.name}\n`).join(''));
});

test('a closed client gives up what runs and refuses what comes', async (context) => {
  const { sandbox, pluvo } = await begin(context);
  await sandbox.control('POST', 'clock', { hold: true });
  await sandbox.fault({ on: 'graphql', delay: '1h', do: { kind: 'pass' } });
  const running = pluvo.users.get({ ref: 'EMP-1' });
  const outcome = assert.rejects(running, CancelledError);
  while ((await asked(sandbox)) === 0);
  await pluvo.close();
  await outcome;
  await assert.rejects(pluvo.check(), CancelledError);
  await assert.rejects(pluvo.users.list().first(), CancelledError);
  await pluvo.close();
});

test('await using closes', async (context) => {
  const { sandbox } = await begin(context);
  let kept: Pluvo;
  {
    await using pluvo = sandbox.client();
    kept = pluvo;
    assert.equal(await pluvo.users.list().count(), 60);
  }
  await assert.rejects(kept.check(), CancelledError);
});

test('a process ends by itself, closed or not, with a provider and a hook', async (context) => {
  const { sandbox } = await begin(context);
  const token = ((await sandbox.control('POST', 'tokens', {})) as { access_token: string }).access_token;
  const code = (close: string) => `
    import { Pluvo } from 'pluvo-sdk';
    const pluvo = new Pluvo({ baseUrl: process.env.PLUVO_BASE_URL, token: async () => '${token}', onRequest() {} });
    console.log(await pluvo.users.list().count());
    ${close}
  `;
  for (const close of ['', 'await pluvo.close();']) {
    const { stdout, stderr, status, signal } = await inProcess(sandbox, code(close));
    assert.deepEqual([stdout, stderr, status, signal], ['60\n', '', 0, null]);
  }
});

test('a derived client differs in what it says and shares the rest', async (context) => {
  const { sandbox, pluvo } = await begin(context);
  const hasty = pluvo.withOptions({ retry: { maxAttempts: 1 }, paging: { pageSize: 20 } });
  assert.equal((await hasty.users.list().pages().next()).value?.items.length, 20);
  await pluvo.check();
  const tokens = (await sandbox.requests()).filter((request) => request.path === '/oauth/token/');
  assert.equal(tokens.length, 1);
  await sandbox.fault({ times: 1, do: { kind: 'status', status: 503 } });
  await assert.rejects(hasty.users.get({ ref: 'EMP-1' }), { code: 'server', attempts: 1 });
  assert.throws(() => pluvo.withOptions({ organization: 'other' } as object), ConfigError);
});

test('a provider gives tokens, as text or with their lifetime, and its errors are the cause', async (context) => {
  const { sandbox } = await begin(context);
  const fresh = async () => (await sandbox.control('POST', 'tokens', {})) as { access_token: string };
  let times = 0;
  const pluvo = sandbox.client({
    token: async () => {
      times += 1;
      return { value: (await fresh()).access_token, expiresInMs: 3_600_000 };
    },
  });
  await Promise.all(Array.from({ length: 20 }, () => pluvo.users.get({ ref: 'EMP-1' })));
  assert.equal(times, 1);
  const failing = sandbox.client({ token: () => Promise.reject(new Error('the vault is shut')) });
  await assert.rejects(failing.check(), (error: Error) => /the vault is shut/.test(`${error.message} ${error.cause}`));
  const odd = sandbox.client({ token: (() => 42) as never });
  await assert.rejects(odd.check(), { code: 'auth' });
  for (const client of [pluvo, failing, odd]) await client.close();
});

test('calls take their own time-outs and attempts', async (context) => {
  const { sandbox, pluvo } = await begin(context);
  await sandbox.control('POST', 'clock', { hold: true });
  await sandbox.fault({ on: 'graphql', delay: '1h', do: { kind: 'pass' } });
  await assert.rejects(pluvo.users.get({ ref: 'EMP-1' }, { timeoutMs: 50, maxAttempts: 1 }), {
    code: 'timeout',
    attempts: 1,
  });
});

test('an argument that is missing or unknown is named', async (context) => {
  const { pluvo } = await begin(context);
  await assert.rejects(pluvo.users.get({} as { ref: string }), InvalidRequestError);
  await assert.rejects(pluvo.users.create({ nam: 'x' } as never), /nam/);
});

test('dates travel as moments', async (context) => {
  const { sandbox, pluvo } = await begin(context);
  await pluvo.users.list({ lastLoginGt: new Date('2026-01-01T00:00:00Z') }).count();
  const [request] = (await sandbox.requests()).filter((entry) => entry.path === '/graphql/');
  assert.match(JSON.stringify(request?.variables), /2026-01-01T00:00:00(\.000)?Z/);
});

test('onRequest hears of each attempt', async (context) => {
  const events: RequestEvent[] = [];
  const { sandbox, pluvo } = await begin(context, {}, { onRequest: (event) => events.push(event) });
  await sandbox.fault({ times: 1, do: { kind: 'status', status: 503, headers: { 'retry-after': '0' } } });
  await pluvo.users.get({ ref: 'EMP-1' });
  while (events.length < 2) await new Promise(setImmediate);
  assert.deepEqual(
    events.map(({ operation, attempt, status }) => [operation, attempt, status]),
    [
      ['User', 1, 503],
      ['User', 2, 200],
    ],
  );
  assert.ok(events.every(({ elapsedMs }) => elapsedMs > 0));
});
