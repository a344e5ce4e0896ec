// Webhooks signed by Node's own crypto, in the four steps of Pluvo's sample, and received by `pluvo webhook listen`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

const key = 'webhook-key';
let listener;
let url;
let lines;

function sign(salt, body, secret = key) {
  const derived = createHash('sha1')
    .update(salt + secret)
    .digest();
  const mac = createHmac('sha1', derived).update(body).digest('base64');
  return mac.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function deliver(body, signature, salt) {
  const headers = { 'Content-Type': 'application/json', 'X-Signature': signature, 'X-Signature-Salt': salt };
  return fetch(url, { method: 'POST', body, headers });
}

before(async () => {
  listener = spawn(process.env.PLUVO_COMMAND, ['webhook', 'listen', '--port', '0'], {
    env: { ...process.env, PLUVO_WEBHOOK_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said] = await once(createInterface({ input: listener.stderr }), 'line');
  [url] = said.match(/http:\/\/127\.0\.0\.1:\d+/);
  lines = createInterface({ input: listener.stdout })[Symbol.asyncIterator]();
});

after(() => listener.kill());

test("the reference's vector", () => {
  const body = '{"event":"USER_CREATED","id":"933d8663-edf6-42c9-895a-eeec13fff0ab"}';
  assert.equal(sign('a1b2c3', body), 't7YSkU7k1zNFBf5p-sGIMsGEHhA');
});

test('a delivery that Node signed is taken and printed', async () => {
  for (const [i, name] of ['Zoë', 'O\'Brien \\ "x"', '👩‍⚕️', 'a/b+c='].entries()) {
    const payload = { event: 'USER_UPDATED', id: String(i), name };
    const body = Buffer.from(JSON.stringify(payload));
    const salt = `salt-${i}`;
    assert.equal((await deliver(body, sign(salt, body), salt)).status, 204);
    const { value } = await lines.next();
    assert.deepEqual(JSON.parse(value).payload, payload);
  }
});

test('one that does not fit is refused, and never with 410', async () => {
  const body = Buffer.from('{"event":"USER_UPDATED","id":"1"}');
  const good = sign('s', body);
  for (const [sent, signature, salt] of [
    [Buffer.concat([body, Buffer.from(' ')]), good, 's'],
    [body, sign('s', body, 'another-key'), 's'],
    [body, good, 't'],
    [body, 'A'.repeat(27), 's'],
  ]) {
    assert.equal((await deliver(sent, signature, salt)).status, 401);
  }
});
