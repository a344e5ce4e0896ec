// Apollo Server behind a token endpoint by @node-oauth/express-oauth-server, in one Express application.
// A bad token is told the way Apollo's documentation has it: a GraphQL error with the code UNAUTHENTICATED, status 401.
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import OAuthServer from '@node-oauth/express-oauth-server';
import { Request, Response } from '@node-oauth/oauth2-server';
import express from 'express';
import { GraphQLError } from 'graphql';
import { client, serve } from './harness.mjs';
import { organisation } from './organisation.mjs';

const tokens = new Map();
let issued = 0;
const oauth = new OAuthServer({
  model: {
    getClient: (id, secret) =>
      id === client.id && secret === client.secret ? { id, grants: ['client_credentials'] } : null,
    getUserFromClient: (who) => ({ id: who.id }),
    validateScope: (_user, _client, scope) =>
      !scope ? client.scopes : scope.every((name) => client.scopes.includes(name)) && scope,
    saveToken(token, who, user) {
      issued += 1;
      const saved = { ...token, client: who, user };
      tokens.set(token.accessToken, saved);
      return saved;
    },
    getAccessToken: (accessToken) => tokens.get(accessToken),
  },
  accessTokenLifetime: 86400,
});

const app = express();
serve(app, {
  issued: () => issued,
  expire() {
    for (const token of tokens.values()) token.accessTokenExpiresAt = new Date(0);
  },
});
app.post('/oauth/token/', express.urlencoded({ extended: false }), oauth.token());

const apollo = new ApolloServer({
  schema: organisation({ schemaPath: process.env.PLUVO_SCHEMA, limit: 'refuse' }),
  introspection: true,
});
await apollo.start();
app.use(
  '/graphql/',
  express.json(),
  expressMiddleware(apollo, {
    async context({ req, res }) {
      try {
        const request = new Request(req);
        return { token: await oauth.server.authenticate(request, new Response(res)) };
      } catch {
        throw new GraphQLError('User is not authenticated', {
          extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
        });
      }
    },
  }),
);
