/** The CommonJS modules: that they are there whole, and that they work. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import sdk = require('pluvo-sdk');
import testing = require('pluvo-sdk/testing');

const root = join(process.env['PLUVO_CHECKOUT'] ?? '', 'tests/conformance');
const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
const AREAS = ['reading', 'token'];
let trap: testing.Sandbox;

before(async () => {
  trap = await testing.Sandbox.start();
});
after(() => trap.stop());

test('both kinds of modules have the same names, and the same classes', async () => {
  const modules = await import('pluvo-sdk');
  assert.deepEqual(Object.keys(sdk).sort(), Object.keys(modules).sort());
  assert.equal(sdk.PluvoError as unknown, modules.PluvoError);
  assert.deepEqual(Object.keys(testing), Object.keys(await import('pluvo-sdk/testing')));
});

test('errors, lists and plain objects', async () => {
  const sandbox = await testing.Sandbox.start();
  const pluvo = sandbox.client();
  assert.equal((await pluvo.users.list().toArray()).length, 60);
  await assert.rejects(pluvo.users.get({ refe: 'x' } as never), sdk.InvalidRequestError);
  await pluvo.close();
  await sandbox.stop();
});

for (const area of AREAS) {
  // Some of each: the code is that of the ES modules, compiled once more.
  for (const file of readdirSync(join(root, 'scenarios', area))
    .sort()
    .slice(0, 6)) {
    test(`${area}/${file.replace('.json', '')}`, async (context) => {
      const [{ run }, { native }] = [await import('../conformance/run.js'), await import('../support.js')];
      const scenario = read('scenarios', area, file) as Parameters<typeof run>[2];
      if (scenario.except?.['node']) return context.skip(scenario.except['node']);
      const house = { start: (options: object) => testing.Sandbox.start(options), trap, truth: read('truth.json') };
      const [esm, there] = [sdk as unknown, house as unknown] as [Parameters<typeof run>[0], Parameters<typeof run>[3]];
      const wrong = await run(esm, native, scenario, there);
      assert.deepEqual(wrong, []);
    });
  }
}
