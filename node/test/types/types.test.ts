/** What the types say: that this file compiles is most of the test. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BulkReport, List, Membership, PluvoOptions, Role, Upserted, User, webhooks } from 'pluvo-sdk';
import { Pluvo } from 'pluvo-sdk';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_ extends true>(): void => undefined;

// Never called: only its types count.
async function compiled(pluvo: Pluvo, delivery: webhooks.Delivery): Promise<void> {
  const list = pluvo.users.list({ archived: false, userRoles: ['TRAINER', 'A_ROLE_OF_TOMORROW'] });
  is<Equal<typeof list, List<User>>>();
  const user = await pluvo.users.get({ email: 'anne@example.com' });
  is<Equal<typeof user, User | null>>();
  is<Equal<User['id'], string>>();
  is<Equal<User['name'], string | null | undefined>>();
  const chosen = await pluvo.users.get<{ name: string }>({ id: '1' }, { select: 'name' });
  is<Equal<typeof chosen, { name: string } | null>>();
  const upserted = await pluvo.users.upsert({ ref: 'EMP-1', name: 'Anne', notify: true });
  is<Equal<typeof upserted, Upserted>>();
  const added = await pluvo.groups.addUsers({ ref: 'sales', userRefs: ['EMP-1'] });
  is<Equal<typeof added, Membership>>();
  const report = await pluvo.users.upsertMany([{ ref: 'EMP-1' }]);
  is<Equal<typeof report, BulkReport>>();
  const role: Role = 'MANAGER';
  const text: string = role;

  // @ts-expect-error a person is found by one of three keys
  await pluvo.users.get({});
  // @ts-expect-error there is no such argument
  pluvo.users.list({ archivd: false });
  // @ts-expect-error a name is a text
  await pluvo.users.create({ name: 42, email: 'anne@example.com' });
  // @ts-expect-error an e-mail address is needed
  await pluvo.users.create({ name: 'Anne' });
  // @ts-expect-error the people of a group are named by id or ref
  await pluvo.groups.addUsers({ ref: 'sales' });
  // @ts-expect-error a user has no such field
  user?.nam;
  // @ts-expect-error lengths of time say their unit
  const options: PluvoOptions = { timeouts: { read: 5 } };

  switch (delivery.kind) {
    case 'user':
      is<Equal<typeof delivery.event, 'USER_CREATED' | 'USER_UPDATED' | 'USER_DELETED'>>();
      delivery.payload.email?.toLowerCase();
      break;
    case 'enrollment':
      delivery.payload.offerEvent?.maxSubscriptions?.toFixed();
      // @ts-expect-error an enrolment has no address
      delivery.payload.email;
      break;
    case 'unknown':
      is<Equal<typeof delivery.payload, null>>();
      break;
    case 'training':
    case 'group':
    case 'module_group':
      break;
    default: {
      const none: never = delivery;
      return none;
    }
  }
  void [text, options];
}

test('the types of calls, results and deliveries', () => {
  assert.equal(typeof compiled, 'function');
  assert.equal(typeof Pluvo, 'function');
});
