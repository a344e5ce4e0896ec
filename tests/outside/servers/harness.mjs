// What the servers have in common: the credentials, and routes for the tests that no product would have.
import { reset, told } from './organisation.mjs';

export const client = {
  id: 'outside',
  secret: 'outside-secret',
  scopes: ['users.read', 'users.write', 'groups.read', 'groups.write'],
};

/** Starts `app` on a free port, says where on one line, and mounts the test routes over `tokens` and the organisation. */
export function serve(app, tokens) {
  app.get('/test/tokens', (_, res) => res.json({ issued: tokens.issued() }));
  app.post('/test/expire', async (_, res) => {
    await tokens.expire();
    res.json({ ok: true });
  });
  app.get('/test/state', (_, res) => res.json(told()));
  app.post('/test/reset', (_, res) => {
    reset();
    res.json({ ok: true });
  });
  const server = app.listen(0, '127.0.0.1', () => {
    console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}/` }));
  });
}
