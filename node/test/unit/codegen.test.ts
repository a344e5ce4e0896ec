/** GraphQL Code Generator over the project's schema: its documents bring their types to `query`. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { codegen } from '@graphql-codegen/core';
import * as typed from '@graphql-codegen/typed-document-node';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';
import { begin, ended, PACKAGE } from '../support.js';

const DOCUMENTS = `
  query Person($ref: String!) { user(ref: $ref) { name roles } }
  query Groups { groups { id name } }
`;

const PROGRAM = `
import { Pluvo } from 'pluvo-sdk';
import { GroupsDocument, PersonDocument } from './documents.js';

const pluvo = new Pluvo();
const { user } = await pluvo.query(PersonDocument, { ref: 'EMP-1' });
const name: string | undefined = user?.name;
const { groups } = await pluvo.query(GroupsDocument);
console.log(name, groups?.length);
// @ts-expect-error the variable is called ref
await pluvo.query(PersonDocument, { reff: 'EMP-1' }).catch(() => undefined);
// @ts-expect-error the document needs variables
await pluvo.query(PersonDocument).catch(() => undefined);
// @ts-expect-error no such field was asked for
user?.email;
`;

test('documents of GraphQL Code Generator are sent, with their types', async (context) => {
  const { sandbox, pluvo } = await begin(context);
  await pluvo.users.upsert({ ref: 'EMP-1', name: 'Anne Jansen', email: 'anne@example.com' });
  const schema = join(process.env['PLUVO_CHECKOUT'] ?? '', 'schema/pluvo.graphql');
  const code = await codegen({
    schema: parse(readFileSync(schema, 'utf8')),
    documents: [{ location: 'documents.graphql', document: parse(DOCUMENTS) }],
    filename: 'documents.ts',
    config: {},
    plugins: [{ operations: {} }, { typed: {} }],
    pluginMap: { operations, typed },
  });
  const folder = join(PACKAGE, 'generated-by-codegen');
  mkdirSync(folder);
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'documents.ts'), code);
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  const compilerOptions = { outDir: 'out', rootDir: '.', declaration: false, noUnusedLocals: false };
  const tsconfig = { extends: '../tsconfig.json', compilerOptions, include: ['.'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const tsc = join(PACKAGE, 'node_modules/typescript/bin/tsc');
  const compiled = await ended(process.execPath, [tsc, '--project', folder], PACKAGE);
  assert.deepEqual([compiled.stdout, compiled.status], ['', 0]);
  const { stdout, stderr, status } = await ended(process.execPath, [join(folder, 'out/program.js')], PACKAGE, {
    PLUVO_BASE_URL: sandbox.url,
    PLUVO_CLIENT_ID: sandbox.clientId,
    PLUVO_CLIENT_SECRET: sandbox.clientSecret,
  });
  assert.deepEqual([stdout, stderr, status], ['Anne Jansen 5\n', '', 0]);
});
