/** What the documentation shows compiles: each example of the generated and written code, of the guide and the README. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ended, PACKAGE } from '../support.js';

const FENCE = /```ts\n([\s\S]*?)\n *(?:\* )?```/g;

/** The blocks of a text. Those of doc comments begin with an asterisk on each line. */
function blocks(text: string): string[] {
  return [...text.matchAll(FENCE)].map(([, code = '']) => code.replaceAll(/^ *\* ?/gm, ''));
}

/** What an example may take for granted. */
const GIVEN = `
import { Pluvo, PluvoError, RateLimitError, webhooks, fromDate, fromDateTime, fromJsonText, type UserRow } from 'pluvo-sdk';
import { Sandbox } from 'pluvo-sdk/testing';
declare const pluvo: Pluvo;
declare const plan: import('pluvo-sdk').SyncPlan;
declare const rows: UserRow[];
declare const writable: WritableStream;
declare const request: { body: Uint8Array; headers: Headers };
declare const prepared: import('pluvo-sdk').PreparedUpload, content: Uint8Array;
declare const clientId: string, clientSecret: string;
export async function example() {
`;

test('examples compile', async (context) => {
  const folder = join(PACKAGE, 'documented');
  mkdirSync(folder);
  context.after(() => rmSync(folder, { recursive: true }));
  const src = join(PACKAGE, 'src');
  let count = 0;
  for (const path of readdirSync(src, { recursive: true }).map(String)) {
    if (!path.endsWith('.ts')) continue;
    for (const code of blocks(readFileSync(join(src, path), 'utf8'))) {
      const name = `${path.replaceAll(/\W/g, '_')}_${count++}.ts`;
      writeFileSync(join(folder, name), `${GIVEN}{\n${code}\n}\n}\n`);
    }
  }
  // At least one for each operation.
  assert.ok(count > 75, `${count} examples`);
  const root = process.env['PLUVO_CHECKOUT'] ?? '';
  for (const path of ['docs/node.md', 'node/README.md']) {
    for (const code of blocks(readFileSync(join(root, path), 'utf8'))) {
      writeFileSync(join(folder, `${path.replaceAll(/\W/g, '_')}_${count++}.ts`), `${code}\nexport {};\n`);
    }
  }
  const tsconfig = {
    extends: '../tsconfig.json',
    compilerOptions: {
      noEmit: true,
      rootDir: '..',
      noUnusedLocals: false,
      noPropertyAccessFromIndexSignature: false,
      skipLibCheck: true,
    },
    include: ['.'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const tsc = join(PACKAGE, 'node_modules/typescript/bin/tsc');
  const { stdout, stderr, status } = await ended(process.execPath, [tsc, '--project', folder], PACKAGE);
  assert.deepEqual([stdout, stderr, status], ['', '', 0]);
});
