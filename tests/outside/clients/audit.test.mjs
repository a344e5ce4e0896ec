// The GraphQL-over-HTTP audits that graphql-http ships, one test an audit. All of them must be followed: what the
// specification demands, what it recommends, and what it allows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverAudits } from 'graphql-http';
import { authorization, base, graphqlUrl } from './sandbox.mjs';

// Recommendations to answer a document that cannot be run with 200 where the client takes `application/json` alone.
// Django's GraphQL stack answers with 400, so the sandbox does too, unless it is set otherwise.
const unlikeDjango = new Set(['572B', 'FDE2', '7B9B']);

async function fetchFn(url, init = {}) {
  return fetch(url, { ...init, headers: { ...init.headers, authorization: await authorization() } });
}

async function setInvalidDocumentStatus(status) {
  const body = JSON.stringify({ invalid_document_status: status });
  const response = await fetch(`${base}__sandbox/settings`, { method: 'POST', body });
  assert.equal(response.status, 200);
}

for (const audit of serverAudits({ url: graphqlUrl, fetchFn })) {
  test(`graphql-http ${audit.id}: ${audit.name}`, async (t) => {
    let result = await audit.fn();
    if (unlikeDjango.has(audit.id)) {
      assert.equal(result.status, 'warn', 'by default the sandbox answers as Django does');
      t.after(() => setInvalidDocumentStatus(400));
      await setInvalidDocumentStatus(200);
      result = await audit.fn();
    }
    assert.equal(result.status, 'ok', result.reason);
  });
}
