// Checks a running service with libraries that others have written: statements of xAPI, events of the feed, signatures
// of webhooks. Use a trial service: the check makes a client and a webhook in it, and it must be allowed to call
// loopback (--Diagnostics:WebhookExceptions=127.0.0.0/8).
// Each validator first gets a faulty input of its kind: one that accepts everything would check nothing.
//   node check.mjs http://localhost:5080 <administrator's password>
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { CloudEvent } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import xapi from '@learninglocker/xapi-validation';

const [service, password] = process.argv.slice(2);
const validate = xapi.default;

const token = async form => {
  const answer = await fetch(`${service}/api/v1/auth/token`, { method: 'POST', body: new URLSearchParams(form) });
  return (await answer.json()).access_token;
};
const caller = bearer => async (method, path, body, headers = {}) => {
  const answer = await fetch(service + path, {
    method, headers: { authorization: `Bearer ${bearer}`, ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    body: body ? JSON.stringify(body) : undefined,
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
};
const admin = caller(await token({ grant_type: 'password', username: 'admin', password }));

// xAPI: every statement of every profile of every campaign.
const faulty = [
  statement => ({ ...statement, verb: { id: 'scored' } }),
  statement => ({ ...statement, actor: { ...statement.actor, account: { name: 'somebody' } } }),
  statement => ({ ...statement, result: { score: { scaled: 1.5 } } }),
  statement => ({ ...statement, more: true }),
];
let statements = 0;
for (const campaign of (await admin('GET', '/api/v1/campaigns')).items)
  for (const profile of (await admin('GET', `/api/v1/campaigns/${campaign.id}/profiles`)).items)
    for (const statement of await admin('GET', `/api/v1/profiles/${profile.id}/xapi-statements`)) {
      if (statements === 0)
        for (const spoil of faulty) assert.notDeepEqual(validate(spoil(statement)), [], `xAPI takes ${spoil}`);
      assert.deepEqual(validate(statement), [], JSON.stringify(statement));
      statements++;
    }
assert.ok(statements > 0, 'no profile to check');
console.log(`xAPI: ${statements} statements are valid`);

// CloudEvents: the feed as read by a portal for the whole country.
const clientId = `check-${Date.now()}`;
const { secret } = await admin('POST', '/api/v1/clients', { clientId, name: 'Check', scopes: ['profiles.read'] });
const portal = caller(await token({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret }));
const told = await portal('GET', '/api/v1/profile-feed', undefined, { accept: 'application/cloudevents-batch+json' });
assert.ok(Array.isArray(told));
assert.ok(told.length > 0, 'no event to check');
// The library fills in a missing specversion or id, and accepts any other value, so the check compares these two.
for (const spoiled of [{ source: '' }, { type: undefined }, { time: 'вчера' }, { subject: 5 }, { dataRef: 'x' }])
  assert.throws(() => new CloudEvent({ ...told[0], ...spoiled }, true), undefined, `CloudEvents takes ${JSON.stringify(spoiled)}`);
for (const event of told) {
  assert.equal(event.specversion, '1.0');
  assert.equal(new CloudEvent(event, true).id, event.id);
}
console.log(`CloudEvents: ${told.length} events are valid`);

// Standard Webhooks: the test message, read by a receiver with the secret, with both secrets of a rotation, and with
// the public key.
const received = [];
const sink = createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part)).on('end', () => {
    received.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
    response.writeHead(204).end();
  });
});
await new Promise(ready => sink.listen(0, '127.0.0.1', ready));
try {
  const made = await portal('POST', '/api/v1/webhooks', { url: `http://127.0.0.1:${sink.address().port}/hook` });
  const address = `/api/v1/webhooks/${made.webhook.id}`;
  const message = async () => {
    const attempt = await portal('POST', `${address}/test`);
    assert.equal(attempt.status, 204, JSON.stringify(attempt));
    return received.at(-1);
  };
  const first = await message();
  const event = new CloudEvent(new Webhook(made.secret).verify(first.body, first.headers), true);
  assert.equal(event.type, 'webhook.test');
  assert.throws(() => new Webhook(made.secret).verify(`${first.body} `, first.headers));
  assert.throws(() => new Webhook(made.secret).verify(first.body, { ...first.headers, 'webhook-id': event.id.replace(/^./, 'f') }));
  assert.throws(() => new Webhook(made.secret).verify(first.body, { ...first.headers, 'webhook-timestamp': '1600000000' }));

  const next = await portal('POST', `${address}/key`, { overlapHours: 1 });
  const both = await message();
  for (const known of [made.secret, next.secret]) new Webhook(known).verify(both.body, both.headers);

  const { webhook } = await portal('POST', `${address}/key`, { overlapHours: 1, signature: 'v1a' });
  const third = await message();
  new Webhook(next.secret).verify(third.body, third.headers);
  const x = Buffer.from(webhook.publicKey.slice('whpk_'.length), 'base64').toString('base64url');
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  const signature = third.headers['webhook-signature'].split(' ').find(each => each.startsWith('v1a,')).slice('v1a,'.length);
  const signed = Buffer.from(`${third.headers['webhook-id']}.${third.headers['webhook-timestamp']}.${third.body}`);
  assert.ok(verify(null, signed, key, Buffer.from(signature, 'base64')));
  console.log('Standard Webhooks: v1, two keys of a rotation and v1a are verified');
} finally {
  sink.close();
}
