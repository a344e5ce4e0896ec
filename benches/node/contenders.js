// Whoever can read the list, each as its users set it up. A contender gives the functions of its tasks; what it needs is
// imported only when it is chosen.
import { readFileSync } from 'node:fs';

const USERS = readFileSync(new URL('users.graphql', import.meta.url), 'utf8');
const ONE = readFileSync(new URL('one.graphql', import.meta.url), 'utf8');
const TOKEN = 'bench-token-bench-token';
const PAGE = 50;

/** @typedef {{ pages: number, rows: number, refs: number }} Tally */

/** Counts rows by what is in them, so that they were read. */
function count(tally, rows) {
  tally.pages += 1;
  tally.rows += rows.length;
  for (const row of rows) tally.refs += Number(row.ref.slice(4));
}

/** What the users of a plain client write themselves: the loop over pages. */
function peer(ask) {
  const page = async (variables) => {
    const { edges, pageInfo } = (await ask(USERS, variables)).paginatedUsers;
    return { rows: edges.map((edge) => edge.node), pageInfo };
  };
  return {
    warmUp: () => page({ first: PAGE }),
    one: () => ask(ONE, { ref: 'EMP-000001' }),
    async drain(tally) {
      for (let after = null; ; ) {
        const { rows, pageInfo } = await page({ first: PAGE, after });
        count(tally, rows);
        if (!pageInfo.hasNextPage) return;
        after = pageInfo.endCursor;
      }
    },
    async parallel(tally, pages, inFlight) {
      let next = 0;
      const worker = async () => {
        while (next < pages) count(tally, (await page({ first: PAGE, offset: PAGE * next++ })).rows);
      };
      await Promise.all(Array.from({ length: inFlight }, worker));
    },
  };
}

const HEADERS = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

/** GraphQL as a careful user of a plain HTTP client sends it. */
function graphql(post) {
  return peer(async (query, variables) => {
    const { data, errors } = await post(JSON.stringify({ query, variables }));
    if (errors) throw new Error(errors[0].message);
    return data;
  });
}

export const CONTENDERS = {
  async fetch({ url }) {
    return graphql(async (body) => {
      const response = await fetch(url, { method: 'POST', headers: HEADERS, body });
      if (!response.ok) throw new Error(`${response.status}`);
      return response.json();
    });
  },

  async undici({ url }) {
    const { request } = await import('undici');
    return graphql(async (body) => {
      const response = await request(url, { method: 'POST', headers: HEADERS, body });
      if (response.statusCode !== 200) throw new Error(`${response.statusCode}`);
      return response.body.json();
    });
  },

  async axios({ url }) {
    const { default: axios } = await import('axios');
    const http = await import('node:http');
    const client = axios.create({ httpAgent: new http.Agent({ keepAlive: true }), headers: HEADERS });
    return graphql(async (body) => (await client.post(url, body)).data);
  },

  async 'graphql-request'({ url }) {
    const { GraphQLClient } = await import('graphql-request');
    const client = new GraphQLClient(url, { headers: { authorization: HEADERS.authorization } });
    return peer((query, variables) => client.request(query, variables));
  },

  async apollo({ url }) {
    const { ApolloClient, HttpLink, InMemoryCache, gql } = await import('@apollo/client');
    const link = new HttpLink({ uri: url, headers: { authorization: HEADERS.authorization } });
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const documents = new Map();
    return peer(async (text, variables) => {
      if (!documents.has(text)) documents.set(text, gql(text));
      const query = documents.get(text);
      return (await client.query({ query, variables, fetchPolicy: 'no-cache' })).data;
    });
  },

  async pluvo({ base, certificate }) {
    return ours(base, certificate, async (list, tally) => {
      for await (const user of list) {
        tally.rows += 1;
        tally.refs += Number(user.ref.slice(4));
      }
    });
  },

  async 'pluvo-pages'({ base, certificate }) {
    return ours(base, certificate, async (list, tally) => {
      for await (const page of list.pages()) count(tally, page.items);
    });
  },

  /** The fields that the peers ask for. */
  async 'pluvo-select'({ base, certificate }) {
    const fields = 'id name email ref archived isActive roles language lastLogin invitedOn groupCount';
    return ours(base, certificate, async (list, tally) => {
      for await (const user of list.select(fields)) {
        tally.rows += 1;
        tally.refs += Number(user.ref.slice(4));
      }
    });
  },
};

async function ours(baseUrl, certificate, read) {
  const { Pluvo } = await import('pluvo-sdk');
  const trust = certificate ? { certificateAuthority: certificate } : {};
  const pluvo = new Pluvo({ baseUrl, token: TOKEN, proxy: false, limits: { inFlight: 32 }, ...trust });
  return {
    warmUp: () => pluvo.users.list().first(),
    one: () => pluvo.query(ONE, { ref: 'EMP-000001' }),
    get: () => pluvo.users.get({ ref: 'EMP-000001' }, { select: 'id name' }),
    drain: (tally) => read(pluvo.users.list(), tally),
    parallel: (tally, _, inFlight) => read(pluvo.users.list().parallel(inFlight), tally),
    async verify(body, calls) {
      const { webhooks } = await import('pluvo-sdk');
      const headers = webhooks.signForTest(body, 'webhook-key');
      for (let n = 0; n < calls; n++) webhooks.verify(body, headers, 'webhook-key');
    },
  };
}
