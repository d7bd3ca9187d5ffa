// Everything that the server serves below /v1, by the official Stripe client: node catalogue.mjs '{"url":"http://127.0.0.1:8086","key":"sk_test_…"}'
// Each answer is recorded and then held against the types that the client's package ships, and against Stripe's OpenAPI document where
// TRIBUTARY_STRIPE_OPENAPI names it. Prints one JSON object: what each step gave, and what is wrong with the recorded answers.
import http from 'node:http';
import Stripe from 'stripe';
import { record } from './recorder.mjs';
import { complain, complainOfObject, hold, readDocument } from './schema.mjs';
import { complaints } from './types.mjs';

const { url, key } = JSON.parse(process.argv[2]);
const recorder = await record(new URL(url));
const target = recorder.url;
const options = { host: target.hostname, port: Number(target.port), protocol: target.protocol.slice(0, -1), telemetry: false, maxNetworkRetries: 2 };
const stripe = new Stripe(key, options);
const report = {};
const records = [];
const keep = (type, value) => {
  records.push({ type, value: JSON.parse(JSON.stringify(value)) });
  return value;
};
const keepList = (type, list) => {
  list.data.forEach(item => keep(type, item));
  return list;
};
const failure = async work => {
  try {
    await work();
    return null;
  } catch (error) {
    return `${error.constructor.name} ${error.statusCode} ${error.code} ${error.param}`;
  }
};
const until = async (look, isDone) => {
  for (let i = 0; i < 6000; i++) {
    const seen = await look();
    if (isDone(seen)) return seen;
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error('it did not come to pass within five minutes');
};

// A receiver of everything that is told.
const heard = [];
const receiver = http.createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  heard.push(stripe.webhooks.constructEvent(body, request.headers['stripe-signature'], endpoint.secret));
  response.end();
});
await new Promise(done => receiver.listen(0, '127.0.0.1', done));
const endpoint = keep('WebhookEndpoint', await stripe.webhookEndpoints.create({ url: `http://127.0.0.1:${receiver.address().port}/hooks`, enabled_events: ['*'], metadata: { a: 'b' } }));
keep('WebhookEndpoint', await stripe.webhookEndpoints.update(endpoint.id, { description: 'all of it', metadata: { a: '' } }));
report.endpoint = keep('WebhookEndpoint', await stripe.webhookEndpoints.retrieve(endpoint.id)).description;
keepList('WebhookEndpoint', await stripe.webhookEndpoints.list());

// Customers and what they pay with.
const customer = keep('Customer', await stripe.customers.create({
  email: 'ada@shop.example', name: 'Ada', metadata: { tier: 'gold' }, address: { city: 'London', country: 'GB' }, shipping: { name: 'Ada', address: { line1: '12 St James' } },
}));
keep('Customer', await stripe.customers.update(customer.id, { phone: '+441234' }));
const card = keep('PaymentMethod', await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id }));
const lightning = keep('PaymentMethod', await stripe.paymentMethods.create({ type: 'lightning' }));
keep('PaymentMethod', await stripe.paymentMethods.attach(lightning.id, { customer: customer.id }));
report.methods = keepList('PaymentMethod', await stripe.paymentMethods.list({ customer: customer.id })).data.map(method => method.type);
report.methodsOfCustomer = (await stripe.customers.listPaymentMethods(customer.id, { type: 'card' })).data.length;
keep('PaymentMethod', await stripe.paymentMethods.update(card.id, { metadata: { main: 'yes' } }));

