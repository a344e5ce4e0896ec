// openid-client and oauth4webapi check the token endpoint's answers strictly: content type, cache headers, error shape.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WWWAuthenticateChallengeError } from 'openid-client';
import { configuration, grant, graphqlUrl, scopes } from './sandbox.mjs';

test('openid-client: client credentials give a bearer with the asked scopes', async () => {
  const token = await grant();
  assert.equal(token.token_type, 'bearer');
  assert.ok(token.access_token);
  assert.ok(token.expiresIn() > 0);
  assert.deepEqual(token.scope.split(' ').sort(), [...scopes].sort());
});

// The status is 401 with a challenge, as RFC 6749 allows and django-oauth-toolkit does; openid-client stops there.
test('openid-client: a wrong secret is `invalid_client`', async () => {
  const error = await grant(configuration('wrong')).then(
    () => assert.fail('a token was granted'),
    (error) => error,
  );
  assert.ok(error instanceof WWWAuthenticateChallengeError, String(error));
  assert.equal(error.status, 401);
  assert.equal((await error.response.json()).error, 'invalid_client');
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
