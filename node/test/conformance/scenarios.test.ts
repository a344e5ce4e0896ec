/** All scenarios, through the ES modules of the package. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as sdk from 'pluvo-sdk';
import { Sandbox } from 'pluvo-sdk/testing';
import { native } from '../support.js';
import { run } from './run.js';
import type { Scenario, Truth } from './scenario.js';

const root = join(process.env['PLUVO_CHECKOUT'] ?? '', 'tests/conformance');
const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
const truth = read('truth.json') as Truth;
let trap: Sandbox;

before(async () => {
  trap = await Sandbox.start();
});
after(() => trap.stop());

for (const area of readdirSync(join(root, 'scenarios')).sort()) {
  for (const file of readdirSync(join(root, 'scenarios', area)).sort()) {
    const scenario = read('scenarios', area, file) as Scenario;
    const skip = scenario.except?.['node'] ?? false;
    test(`${area}/${file.replace('.json', '')}`, { skip }, async () => {
      const house = { start: (options: object) => Sandbox.start(options), trap, truth };
      const wrong = await run(sdk, native, scenario, house);
      if (wrong.length > 0) throw new Error(`${scenario.title}\n${wrong.join('\n')}`);
    });
  }
}
