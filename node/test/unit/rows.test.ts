/** However a page is written, its rows are what `JSON.parse` makes of its edges. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Pluvo } from 'pluvo-sdk';

interface Edge {
  readonly node: Record<string, unknown> | null;
}

/** A client of a server that answers with pages of these edges. */
async function serve(context: TestContext, pages: string[]): Promise<Pluvo> {
  let next = 0;
  const server = createServer((_, response) => {
    const edges = pages[next++];
    const info = `{"hasNextPage":${next < pages.length},"endCursor":"c${next}"}`;
    const answer = `{"data":{"paginatedUsers":{"pageInfo":${info},"count":1000000,"edges":${edges}}}}`;
    response.setHeader('content-type', 'application/json');
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const pluvo = new Pluvo({ baseUrl: `http://127.0.0.1:${port}`, token: 't', proxy: false });
  context.after(async () => {
    await pluvo.close();
    server.close().closeAllConnections();
  });
  return pluvo;
}

/** Reads lists of these pages, and compares. */
async function compare(context: TestContext, pages: string[]): Promise<void> {
  const pluvo = await serve(context, pages);
  const read = pluvo.users.list().select('x').pages();
  for (const text of pages) {
    const edges: (Edge | null)[] = JSON.parse(text);
    const rows = edges.map((edge) => edge?.node).filter((node) => node != null);
    const page = await read.next();
    assert.deepEqual(page.value?.items, rows, text);
    // The order of keys, too.
    assert.equal(JSON.stringify(page.value?.items), JSON.stringify(rows));
  }
  assert.equal((await read.next()).done, true);
}

const written = (nodes: unknown[], space?: number): string =>
  JSON.stringify(
    nodes.map((node) => ({ node })),
    null,
    space,
  );

const REFS = [
  'EMP-000123',
  'abc',
  'ab',
  'a',
  '',
  'EMP-0001234',
  '123',
  'Zoë',
  '漢字漢字',
  'a"b',
  'a\\b',
  'tab\t',
  '\u{1F600}',
];

test('refs of every length and letter', async (context) => {
  const rows = REFS.map((ref) => ({ id: `id of ${ref}`, ref, name: 'Anne' }));
  await compare(context, [
    written(rows),
    written([...rows, { id: 'x', ref: null }, { id: 'x' }, {}, ...rows]),
    ...rows.map((row) => written([row])),
    ...rows.map((row) => written([row, row, { ...row, ref: null }], 2)),
    written(REFS.map((ref) => ({ ref }))),
    written([]),
  ]);
});

test('what looks like a ref and is none', async (context) => {
  const ref = 'EMP-1';
  await compare(context, [
    written([{ ref }, { ref: 5 }]),
    written([{ ref: 5 }, { ref: -1 }, { ref: 0.5 }]),
    written([{ ref }, { ref: true }]),
    written([{ ref }, { ref: [ref, 3] }]),
    written([{ ref }, { ref: { ref } }]),
    written([
      { name: '"ref":"EMP-1"', ref },
      { name: '{"ref":"EMP-1"}', ref },
    ]),
    written([{ names: ['ref', '"ref":'], ref, href: 'abc', pref: 7 }]),
    written([
      { group: { ref: 'sales', size: 3 }, ref },
      { ref, group: { ref: 'sales', ref2: 4 } },
    ]),
    written([
      { groups: [{ ref: 'sales' }, { ref: 3 }], ref },
      { groups: [], ref },
    ]),
  ]);
});

test('what looks like an edge and is none', async (context) => {
  const ref = 'EMP-1';
  const inner = { edges: [{ node: { ref: 'a-1' } }, { node: { ref: 'a-2' } }] };
  await compare(context, [
    written([
      { ref, groups: inner },
      { ref, groups: inner },
    ]),
    written([{ ref, groups: { edges: [null, ...inner.edges] } }, { ref }]),
    written([{ ref, groups: { edges: [{ cursor: 'c', node: { ref: 'a-1' } }, ...inner.edges] } }, { ref }]),
    written([
      { ref, node: { ref: 'a-1' } },
      { ref, node: { node: { ref: 'a-1' } } },
    ]),
    written([{ node: { ref: 'a-1' } }, { node: { ref: 'a-2' } }]),
    written([
      { ref, name: '},{"node":{' },
      { ref, name: '}},{"node":{' },
      { ref, name: '[{]}' },
    ]),
    written([{ ref, name: '}}]' }, { ref, name: '}' }, { ref }]),
  ]);
});

test('edges that are no rows, or have more than a node', async (context) => {
  const edge = '{"node":{"ref":"EMP-1"}}';
  await compare(context, [
    `[null,${edge},${edge}]`,
    `[${edge},null,${edge}]`,
    `[${edge},${edge},null]`,
    `[${edge},{"node":null},${edge}]`,
    `[{"node":null}]`,
    `[${edge},{"cursor":"c","node":{"ref":"EMP-2"}},${edge}]`,
    `[${edge},{"node":{"ref":"EMP-2"},"cursor":"c"},${edge}]`,
    `[${edge},{"node":{"ref":"EMP-2"},"cursor":"c"}]`,
    `[${edge} , ${edge}]`,
    `[ ${edge},${edge} ]`,
    `[${edge},{"node": {"ref":"EMP-2"}}]`,
    `[${edge},{"node":{"ref": "EMP-2"}}]`,
  ]);
});

test('rows of any shape', async (context) => {
  let state = 1;
  const below = (limit: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  const value = (depth: number): unknown => {
    switch (below(depth > 2 ? 6 : 9)) {
      case 0:
        return null;
      case 1:
        return below(100) - 50;
      case 2:
        return below(2) === 0;
      case 6:
        return Array.from({ length: below(4) }, () => value(depth + 1));
      case 7:
        return { node: row(depth + 1) };
      case 8:
        return row(depth + 1);
      default:
        return pick([...REFS, '{"node":{', '}},{"node":{', '"ref":"', '}}]', 'medewerker@voorbeeld.example']);
    }
  };
  const row = (depth: number): Record<string, unknown> => {
    const keys = Array.from({ length: below(5) }, () => pick(['id', 'ref', 'node', 'name', 'edges', 'null', 'é']));
    return Object.fromEntries(keys.map((key) => [key, key === 'ref' && below(3) ? pick(REFS) : value(depth)]));
  };
  const page = (): string => {
    const rows = Array.from({ length: 1 + below(6) }, () => row(below(4)));
    return below(5) === 0 ? written(rows, 1) : written(rows);
  };
  await compare(context, Array.from({ length: 3_000 }, page));
});
