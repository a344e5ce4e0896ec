import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import express from 'express';
import fastify from 'fastify';
import { ConfigError, WebhookError, webhooks } from 'pluvo-sdk';

const KEY = 'webhook-key';
const user = {
  id: '933d8663-edf6-42c9-895a-eeec13fff0ab',
  event: 'USER_CREATED',
  name: 'Zoë',
  email: 'zoe@example.com',
};
const body = JSON.stringify(user);

test("the vector of Pluvo's reference is accepted, in every spelling of its base64", () => {
  const vector = '{"event":"USER_CREATED","id":"933d8663-edf6-42c9-895a-eeec13fff0ab"}';
  const signature = 't7YSkU7k1zNFBf5p-sGIMsGEHhA';
  for (const one of [signature, `${signature}=`, `${signature.replace('-', '+')}=`]) {
    const delivery = webhooks.verify(vector, { 'x-signature': one, 'x-signature-salt': 'a1b2c3' }, KEY);
    assert.equal(delivery.event, 'USER_CREATED');
  }
  const literal = { 'X-Signature': 'Hi79ymiBv/ybZf0oT7UJu/rwmI4=', 'X-Signature-Salt': 'a1b2c3' };
  assert.throws(() => webhooks.verify(vector, literal, KEY), WebhookError);
  assert.equal(webhooks.verify(vector, literal, KEY, { literal: true }).kind, 'user');
});

test('headers and bodies come as every framework has them', () => {
  const signed = webhooks.signForTest(body, KEY);
  const [signature, salt] = [signed['X-Signature'], signed['X-Signature-Salt']];
  const headers = [
    signed,
    { 'x-signature': [signature], 'X-SIGNATURE-SALT': salt, host: undefined },
    new Headers(signed),
  ];
  for (const given of [...headers, Object.entries(signed), new Map(Object.entries(signed))]) {
    assert.equal(webhooks.verify(body, given, KEY).kind, 'user');
  }
  const buffer = Buffer.from(body);
  const copy = new Uint8Array(buffer);
  for (const given of [buffer, copy, copy.buffer]) assert.equal(webhooks.verify(given, signed, KEY).kind, 'user');
  assert.throws(() => webhooks.verify(user as unknown as string, signed, KEY), /bytes as they arrived/);
});

test('what is not right is refused, and keys can be rotated', () => {
  const signed = webhooks.signForTest(body, KEY);
  const refused = (given: string, headers: object, keys: string | string[] = KEY): void =>
    assert.throws(() => webhooks.verify(given, headers as Record<string, string>, keys), WebhookError);
  refused(`${body} `, signed);
  refused(JSON.stringify(JSON.parse(body), null, 2), signed);
  refused(body, {});
  refused(body, { ...signed, 'x-signature': signed['X-Signature'] });
  refused(body, { ...signed, 'X-Signature-Salt': 'x'.repeat(5000) });
  refused(body, signed, 'another key');
  refused('not JSON', webhooks.signForTest('not JSON', KEY));
  assert.equal(webhooks.verify(body, signed, ['the new key', KEY]).kind, 'user');
  for (const keys of ['', [], ['', KEY]]) assert.throws(() => webhooks.verify(body, signed, keys), ConfigError);
});

test('deliveries are told apart by their kind, and unknown ones are kept', () => {
  const read = (payload: object): webhooks.Delivery => {
    const text = JSON.stringify(payload);
    return webhooks.verify(text, webhooks.signForTest(text, KEY), KEY);
  };
  const enrolled = read({
    id: 'e1',
    event: 'OFFER_EVENT_ENROLLED',
    status: 'ENROLLED',
    offer_event: { id: 'o1', max_subscriptions: 25, kind: 'TRAINING' },
    sentDate: '2024-09-01T10:15:00.000Z',
  });
  assert.ok(enrolled.kind === 'enrollment');
  assert.equal(enrolled.payload.offerEvent?.maxSubscriptions, 25);
  assert.equal(enrolled.sentDate, '2024-09-01T10:15:00Z');
  assert.equal(enrolled.raw['sentDate'], '2024-09-01T10:15:00.000Z');
  const unknown = read({ id: 'x', event: 'MOON_LANDED', crew: 3 });
  assert.ok(unknown.kind === 'unknown');
  assert.deepEqual([unknown.event, unknown.raw['crew']], ['MOON_LANDED', 3]);
  assert.equal(read(user).key, read(user).key);
  assert.notEqual(read(user).key, unknown.key);
});

/** Posts a good delivery and a forged one to a server, and gives the statuses. */
async function delivered(url: string): Promise<number[]> {
  const signed = webhooks.signForTest(body, KEY);
  const send = async (text: string): Promise<number> => {
    const headers = { ...signed, 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', body: text, headers })).status;
  };
  return [await send(body), await send(body.replace('Zoë', 'Eve'))];
}

async function serving(test: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  test.after(() => new Promise((done) => server.close(done)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
}

test('Express', async (context) => {
  const names: unknown[] = [];
  const app = express();
  app.post('/webhooks', express.raw({ type: '*/*' }), (request, response) => {
    try {
      const delivery = webhooks.verify(request.body, request.headers, KEY);
      if (delivery.kind === 'user') names.push(delivery.payload.name);
      response.sendStatus(204);
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      response.sendStatus(401);
    }
  });
  assert.deepEqual(await delivered(await serving(context, app)), [204, 401]);
  assert.deepEqual(names, ['Zoë']);
});

test('Fastify', async (context) => {
  const app = fastify();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  app.post('/webhooks', async (request, reply) => {
    try {
      webhooks.verify(request.body as Buffer, request.headers, KEY);
      return reply.code(204).send();
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      return reply.code(401).send();
    }
  });
  context.after(() => app.close());
  assert.deepEqual(await delivered(`${await app.listen()}/webhooks`), [204, 401]);
});

/** As a route of Next.js has it. */
async function POST(request: Request): Promise<Response> {
  try {
    webhooks.verify(await request.arrayBuffer(), request.headers, KEY);
    return new Response(null, { status: 204 });
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    return new Response(null, { status: 401 });
  }
}

test('handlers of a Request', async (context) => {
  const url = await serving(context, async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    const request = new Request('http://localhost/webhooks', {
      method: 'POST',
      body: Buffer.concat(parts),
      headers: pairs(incoming.headers),
    });
    response.writeHead((await POST(request)).status).end();
  });
  assert.deepEqual(await delivered(url), [204, 401]);
});

function pairs(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [name, String(value)]);
}
