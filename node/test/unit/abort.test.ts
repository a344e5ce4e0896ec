import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { type TestContext, test } from 'node:test';
import { CancelledError, type Pluvo } from 'pluvo-sdk';
import type { Sandbox } from 'pluvo-sdk/testing';
import { asked, begin } from '../support.js';

/** A sandbox that lets requests hang. */
async function hanging(test: TestContext): Promise<{ sandbox: Sandbox; pluvo: Pluvo }> {
  const both = await begin(test);
  await both.sandbox.control('POST', 'clock', { hold: true });
  await both.sandbox.fault({ on: 'graphql', delay: '1h', do: { kind: 'pass' } });
  return both;
}

test('a signal that is aborted already sends nothing', async (context) => {
  const { sandbox, pluvo } = await begin(context);
  const signal = AbortSignal.abort(new Error('no more'));
  for (const call of [
    () => pluvo.users.get({ ref: 'EMP-1' }, { signal }),
    () => pluvo.users.list({}, { signal }).first(),
    () => pluvo.users.list({}, { signal }).toArray(),
    () => pluvo.query('{ __typename }', {}, { signal }),
    () => pluvo.users.sync([{ ref: 'EMP-1' }]).plan({ signal }),
    () => pluvo.files.upload({ content: Buffer.from('x'), name: 'x' }, { signal }),
  ]) {
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof CancelledError);
      assert.equal((error.cause as Error).message, 'no more');
      return true;
    });
  }
  assert.deepEqual(await sandbox.requests(), []);
});

test('a signal that is aborted meanwhile gives the call up', async (context) => {
  const { sandbox, pluvo } = await hanging(context);
  const controller = new AbortController();
  let heard = 0;
  controller.signal.onabort = () => {
    heard += 1;
  };
  const call = assert.rejects(pluvo.users.get({ ref: 'EMP-1' }, { signal: controller.signal }), CancelledError);
  while ((await asked(sandbox)) === 0);
  controller.abort();
  await call;
  // The caller's own listener is the caller's.
  assert.equal(heard, 1);
});

test('a list is given up in the middle, and its iterator can be asked again', async (context) => {
  const { sandbox, pluvo } = await begin(context, { users: 120 });
  await sandbox.control('POST', 'clock', { hold: true });
  await sandbox.fault({ from: 2, times: 1, delay: '1h', do: { kind: 'pass' } });
  const controller = new AbortController();
  let rows = 0;
  const reading = (async () => {
    for await (const _ of pluvo.users.list({}, { signal: controller.signal, prefetch: false })) rows += 1;
  })();
  const outcome = assert.rejects(reading, CancelledError);
  while ((await asked(sandbox)) < 2);
  controller.abort();
  await outcome;
  assert.equal(rows, 50);
});

test('a call that ends leaves no listener', async (context) => {
  const { pluvo } = await begin(context);
  const { signal } = new AbortController();
  await pluvo.users.get({ ref: 'EMP-1' }, { signal });
  await pluvo.users.get({ refe: 'EMP-1' } as never, { signal }).catch(() => undefined);
  await pluvo.users.list({}, { signal }).toArray();
  await pluvo.users.upsertMany([{ ref: 'EMP-1', name: 'Anne', email: 'a@example.com' }], { signal });
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('a time-out of the platform is a reason like any other', async (context) => {
  const { pluvo } = await hanging(context);
  await assert.rejects(pluvo.users.get({ ref: 'EMP-1' }, { signal: AbortSignal.timeout(20) }), (error) => {
    assert.ok(error instanceof CancelledError);
    assert.equal((error.cause as Error).name, 'TimeoutError');
    return true;
  });
});

test('what fails and is not waited for stays no rejection of ours', async (context) => {
  const { pluvo } = await hanging(context);
  const unhandled: unknown[] = [];
  const hear = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', hear);
  const controller = new AbortController();
  const pages = pluvo.users.list({}, { signal: controller.signal }).pages();
  const page = pages.next().catch(() => 'caught');
  controller.abort();
  assert.equal(await page, 'caught');
  const run = pluvo.users.upsertMany(
    (async function* () {
      yield { ref: 'EMP-1', name: 'Anne', email: 'a@example.com' };
      throw new Error('the source is gone');
    })(),
    { maxAttempts: 1, timeoutMs: 50 },
  );
  await assert.rejects(
    run.then(() => undefined),
    /the source is gone/,
  );
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  process.off('unhandledRejection', hear);
  assert.deepEqual(unhandled, []);
});
