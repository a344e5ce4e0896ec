// What the sandbox says of itself is the schema that the project holds.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { diff } from '@graphql-inspector/core';
import {
  buildASTSchema,
  buildClientSchema,
  findBreakingChanges,
  findDangerousChanges,
  getIntrospectionQuery,
  isIntrospectionType,
  Kind,
  lexicographicSortSchema,
  parse,
  printType,
  validateSchema,
  visit,
} from 'graphql';
import { GraphQLClient } from 'graphql-request';
import { authorization, graphqlUrl } from './sandbox.mjs';

const ours = served(parse(readFileSync(process.env.PLUVO_SCHEMA, 'utf8')));

/** Our SDL less what only annotates it: directives of our own, and the enums that their arguments are of. */
function served(document) {
  const directives = document.definitions.filter(({ kind }) => kind === Kind.DIRECTIVE_DEFINITION);
  const annotating = new Set();
  for (const directive of directives) visit(directive, { NamedType: (type) => void annotating.add(type.name.value) });
  const definitions = document.definitions.filter(
    ({ kind, name }) =>
      kind !== Kind.DIRECTIVE_DEFINITION && !(kind === Kind.ENUM_TYPE_DEFINITION && annotating.has(name.value)),
  );
  const keep = (directive) => (directive.name.value === 'deprecated' ? undefined : null);
  return buildASTSchema(visit({ ...document, definitions }, { Directive: keep }));
}

async function introspected() {
  const client = new GraphQLClient(graphqlUrl, { headers: { authorization: await authorization() } });
  return buildClientSchema(await client.request(getIntrospectionQuery()));
}

test('graphql-js: the introspected schema is a valid schema', async () => {
  assert.deepEqual(validateSchema(await introspected()), []);
});

test('graphql-js: no breaking change either way, no dangerous one', async () => {
  const theirs = await introspected();
  assert.deepEqual(said(findBreakingChanges(ours, theirs)), []);
  assert.deepEqual(said(findBreakingChanges(theirs, ours)), []);
  assert.deepEqual(said(findDangerousChanges(ours, theirs)), []);
});

test('graphql-js: every type prints alike', async () => {
  const [here, there] = [types(ours), types(await introspected())];
  const differing = [...new Set([...here.keys(), ...there.keys()])].filter(
    (name) => here.get(name) !== there.get(name),
  );
  assert.deepEqual(differing, []);
});

test('graphql-inspector: nothing breaking', async () => {
  const changes = await diff(ours, await introspected());
  const breaking = changes.filter(
    ({ criticality, type }) => criticality.level === 'BREAKING' && !type.startsWith('DIRECTIVE'),
  );
  assert.deepEqual(
    breaking.map(({ message }) => message),
    [],
  );
});

/** In words, less directives: a server may have some of its own. */
function said(changes) {
  return changes.filter(({ type }) => !type.includes('DIRECTIVE')).map(({ description }) => description);
}

/** Each type as printed in sorted order, without descriptions, by name. */
function types(schema) {
  const own = Object.values(lexicographicSortSchema(schema).getTypeMap()).filter((type) => !isIntrospectionType(type));
  return new Map(own.map((type) => [type.name, printType(type).replace(/^ *"""[\s\S]*?"""\n/gm, '')]));
}
