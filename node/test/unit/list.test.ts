import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PaginationError, type User } from 'pluvo-sdk';
import { asked, begin } from '../support.js';

test('rows come one after the other, and leaving the loop stops reading', async (context) => {
  const { sandbox, pluvo } = await begin(context, { users: 240 });
  const names: (string | null | undefined)[] = [];
  for await (const user of pluvo.users.list()) {
    if (names.push(user.name) === 60) break;
  }
  assert.equal(names.length, 60);
  assert.equal(new Set(names).size, 60);
  // The page that was left, and the one ahead of it at most.
  assert.ok((await asked(sandbox)) <= 3);
});

test('pages tell what they are of, and go on after an error', async (context) => {
  const { sandbox, pluvo } = await begin(context, { users: 120 });
  await sandbox.fault({ from: 2, times: 1, do: { kind: 'status', status: 500 } });
  const pages = pluvo.users.list({}, { maxAttempts: 1, prefetch: false }).pages();
  const first = await pages.next();
  assert.deepEqual([first.value?.items.length, first.value?.count, first.value?.hasNext], [50, 120, true]);
  assert.equal(typeof first.value?.endCursor, 'string');
  await assert.rejects(pages.next(), { code: 'server' });
  const lengths: number[] = [];
  for await (const page of pages) lengths.push(page.items.length);
  assert.deepEqual(lengths, [50, 20]);
  assert.deepEqual(await pages.next(), { done: true, value: undefined });
});

test('a kept position goes on in another client, and on no other list', async (context) => {
  const { sandbox, pluvo } = await begin(context, { users: 120 });
  const pages = pluvo.users.list({ archived: false }).pages();
  const first = await pages.next();
  const { position } = pages;
  await pages.return();
  const other = sandbox.client();
  const rest = await other.users.list({ archived: false }, { after: String(position) }).toArray();
  const all = await other.users.list({ archived: false }).toArray();
  assert.deepEqual([...(first.value?.items ?? []), ...rest], all);
  await assert.rejects(other.users.list({}, { after: String(position) }).first(), PaginationError);
  await other.close();
});

test('calls of next that overlap are answered in turn', async (context) => {
  const { pluvo } = await begin(context, { users: 120 });
  const pages = pluvo.users.list().pages();
  const four = await Promise.all([pages.next(), pages.next(), pages.next(), pages.next()]);
  assert.deepEqual(
    four.map((page) => page.value?.items.length),
    [50, 50, 20, undefined],
  );
  const rows = pluvo.users.list()[Symbol.asyncIterator]();
  const some = await Promise.all(Array.from({ length: 121 }, () => rows.next()));
  assert.equal(new Set(some.map((row) => row.value?.id)).size, 121);
  assert.equal(some[120]?.done, true);
});

test('first, count and limits read no more than they need', async (context) => {
  const { sandbox, pluvo } = await begin(context, { users: 240 });
  assert.equal(typeof (await pluvo.users.list().first())?.id, 'string');
  assert.equal(await pluvo.users.list({ q: 'nobody has this name' }).first(), undefined);
  assert.equal(await pluvo.users.list().count(), 240);
  assert.equal(await asked(sandbox), 3);
  assert.equal((await pluvo.users.list().toArray({ limit: 70 })).length, 70);
  assert.equal((await pluvo.users.list({}, { limit: 3 }).toArray()).length, 3);
});

test('a list read at once in parallel is the list', async (context) => {
  const { pluvo } = await begin(context, { users: 420 });
  const ids = (rows: User[]) => rows.map((row) => row.id);
  const one = ids(await pluvo.users.list().parallel(1).toArray());
  assert.equal(one.length, 420);
  assert.deepEqual(ids(await pluvo.users.list().toArray()), one);
  const parallel: string[] = [];
  for await (const user of pluvo.users.list().parallel(8)) parallel.push(user.id);
  assert.deepEqual(parallel, one);
});

test('other fields are rows of their own', async (context) => {
  const { pluvo } = await begin(context);
  const [row] = await pluvo.users.list().select<{ id: string; roles: string[] }>('id roles').toArray({ limit: 1 });
  assert.deepEqual(Object.keys(row ?? {}).sort(), ['id', 'roles']);
  const user = await pluvo.users.get<{ name: string }>({ id: String(row?.id) }, { select: 'name' });
  assert.deepEqual(Object.keys(user ?? {}), ['name']);
  await assert.rejects(pluvo.users.list().select('id {').first(), { code: 'invalid' });
});

test('a stream reads as fast as it is read, and can be given up', async (context) => {
  const { sandbox, pluvo } = await begin(context, { users: 240 });
  const reader = pluvo.users.list({}, { prefetch: false }).toReadableStream().getReader();
  assert.equal(typeof (await reader.read()).value?.id, 'string');
  assert.equal(await asked(sandbox), 1);
  await reader.cancel();
  let rows = 0;
  await pluvo.users
    .list()
    .toReadableStream()
    .pipeTo(
      new WritableStream({
        write() {
          rows += 1;
        },
      }),
    );
  assert.equal(rows, 240);
});

test('an iterator that is returned is over', async (context) => {
  const { pluvo } = await begin(context, { users: 120 });
  const rows = pluvo.users.list()[Symbol.asyncIterator]();
  await rows.next();
  assert.deepEqual(await rows.return?.(), { done: true, value: undefined });
  assert.deepEqual(await rows.next(), { done: true, value: undefined });
});
