import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type BulkTotals, InvalidRequestError } from 'pluvo-sdk';
import { begin } from '../support.js';

const rows = [
  { ref: 'EMP-A', name: 'Anne Jansen', email: 'anne@example.com' },
  { ref: 'EMP-B', name: 'Bram Bakker', email: 'bram@example.com' },
  { name: 'nobody can be found by this' },
];

test('a plan says what would be done, does nothing, and is then carried out', async (context) => {
  const { pluvo } = await begin(context, { users: 20 });
  const plan = await pluvo.users.sync(rows).plan();
  assert.equal(plan.summary.create, 2);
  assert.deepEqual(
    plan.steps.map(({ action, ref }) => [action, ref]),
    [
      ['create', 'EMP-A'],
      ['create', 'EMP-B'],
    ],
  );
  assert.equal(plan.problems[0]?.kind, 'unusable');
  assert.equal(await pluvo.users.list().count(), 20);
  const folder = mkdtempSync(join(tmpdir(), 'pluvo-sync-'));
  const journal = join(folder, 'journal.jsonl');
  const told: BulkTotals[] = [];
  const applied = await plan.apply({ journal, problemShare: 1, onProgress: (totals) => told.push(totals) });
  assert.ok(applied.complete);
  assert.deepEqual(
    applied.steps.map(({ outcome }) => outcome),
    ['created', 'created'],
  );
  assert.match(readFileSync(journal, 'utf8'), /EMP-A|created/);
  rmSync(folder, { recursive: true });
  assert.equal(await pluvo.users.list().count(), 22);
  assert.equal((await pluvo.users.sync(rows.slice(0, 2)).plan()).steps.length, 0);
});

test('a plan that archives too many is refused, and can be applied with another guard', async (context) => {
  const { pluvo } = await begin(context, { users: 5 });
  await pluvo.users.upsertMany(
    Array.from({ length: 30 }, (_, n) => ({ ref: `N-${n}`, name: `n${n}`, email: `n${n}@example.com` })),
  );
  const plan = await pluvo.users.sync(rows.slice(0, 2), { archiveMissing: true }).plan();
  const active = await pluvo.users.list({ archived: false }).count();
  await assert.rejects(plan.apply(), (error) => {
    assert.ok(error instanceof InvalidRequestError);
    return /would archive/.test(error.message);
  });
  assert.equal(await pluvo.users.list({ archived: false }).count(), active);
  assert.ok((await plan.apply({ archiveShare: 1 })).complete);
});

test('rows come from anywhere, and a fault of a row is named', async (context) => {
  const { pluvo } = await begin(context, { users: 5 });
  async function* arriving(): AsyncGenerator<(typeof rows)[number]> {
    yield* rows.slice(0, 1);
  }
  assert.equal((await pluvo.users.sync(arriving()).plan()).summary.create, 1);
  await assert.rejects(pluvo.users.sync([{ foo: 1 } as object]).plan(), /foo/);
});

test('a sync that is stopped tells what was done', async (context) => {
  const { sandbox, pluvo } = await begin(context, { users: 5 });
  const many = Array.from({ length: 300 }, (_, n) => ({ ref: `N-${n}`, name: `n${n}`, email: `n${n}@example.com` }));
  const plan = await pluvo.users.sync(many).plan();
  // All but the first request wait, until the plan has been stopped.
  await sandbox.control('POST', 'clock', { hold: true });
  await sandbox.fault({ on: 'graphql', from: 2, delay: '1s', do: { kind: 'pass' } });
  const controller = new AbortController();
  const { signal } = controller;
  let over = false;
  const applying = plan.apply({ signal, onProgress: () => controller.abort(), batch: 10, inFlight: 2 }).finally(() => {
    over = true;
  });
  while (!signal.aborted && !over) await new Promise(setImmediate);
  while (!over) await sandbox.control('POST', 'clock', { advance: '1s' });
  const applied = await applying;
  assert.equal(applied.complete, false);
  assert.ok(applied.done < 300);
  assert.equal(await pluvo.users.list().count(), 5 + applied.done);
});
