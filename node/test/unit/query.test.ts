import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentTypeDecoration, TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { GraphQLError, type PartialResult } from 'pluvo-sdk';
import { begin } from '../support.js';

interface Data {
  user: { name: string; email: string } | null;
}

const TEXT = 'query Person($ref: String!) { user(ref: $ref) { name email } }';

/** As GraphQL Code Generator's plugin `typed-document-node` writes a document. */
const PersonDocument = parse(TEXT) as unknown as TypedDocumentNode<Data, { ref: string }>;

/** As GraphQL Code Generator writes one with `documentMode: 'string'`. */
class TypedDocumentString<TResult, TVariables> extends String implements DocumentTypeDecoration<TResult, TVariables> {
  declare __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.valueOf();
  }
}

test('documents are sent as text, parsed, and as a code generator writes them', async (context) => {
  const { pluvo } = await begin(context);
  await pluvo.users.upsert({ ref: 'EMP-1', name: 'Anne Jansen', email: 'anne@example.com' });
  const variables = { ref: 'EMP-1' };
  const text = await pluvo.query<Data>(TEXT, variables);
  assert.equal(text.user?.name, 'Anne Jansen');
  // No type is written here: they are the document's.
  const typed = await pluvo.query(PersonDocument, variables);
  const name: string | undefined = typed.user?.name;
  assert.equal(name, 'Anne Jansen');
  const written = new TypedDocumentString<Data, { ref: string }>(TEXT);
  const user: { email: string } | null = (await pluvo.query(written, variables)).user;
  assert.equal(user?.email, 'anne@example.com');
  assert.deepEqual(await pluvo.query(parse(TEXT), variables), text);
});

test('an answer with errors is an error, or a part where that is asked for', async (context) => {
  const { sandbox, pluvo } = await begin(context);
  const document = '{ users { id } user(ref: "nobody") { name } }';
  await sandbox.fault({ times: 2, do: { kind: 'errors', message: 'no', data: 'partial', path: ['user'] } });
  await assert.rejects(pluvo.query(document), (error) => error instanceof GraphQLError && error.graphql.length === 1);
  const partial: PartialResult<{ users: unknown[] }> = await pluvo.query(document, {}, { partial: true });
  assert.equal(partial.errors[0]?.message, 'no');
  assert.equal(partial.data?.users.length, 60);
  assert.deepEqual([partial.meta.status, partial.meta.attempts], [200, 1]);
  assert.ok(partial.meta.elapsedMs > 0);
});

test('mutations are repeated only if that is said', async (context) => {
  const { sandbox, pluvo } = await begin(context);
  const mutation = 'mutation { updateUser(ref: "x", user: {}) { user { id } } }';
  await sandbox.fault({ times: 2, on: 'graphql', do: { kind: 'status', status: 503 } });
  await assert.rejects(pluvo.query(mutation), { code: 'indeterminate', indeterminate: true });
  await assert.rejects(pluvo.query(mutation, {}, { repeatable: true }), { code: 'not_found' });
});

test('an operation is chosen by its name, and plain data comes as it is', async (context) => {
  const { pluvo } = await begin(context);
  const document = 'query A { __typename } query B { a: __typename }';
  assert.deepEqual(await pluvo.query(document, {}, { operationName: 'B' }), { a: 'Query' });
});
