import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import * as sdk from 'pluvo-sdk';
import { begin } from '../support.js';

test('every kind of error has its class, and its class is exported and documented', () => {
  const read = (path: string): string => readFileSync(join(process.env['PLUVO_CHECKOUT'] ?? '', path), 'utf8');
  const codes: string[] = JSON.parse(read('tests/conformance/scenario.schema.json')).$defs.failure.properties.code.enum;
  const rows = read('docs/node.md').matchAll(/^\| `(\w+)` \| `(\w+)` \|$/gm);
  const documented = new Map([...rows].map(([, name = '', code = '']) => [code, name]));
  assert.deepEqual([...documented.keys()].sort(), [...codes].sort());
  for (const [code, name] of documented) {
    const Class = (sdk as unknown as Record<string, typeof sdk.PluvoError>)[name];
    assert.ok(Class, name);
    const error = new Class({ code: code as sdk.ErrorCode, message: 'what happened' });
    assert.ok(error instanceof sdk.PluvoError && error instanceof Error);
    assert.equal(error.name, name);
    assert.equal(error.code, code);
  }
});

test('an error has the stack of the call, its causes, and what is known of it', async (context) => {
  const { sandbox, pluvo } = await begin(context);
  await sandbox.fault({ do: { kind: 'status', status: 429, headers: { 'retry-after': '7200' } } });
  async function somebodysFunction(): Promise<void> {
    await pluvo.users.get({ ref: 'EMP-1' });
  }
  const error = await somebodysFunction().catch((error: unknown) => error);
  assert.ok(error instanceof sdk.RateLimitError);
  assert.match(error.stack ?? '', /^RateLimitError: .*\n.*Users\.get.*\n.*somebodysFunction/);
  assert.equal(error.retryAfterMs, 7_200_000);
  assert.equal(error.status, 429);
  assert.equal(error.attempts, 1);
  assert.equal(error.operation, 'User');
  assert.equal(error.indeterminate, false);
});

test('lists throw with the stack of the loop', async (context) => {
  const { pluvo } = await begin(context, {}, { clientSecret: 'wrong' });
  async function reading(): Promise<void> {
    for await (const _ of pluvo.users.list()) assert.fail('there is nothing to read');
  }
  const error = await reading().catch((error: unknown) => error);
  assert.ok(error instanceof sdk.AuthError);
  assert.match(error.stack ?? '', /reading/);
  await assert.rejects(pluvo.users.list().toArray(), /invalid_client/);
});

test('a connection that cannot be made says why, in its causes too', async () => {
  const pluvo = new sdk.Pluvo({ baseUrl: 'http://127.0.0.1:9', token: 't', retry: { maxAttempts: 1 } });
  const error = await pluvo.users
    .list()
    .count()
    .catch((error: unknown) => error);
  assert.ok(error instanceof sdk.ConnectError);
  assert.ok(error.cause instanceof Error);
  assert.ok(error.retryable);
  await pluvo.close();
});

test("GraphQL errors are there in the server's words, and not in what is printed", async (context) => {
  const { sandbox, pluvo } = await begin(context);
  const fault = { kind: 'errors', message: 'canary-4e1c is no reference', code: 'INVALID' };
  await sandbox.fault({ do: fault });
  const error = await pluvo.query('{ user(ref: "x") { name } }').catch((error: unknown) => error);
  assert.ok(error instanceof sdk.PluvoError);
  assert.equal(error.graphql[0]?.message, 'canary-4e1c is no reference');
  assert.equal(error.graphql[0]?.extensions?.['code'], 'INVALID');
  assert.doesNotMatch(`${inspect(error)}${JSON.stringify(error)}`, /extensions/);
});

test('no secret is in what a client prints or throws', async (context) => {
  const { pluvo } = await begin(context, {}, { clientSecret: 'canary-secret' });
  const error = await pluvo.check().catch((error: unknown) => error);
  const given = [inspect(pluvo, { depth: 9 }), String(pluvo), JSON.stringify(pluvo), inspect(error, { depth: 9 })];
  assert.doesNotMatch(given.join('\n'), /canary-secret/);
});
