// A shop on the official Stripe client: node shop.mjs '{"url":"http://127.0.0.1:8086","key":"sk_test_…"}'
// Prints one JSON object with what each step gave; the test judges it.
import http from 'node:http';
import Stripe from 'stripe';

const { url, key } = JSON.parse(process.argv[2]);
const target = new URL(url);
const stripe = new Stripe(key, {
  host: target.hostname,
  port: Number(target.port),
  protocol: target.protocol.slice(0, -1),
  telemetry: false,
  maxNetworkRetries: 2,
});
const report = {};
const failure = async work => {
  try {
    await work();
    return null;
  } catch (error) {
    return {
      class: error.constructor.name, type: error.type, code: error.code, decline: error.decline_code, param: error.param, status: error.statusCode,
      intent: error.payment_intent?.status,
    };
  }
};

// A receiver that fails at first, so that events come a second time; it checks each with the client's own function.
const heard = [];
let failures = 2;
const receiver = http.createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  if (failures-- > 0) {
    response.statusCode = 500;
    response.end();
    return;
  }
  heard.push(stripe.webhooks.constructEvent(body, request.headers['stripe-signature'], endpoint.secret));
  response.end();
});
await new Promise(done => receiver.listen(0, '127.0.0.1', done));
const endpoint = await stripe.webhookEndpoints.create({ url: `http://127.0.0.1:${receiver.address().port}/hooks`, enabled_events: ['payment_intent.succeeded', 'payment_intent.payment_failed'] });

const bought = await stripe.paymentIntents.create({
  amount: 2500, currency: 'eur', payment_method_types: ['card'], payment_method: 'pm_card_visa', confirm: true, metadata: { order: '17', note: 'grün & süß' },
});
report.bought = { status: bought.status, received: bought.amount_received, note: bought.metadata.note, livemode: bought.livemode };

const open = await stripe.paymentIntents.create({ amount: 900, currency: 'usd', description: 'two steps' });
report.open = open.status;
report.declined = await failure(() => stripe.paymentIntents.confirm(open.id, { payment_method: 'pm_card_chargeDeclined' }));
report.second = (await stripe.paymentIntents.confirm(open.id, { payment_method: 'pm_card_mastercard' })).status;

const held = await stripe.paymentIntents.create({ amount: 1000, currency: 'eur', capture_method: 'manual', confirm: true, payment_method: 'pm_card_visa' });
report.held = { status: held.status, capturable: held.amount_capturable };
await stripe.paymentIntents.capture(held.id, { amount_to_capture: 400 });
for (let i = 0; i < 3600; i++) {
  const now = await stripe.paymentIntents.retrieve(held.id);
  report.captured = { status: now.status, received: now.amount_received };
  if (now.status === 'succeeded') break;
  await new Promise(done => setTimeout(done, 50));
}

const gone = await stripe.paymentIntents.create({ amount: 1, currency: 'eur' });
report.cancelled = (await stripe.paymentIntents.cancel(gone.id, { cancellation_reason: 'abandoned' })).cancellation_reason;
report.again = await failure(() => stripe.paymentIntents.cancel(gone.id));

const once = { idempotencyKey: `order-${Date.now()}` };
const first = await stripe.paymentIntents.create({ amount: 5, currency: 'eur' }, once);
report.once = (await stripe.paymentIntents.create({ amount: 5, currency: 'eur' }, once)).id === first.id;
report.mismatch = await failure(() => stripe.paymentIntents.create({ amount: 6, currency: 'eur' }, once));

const customer = (await stripe.customers.create({ email: 'ada@shop.example' })).id;
for (let i = 0; i < 7; i++) await stripe.paymentIntents.create({ amount: 100 + i, currency: 'eur', customer });
report.listed = [];
for await (const intent of stripe.paymentIntents.list({ customer, limit: 3 })) report.listed.push(intent.amount);

for (let i = 0; i < 6000 && new Set(heard.map(event => event.id)).size < 4; i++) await new Promise(done => setTimeout(done, 50));
report.heard = [...new Map(heard.map(event => [event.id, event])).values()].map(event => `${event.type} ${event.data.object.amount} ${event.data.object.status}`).sort();
const forged = heard[0] && await failure(() => stripe.webhooks.constructEvent(JSON.stringify(heard[0]), 't=1,v1=00', endpoint.secret));
report.forged = forged?.type;
report.events = (await stripe.events.list({ type: 'payment_intent.succeeded', limit: 2 })).data.length;
report.event = (await stripe.events.retrieve(heard[0].id)).type === heard[0].type;
report.deleted = (await stripe.webhookEndpoints.del(endpoint.id)).deleted;
receiver.close();
receiver.closeAllConnections();

report.missing = await failure(() => stripe.paymentIntents.retrieve('pi_absent'));
report.unknown = await failure(() => stripe.paymentIntents.create({ amount: 5, currency: 'eur', colour: 'red' }));
report.stranger = await failure(() => new Stripe('sk_test_stranger', { host: target.hostname, port: Number(target.port), protocol: 'http' }).paymentIntents.list());
console.log(JSON.stringify(report));