// A payment with a saved card, changed before it is confirmed.
const draft = keep('PaymentIntent', await stripe.paymentIntents.create({ amount: 100, currency: 'eur', metadata: { order: '17' } }));
keep('PaymentIntent', await stripe.paymentIntents.update(draft.id, { amount: 2500, customer: customer.id, description: 'two books', receipt_email: 'ada@shop.example' }));
const paid = keep('PaymentIntent', await stripe.paymentIntents.confirm(draft.id, { payment_method: card.id, expand: ['latest_charge', 'customer', 'payment_method'] }));
report.paid = [paid.status, paid.latest_charge.object, paid.customer.name, paid.payment_method.card.last4];
keep('Charge', paid.latest_charge);
report.charge = keep('Charge', await stripe.charges.retrieve(paid.latest_charge.id, { expand: ['payment_intent.customer'] })).payment_intent.customer.email;
report.charges = keepList('Charge', await stripe.charges.list({ customer: customer.id })).data.length;
report.used = keep('PaymentMethod', await stripe.paymentMethods.retrieve((await stripe.paymentIntents.create({ amount: 5, currency: 'eur', confirm: true, payment_method: 'pm_card_amex' })).payment_method)).card.brand;
report.found = (await stripe.paymentIntents.search({ query: `metadata['order']:'17' AND status:'succeeded' AND customer:'${customer.id}'` })).data.map(intent => intent.amount);
report.people = (await stripe.customers.search({ query: "email:'ada@shop.example'" })).data.length;
const declined = await failure(() => stripe.paymentIntents.create({ amount: 700, currency: 'eur', confirm: true, payment_method: 'pm_card_chargeDeclined' }));
report.declined = declined;
const held = keep('PaymentIntent', await stripe.paymentIntents.create({ amount: 1000, currency: 'eur', capture_method: 'manual', confirm: true, payment_method: 'pm_card_visa' }));
keep('Charge', await stripe.charges.retrieve(held.latest_charge));
keep('PaymentIntent', await stripe.paymentIntents.cancel(held.id));

// Money goes back.
const refund = keep('Refund', await stripe.refunds.create({ payment_intent: draft.id, amount: 1000, reason: 'requested_by_customer' }));
report.refund = [refund.status, refund.amount, refund.charge === paid.latest_charge.id];
report.tooMuch = await failure(() => stripe.refunds.create({ payment_intent: draft.id, amount: 1501 }));
keep('Refund', await stripe.refunds.update(refund.id, { metadata: { why: 'torn' } }));
report.refundCharge = keep('Refund', await stripe.refunds.retrieve(refund.id, { expand: ['charge'] })).charge.amount_refunded;
const slow = keep('Refund', await stripe.refunds.create({ payment_intent: (await stripe.paymentIntents.create({ amount: 300, currency: 'eur', confirm: true, payment_method: 'pm_card_pendingRefund' })).id }));
report.slow = [slow.status, (await until(() => stripe.refunds.retrieve(slow.id), seen => seen.status !== 'pending')).status];
const returned = await stripe.refunds.create({ charge: (await stripe.paymentIntents.create({ amount: 300, currency: 'eur', confirm: true, payment_method: 'pm_card_refundFail' })).latest_charge });
report.returned = [returned.status, keep('Refund', await until(() => stripe.refunds.retrieve(returned.id), seen => seen.status !== 'succeeded')).failure_reason];
report.refunds = keepList('Refund', await stripe.refunds.list({ payment_intent: draft.id })).data.length;
report.cancelled = await failure(() => stripe.refunds.cancel(refund.id));

// Disputes.
const disputed = async () => {
  const intent = await stripe.paymentIntents.create({ amount: 800, currency: 'eur', confirm: true, payment_method: 'pm_card_createDispute' });
  return (await stripe.disputes.list({ payment_intent: intent.id })).data[0];
};
const won = keep('Dispute', await disputed());
report.dispute = [won.status, won.reason];
keep('Dispute', await stripe.disputes.update(won.id, { evidence: { customer_name: 'Ada' }, submit: false }));
report.won = keep('Dispute', await stripe.disputes.update(won.id, { evidence: { uncategorized_text: 'winning_evidence' } })).status;
report.lost = keep('Dispute', await stripe.disputes.close((await disputed()).id)).status;

