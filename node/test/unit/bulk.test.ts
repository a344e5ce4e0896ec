import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BulkTotals, InvalidRequestError, type UserRow } from 'pluvo-sdk';
import { asked, begin } from '../support.js';

function* people(count: number): Generator<UserRow> {
  for (let n = 0; n < count; n++) yield { ref: `N-${n}`, name: `Person ${n}`, email: `n${n}@example.com` };
}

async function* arriving(count: number, taken: { rows: number }): AsyncGenerator<UserRow> {
  for (const row of people(count)) {
    taken.rows += 1;
    yield row;
  }
}

test('rows of an array are written in batches, and every row is told of in order', async (context) => {
  const { sandbox, pluvo } = await begin(context, { users: 5 });
  const rows = [...people(250)];
  rows[7] = { ...rows[7], email: 'no address' };
  const told: BulkTotals[] = [];
  const report = await pluvo.users.upsertMany(rows, { key: 'ref', onProgress: (totals) => told.push(totals) });
  const { outcomes, complete, ...totals } = report;
  assert.deepEqual(totals, {
    done: 250,
    total: 250,
    created: 249,
    updated: 0,
    unchanged: 0,
    failed: 1,
    indeterminate: 0,
  });
  assert.ok(complete);
  assert.deepEqual(
    outcomes.map(({ index }) => index),
    rows.map((_, index) => index),
  );
  assert.ok(outcomes[7]?.error instanceof InvalidRequestError);
  assert.equal(outcomes[7]?.outcome, 'failed');
  assert.deepEqual(told.at(-1), totals);
  assert.ok((await asked(sandbox)) < 30);
  assert.equal(await pluvo.users.list().count(), 5 + 249);
});

test('rows that arrive by and by are taken as they are needed', async (context) => {
  const { pluvo } = await begin(context, { users: 5 });
  const taken = { rows: 0 };
  let outcomes = 0;
  for await (const { outcome } of pluvo.users.upsertMany(arriving(10_000, taken), { batch: 5, inFlight: 2 })) {
    assert.equal(outcome, 'created');
    outcomes += 1;
    if (outcomes === 40) break;
  }
  assert.ok(taken.rows < 1000, `${taken.rows} rows were taken`);
  // What was in flight when the loop was left is finished: nothing comes later.
  const there = await pluvo.users.list().count();
  assert.ok(there >= 45);
  assert.equal(await pluvo.users.list().count(), there);
});

test('a signal takes no more rows, and the report tells of those that were written', async (context) => {
  const { pluvo } = await begin(context, { users: 5 });
  const controller = new AbortController();
  const taken = { rows: 0 };
  const report = await pluvo.users.upsertMany(arriving(10_000, taken), {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  assert.equal(report.complete, false);
  assert.ok(report.done > 0 && report.done < 10_000);
  assert.equal(report.created, report.outcomes.filter(({ outcome }) => outcome === 'created').length);
  assert.equal(await pluvo.users.list().count(), 5 + report.created);
});

test('an error of the source comes after what was taken before it', async (context) => {
  const { pluvo } = await begin(context, { users: 5 });
  async function* failing(): AsyncGenerator<UserRow> {
    yield* people(3);
    throw new RangeError('the file is cut off');
  }
  await assert.rejects(async () => pluvo.users.upsertMany(failing()), RangeError);
  assert.equal(await pluvo.users.list().count(), 8);
});

test('people are archived by the many, and nobody is created by that', async (context) => {
  const { pluvo } = await begin(context, { users: 5 });
  await pluvo.users.upsertMany(people(3));
  const report = await pluvo.users.archiveMany([{ ref: 'N-0' }, { ref: 'N-1' }, { ref: 'nobody' }]);
  assert.deepEqual([report.updated, report.failed], [2, 1]);
  assert.equal((await pluvo.users.get({ ref: 'N-0' }))?.archived, true);
  assert.equal(await pluvo.users.list().count(), 8);
});

test('wrong options are named before anything is sent, and rows are used once', async (context) => {
  const { sandbox, pluvo } = await begin(context);
  await assert.rejects(async () => pluvo.users.upsertMany([], { keys: 'ref' } as object), /keys/);
  await assert.rejects(async () => pluvo.users.upsertMany([], { batch: -1 }), InvalidRequestError);
  assert.deepEqual(await sandbox.requests(), []);
  const run = pluvo.users.upsertMany(people(1));
  for await (const _ of run);
  await assert.rejects(async () => run, InvalidRequestError);
  assert.equal((await pluvo.users.upsertMany([])).done, 0);
});

test('nobody is mailed unless that is said', async (context) => {
  const { sandbox, pluvo } = await begin(context, { users: 5 });
  await pluvo.users.upsertMany(people(3));
  await pluvo.users.create({ name: 'Anne', email: 'anne@example.com' });
  assert.deepEqual(await sandbox.control('GET', 'outbox'), []);
  await pluvo.users.create({ name: 'Bram', email: 'bram@example.com', notify: true });
  assert.equal(((await sandbox.control('GET', 'outbox')) as unknown[]).length, 1);
});
