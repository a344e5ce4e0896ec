import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Pluvo } from 'pluvo-sdk';

const path = join(process.env['PLUVO_CHECKOUT'] ?? '', 'tests/conformance/surface.json');
const surface = JSON.parse(readFileSync(path, 'utf8')) as Record<string, { node: string | null }>;

test('every public operation is there under its name, and there are no others', () => {
  const pluvo = new Pluvo({ organization: 'acme', token: 't' });
  const wanted = Object.values(surface)
    .map(({ node }) => node)
    .filter((name) => name !== null);
  assert.ok(wanted.length > 60);
  const own = ['query', 'check'].filter((name) => typeof pluvo[name as 'query'] === 'function');
  const there = Object.entries(pluvo)
    .filter(([name]) => name !== 'core')
    .flatMap(([resource, calls]) =>
      Object.getOwnPropertyNames(Object.getPrototypeOf(calls))
        .filter((name) => name !== 'constructor')
        .map((method) => `${resource}.${method}`),
    );
  assert.deepEqual([...own, ...there].sort(), [...wanted].sort());
});