// What was earned, and where it goes.
const available = async () => keep('Balance', await stripe.balance.retrieve()).available.find(line => line.currency === 'eur').amount;
report.available = await available();
const payout = keep('Payout', await stripe.payouts.create({ amount: 1000, currency: 'eur', description: 'week' }));
report.payout = [payout.status, report.available - await available()];
report.broke = await failure(() => stripe.payouts.create({ amount: 90000, currency: 'eur' }));
keep('Payout', await stripe.payouts.update(payout.id, { metadata: { week: '47' } }));
keep('Payout', await stripe.payouts.retrieve(payout.id));
report.payouts = keepList('Payout', await stripe.payouts.list({ status: 'paid' })).data.length;
const entries = [];
for await (const entry of stripe.balanceTransactions.list({ limit: 3 })) entries.push(keep('BalanceTransaction', entry));
report.entries = entries.reduce((sum, entry) => sum + entry.net, 0) - await available();
keep('BalanceTransaction', await stripe.balanceTransactions.retrieve(entries[0].id));

// A payment that a rule wants a person to look at.
const watched = keep('PaymentIntent', await stripe.paymentIntents.create({ amount: 400, currency: 'eur', confirm: true, payment_method: 'pm_card_riskLevelElevated' }));
const reviews = keepList('Review', await stripe.reviews.list());
report.review = [reviews.data.length > 0, watched.review === null || typeof watched.review === 'string'];

// A key that may do little.
const limited = new Stripe((await stripe.rawRequest('POST', '/v1/api_keys', { permissions: { refunds: 'read' } })).secret, options);
report.limited = [(await limited.refunds.list({ limit: 1 })).data.length, await failure(() => limited.refunds.create({ payment_intent: draft.id })), await failure(() => limited.balance.retrieve())];

// Everything was told.
const kinds = [
  'charge.dispute.closed', 'charge.dispute.created', 'charge.dispute.funds_reinstated', 'charge.failed', 'charge.refunded', 'charge.succeeded', 'customer.created', 'customer.updated',
  'payment_intent.canceled', 'payment_intent.created', 'payment_intent.payment_failed', 'payment_intent.succeeded', 'payment_method.attached', 'payout.created', 'payout.paid', 'refund.created',
  'refund.failed', 'refund.updated',
];
await until(async () => new Set(heard.map(event => event.type)), seen => kinds.every(kind => seen.has(kind)));
const models = { charge: 'Charge', customer: 'Customer', dispute: 'Dispute', payment_intent: 'PaymentIntent', payment_method: 'PaymentMethod', payout: 'Payout', refund: 'Refund' };
for (const kind of kinds) {
  const event = heard.find(seen => seen.type === kind);
  keep(models[event.data.object.object], event.data.object);
}
keep('Event.Envelope', { ...(await stripe.events.retrieve(heard[0].id)), data: undefined, type: undefined });
report.gone = keep('DeletedCustomer', await stripe.customers.del(customer.id)).deleted;
keep('PaymentMethod', await stripe.paymentMethods.detach(card.id));
report.missing = await failure(() => stripe.refunds.retrieve('re_absent'));
receiver.close();
receiver.closeAllConnections();

recorder.close();
const document = readDocument();
if (document) {
  const { complaints: wrong, covered } = hold(document, recorder.exchanges);
  const told = heard.flatMap(event => complainOfObject(document, event.data.object, event.type)).map(({ where, what }) => `${where} ${what}`);
  const broken = { ...paid, status: 'lost', id: undefined, currency: null, amount: '2500', metadata: { order: 17 } };
  const noticed = complain(document, { $ref: '#/components/schemas/payment_intent' }, JSON.parse(JSON.stringify(broken))).map(({ where }) => where).sort();
  report.schema = { version: document.info.version, complaints: [...new Set([...wrong, ...told])], covered, noticed };
}
report.records = records.length;
report.complaints = complaints(records);
console.log(JSON.stringify(report));
