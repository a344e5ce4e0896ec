/** What rows are where the server sends something odd: what `JSON.parse` makes of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { DecodeError } from 'pluvo-sdk';
import { begin } from '../support.js';

const edit = (path: string, change: object) => ({ times: 1, do: { kind: 'edit', edits: [{ path, ...change }] } });

test('rows are plain objects that can be changed and cloned', async (context) => {
  const { pluvo } = await begin(context);
  const user = await pluvo.users.list().first();
  assert.equal(Object.getPrototypeOf(user), Object.prototype);
  assert.deepEqual(structuredClone(user), user);
});

test('null elements of lists are left out of models, and kept in rows of own fields', async (context) => {
  const { sandbox, pluvo } = await begin(context, { users: 5 });
  const roles = edit('data.paginatedUsers.edges.0.node.roles', { set: [null, 'TRAINER', null] });
  await sandbox.fault(roles, roles);
  assert.deepEqual((await pluvo.users.list().toArray())[0]?.roles, ['TRAINER']);
  const [row] = await pluvo.users.list().select<{ roles: unknown[] }>('id roles').toArray();
  assert.deepEqual(row?.roles, [null, 'TRAINER', null]);
});

test('every plane of Unicode, awkward names and deep values come through', async (context) => {
  const { sandbox, pluvo } = await begin(context, { users: 5 });
  const name = 'Zoë "null" [null, \\ \u{1F600} \u{10FFFF} \u0000 \u2028 漢';
  await pluvo.users.upsert({
    ref: 'EMP-1',
    name: 'Zoë "null" [null, \\ \u{1F600} \u{10FFFF} 漢',
    email: 'zoe@example.com',
  });
  assert.equal((await pluvo.users.get({ ref: 'EMP-1' }))?.name, 'Zoë "null" [null, \\ \u{1F600} \u{10FFFF} 漢');
  await sandbox.fault(edit('data.user.name', { set: name }), edit('data.user.name', { nest: 10_000 }));
  assert.equal((await pluvo.users.get({ ref: 'EMP-1' }))?.name, name);
  assert.ok(await pluvo.users.get({ ref: 'EMP-1' }));
});

test('what the core reads itself is checked, and not repeated in the error', async (context) => {
  const { sandbox, pluvo } = await begin(context);
  await sandbox.fault(edit('data.paginatedUsers.pageInfo.hasNextPage', { set: 'canary-41f09c' }));
  const error = await pluvo.users
    .list()
    .first()
    .catch((error: unknown) => error);
  assert.ok(error instanceof DecodeError);
  assert.doesNotMatch(inspect(error, { depth: 9 }), /canary/);
});
