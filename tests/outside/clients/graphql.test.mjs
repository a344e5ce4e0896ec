// Public GraphQL clients read every user of the sandbox, each in its own way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { ClientError, GraphQLClient } from 'graphql-request';
import { authorization, drain, graphqlUrl, users, usersPage } from './sandbox.mjs';

function complete({ ids, count }) {
  assert.equal(count, users);
  assert.equal(ids.length, users);
  assert.equal(new Set(ids).size, users);
}

test('graphql-request: all users', async () => {
  const client = new GraphQLClient(graphqlUrl, { headers: { authorization: await authorization() } });
  complete(await drain(async (variables) => (await client.request(usersPage, variables)).paginatedUsers));
});

test('graphql-request: a field that is not there is an error with a message', async () => {
  const client = new GraphQLClient(graphqlUrl, { headers: { authorization: await authorization() } });
  await assert.rejects(client.request('{ paginatedUsers(first: 1) { nope } }'), (error) => {
    assert.ok(error instanceof ClientError);
    assert.match(error.response.errors[0].message, /nope/);
    return true;
  });
});

test('Apollo Client: all users', async () => {
  const client = new ApolloClient({
    link: ApolloLink.from([new HttpLink({ uri: graphqlUrl, headers: { authorization: await authorization() } })]),
    cache: new InMemoryCache(),
  });
  const query = gql(usersPage);
  complete(await drain(async (variables) => (await client.query({ query, variables })).data.paginatedUsers));
});

test('Apollo Client: errors arrive as GraphQL errors, not as a broken protocol', async () => {
  const client = new ApolloClient({
    link: new HttpLink({ uri: graphqlUrl, headers: { authorization: await authorization() } }),
    cache: new InMemoryCache(),
  });
  await assert.rejects(client.query({ query: gql('{ paginatedUsers(first: 1) { nope } }') }), (error) =>
    CombinedGraphQLErrors.is(error),
  );
});

// urql sends short queries by GET unless told otherwise.
for (const [method, preferGetMethod] of [
  ['POST', false],
  ['GET', 'within-url-limit'],
]) {
  test(`urql: all users, by ${method}`, async () => {
    const headers = { authorization: await authorization() };
    const client = new Client({
      url: graphqlUrl,
      exchanges: [fetchExchange],
      fetchOptions: { headers },
      preferGetMethod,
    });
    complete(
      await drain(async (variables) => {
        const { data, error } = await client.query(usersPage, variables).toPromise();
        assert.equal(error, undefined);
        return data.paginatedUsers;
      }),
    );
  });
}
