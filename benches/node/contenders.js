// Whoever can read the list, each as its users set it up. A contender gives the functions of its tasks; what it needs is
// imported only when it is chosen.

const PAGE = 50;

/** @typedef {{ rows: number, marks: number }} Tally */

/** The number in `EMP-000123`. */
const number = (reference) => Number(reference.slice(4));

/** Goes through the rows of a page. The number of its last row is proof that it is this page. */
function count(tally, rows) {
  let last;
  for (const row of rows) {
    tally.rows += 1;
    last = row;
  }
  tally.marks += number(last.ref);
}

/** What the users of a plain client write themselves: the loop over pages. */
function peer(job, ask) {
  const page = async (tally, variables) => {
    const { edges, pageInfo } = (await ask(job.users, variables)).paginatedUsers;
    let last;
    for (const { node } of edges) {
      tally.rows += 1;
      last = node;
    }
    tally.marks += number(last.ref);
    return pageInfo;
  };
  return {
    warmUp: () => page({ rows: 0, marks: 0 }, { first: PAGE }),
    one: () => ask(job.one, { ref: 'EMP-000001' }),
    async drain(tally) {
      for (let after = null; ; ) {
        const { hasNextPage, endCursor } = await page(tally, { first: PAGE, after });
        if (!hasNextPage) return;
        after = endCursor;
      }
    },
    async parallel(tally) {
      let next = 0;
      const worker = async () => {
        while (next < job.pages) await page(tally, { first: PAGE, offset: PAGE * next++ });
      };
      await Promise.all(Array.from({ length: job.inFlight }, worker));
    },
  };
}

const headers = ({ token }) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });

/** GraphQL as a careful user of a plain HTTP client sends it. */
function graphql(job, post) {
  return peer(job, async (query, variables) => {
    const { data, errors } = await post(JSON.stringify({ query, variables }));
    if (errors) throw new Error(errors[0].message);
    return data;
  });
}

export const CONTENDERS = {
  async fetch(job) {
    return graphql(job, async (body) => {
      const response = await fetch(job.url, { method: 'POST', headers: headers(job), body });
      if (!response.ok) throw new Error(`${response.status}`);
      return response.json();
    });
  },

  async undici(job) {
    const { request } = await import('undici');
    return graphql(job, async (body) => {
      const response = await request(job.url, { method: 'POST', headers: headers(job), body });
      if (response.statusCode !== 200) throw new Error(`${response.statusCode}`);
      return response.body.json();
    });
  },

  async axios(job) {
    const { default: axios } = await import('axios');
    const http = await import('node:http');
    const client = axios.create({ httpAgent: new http.Agent({ keepAlive: true }), headers: headers(job) });
    return graphql(job, async (body) => (await client.post(job.url, body)).data);
  },

  async 'graphql-request'(job) {
    const { GraphQLClient } = await import('graphql-request');
    const client = new GraphQLClient(job.url, { headers: { authorization: `Bearer ${job.token}` } });
    return peer(job, (query, variables) => client.request(query, variables));
  },

  async apollo(job) {
    const { ApolloClient, HttpLink, InMemoryCache, gql } = await import('@apollo/client');
    const link = new HttpLink({ uri: job.url, headers: { authorization: `Bearer ${job.token}` } });
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const documents = new Map();
    return peer(job, async (text, variables) => {
      if (!documents.has(text)) documents.set(text, gql(text));
      const query = documents.get(text);
      return (await client.query({ query, variables, fetchPolicy: 'no-cache' })).data;
    });
  },

  /** Ours, as it is out of the box, but for as many requests in flight as the job says. */
  async pluvo(job, variant) {
    const { Pluvo } = await import('pluvo-sdk');
    const limits = job.inFlight > 8 ? { limits: { inFlight: job.inFlight } } : {};
    const credentials = { clientId: 'sandbox', clientSecret: 'sandbox-secret' };
    const pluvo = new Pluvo({ baseUrl: job.origin, proxy: false, ...credentials, ...limits });
    const list = () => (variant === 'select' ? pluvo.users.list().select(job.fields) : pluvo.users.list());
    const read = async (tally, users) => {
      if (variant === 'pages') {
        for await (const page of users.pages()) count(tally, page.items);
        return;
      }
      for await (const user of users) {
        tally.rows += 1;
        if (tally.rows % PAGE === 0) tally.marks += number(user.ref);
      }
    };
    const get = () => pluvo.users.get({ ref: 'EMP-000001' });
    return {
      warmUp: () => list().first(),
      one: variant === 'get' ? get : () => pluvo.query(job.one, { ref: 'EMP-000001' }),
      drain: (tally) => read(tally, list()),
      parallel: (tally) => read(tally, list().parallel(job.inFlight)),
    };
  },
};
