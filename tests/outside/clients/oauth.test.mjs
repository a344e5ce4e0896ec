// openid-client and oauth4webapi check the token endpoint's answers strictly: content type, cache headers, error shape.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResponseBodyError } from 'openid-client';
import { configuration, grant, graphqlUrl, scopes } from './sandbox.mjs';

test('openid-client: client credentials give a bearer with the asked scopes', async () => {
  const token = await grant();
  assert.equal(token.token_type, 'bearer');
  assert.ok(token.access_token);
  assert.ok(token.expiresIn() > 0);
  assert.deepEqual(token.scope.split(' ').sort(), [...scopes].sort());
});

test('openid-client: a wrong secret is `invalid_client`', async () => {
  await assert.rejects(grant(configuration('wrong')), (error) => {
    assert.ok(error instanceof ResponseBodyError || error.error !== undefined, String(error));
    assert.equal(error.error, 'invalid_client');
    return true;
  });
});

test('openid-client: an unknown scope is `invalid_scope`', async () => {
  await assert.rejects(grant(configuration(), ['users.rule']), (error) => error.error === 'invalid_scope');
});

test('fetch: no token and a bad token are both 401', async () => {
  for (const headers of [{}, { Authorization: 'Bearer no' }]) {
    const response = await fetch(graphqlUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    assert.equal(response.status, 401);
  }
});
