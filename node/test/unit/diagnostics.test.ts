import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { test } from 'node:test';
import type { LogRecord, RequestEvent } from 'pluvo-sdk';
import { begin, inProcess } from '../support.js';

test('subscribers of the channels hear of attempts and of what is logged', async (context) => {
  const events: RequestEvent[] = [];
  const records: LogRecord[] = [];
  const hearEvent = (event: unknown): void => void events.push(event as RequestEvent);
  const hearRecord = (record: unknown): void => void records.push(record as LogRecord);
  subscribe('pluvo-sdk:request', hearEvent);
  subscribe('pluvo-sdk:log', hearRecord);
  const { pluvo } = await begin(context);
  await pluvo.users.list().count();
  const ofHttp = (): LogRecord | undefined => records.find(({ target }) => target === 'pluvo_sdk::http');
  while (events.length === 0 || !ofHttp()) await new Promise(setImmediate);
  unsubscribe('pluvo-sdk:request', hearEvent);
  unsubscribe('pluvo-sdk:log', hearRecord);
  assert.deepEqual(
    events.map(({ operation, status }) => [operation, status]),
    [['Users', 200]],
  );
  assert.deepEqual([ofHttp()?.level, ofHttp()?.fields['operation']], ['debug', 'Users']);
  assert.doesNotMatch(JSON.stringify([events, records]), /sandbox-secret|sandbox-token-/);
});

test('nothing is printed, whatever happens', async (context) => {
  const { sandbox } = await begin(context);
  await sandbox.fault({ on: 'graphql', times: 3, do: { kind: 'status', status: 503 } });
  const code = `
    import { Pluvo } from 'pluvo-sdk';
    const pluvo = new Pluvo();
    await pluvo.users.list().toArray();
    await pluvo.users.get({ ref: 'x', y: 1 }).catch(() => {});
    for await (const user of pluvo.users.list()) break;
  `;
  const { stdout, stderr, status } = await inProcess(sandbox, code);
  assert.deepEqual([stdout, stderr, status], ['', '', 0]);
});

test('an error of a hook is its own, and the call goes on', async (context) => {
  const { sandbox } = await begin(context);
  const code = `
    import { Pluvo } from 'pluvo-sdk';
    const heard = new Promise((done) => process.on('uncaughtException', (error) => done(error.message)));
    const pluvo = new Pluvo({ onRequest() { throw new Error('of the hook'); }, baseUrl: process.env.PLUVO_BASE_URL,
      clientId: process.env.PLUVO_CLIENT_ID, clientSecret: process.env.PLUVO_CLIENT_SECRET });
    const count = await pluvo.users.list().count();
    console.log(await heard);
    console.log(count);
  `;
  const { stdout, stderr, status } = await inProcess(sandbox, code);
  assert.deepEqual([stdout, stderr, status], ['of the hook\n60\n', '', 0]);
});
