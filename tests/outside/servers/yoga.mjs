// GraphQL Yoga behind a token endpoint by oidc-provider, in one Express application. GraphQL Armor refuses documents with
// more than four aliases, so that batches have to be halved.
import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import express from 'express';
import { createYoga } from 'graphql-yoga';
import Provider from 'oidc-provider';
import { client, serve } from './harness.mjs';
import { organisation } from './organisation.mjs';

const provider = new Provider('http://127.0.0.1', {
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_post',
      scope: client.scopes.join(' '),
    },
  ],
  scopes: client.scopes,
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  routes: { token: '/oauth/token/' },
  ttl: { ClientCredentials: 86400 },
});

const live = new Set();
let issued = 0;
provider.on('client_credentials.saved', (token) => {
  issued += 1;
  live.add(token.jti);
});

const app = express();
serve(app, {
  issued: () => issued,
  async expire() {
    for (const jti of live) await (await provider.ClientCredentials.find(jti))?.destroy();
    live.clear();
  },
});

const yoga = createYoga({
  schema: organisation({ schemaPath: process.env.PLUVO_SCHEMA, limit: 'cap' }),
  graphqlEndpoint: '/graphql/',
  logging: false,
  plugins: [maxAliasesPlugin({ n: 4 })],
});
app.use('/graphql/', async (req, res, next) => {
  const [, bearer] = /^Bearer (.+)$/.exec(req.headers.authorization ?? '') ?? [];
  const token = bearer && (await provider.ClientCredentials.find(bearer));
  if (!token?.isValid) {
    res.status(401).set('WWW-Authenticate', 'Bearer error="invalid_token"').json({ error: 'invalid_token' });
    return;
  }
  next();
});
app.all('/graphql/', yoga);
app.use(provider.callback());
