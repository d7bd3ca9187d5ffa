// What a shop meets in a long life, by the official Stripe client: node market.mjs '{"url":"http://127.0.0.1:8086","key":"sk_test_…"}'
// Each step says what it saw beside what Stripe's documentation says of it; the report lists those that differ, and the test wants none.
import crypto from 'node:crypto';
import http from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import Stripe from 'stripe';
import { record } from './recorder.mjs';
import { hold, readDocument } from './schema.mjs';
import { complaints, recordsOf } from './types.mjs';

const { url, key } = JSON.parse(process.argv[2]);
const recorder = await record(new URL(url));
const options = { host: recorder.url.hostname, port: Number(recorder.url.port), protocol: 'http', telemetry: false, maxNetworkRetries: 0 };
const stripe = new Stripe(key, options);
const differing = [];
let steps = 0;
const is = (what, seen, expected) => {
  steps++;
  if (!isDeepStrictEqual(seen, expected)) differing.push({ what, seen: seen ?? null, expected });
};
const holds = (what, condition, seen) => is(what, condition ? true : seen ?? condition, true);
const failure = async work => {
  try {
    return { none: await work() };
  } catch (error) {
    return error;
  }
};
const says = async (what, work, kind, status, code, param) => {
  const error = await failure(work);
  is(what, [error.constructor.name, error.statusCode, error.code ?? null, error.param ?? null], [kind, status, code, param ?? null]);
  return error;
};
const until = async (what, look, isDone) => {
  for (let i = 0; i < 6000; i++) {
    const seen = await look();
    if (isDone(seen)) return seen;
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error(`${what}: it did not come to pass within five minutes`);
};
const all = async list => {
  const found = [];
  for await (const item of list) found.push(item);
  return found;
};
// A part of the long life: what breaks in it is reported like what differs.
const part = async (what, work) => {
  try {
    await work();
  } catch (error) {
    differing.push({ what, seen: String(error.stack ?? error).split('\n').slice(0, 4).join(' | '), expected: 'no error' });
  }
};
const card = (more = {}) => stripe.paymentIntents.create({ amount: 1000, currency: 'eur', confirm: true, payment_method: 'pm_card_visa', ...more });
const ownCall = (method, path, params = {}, more = {}) => stripe.rawRequest(method, path, params, more);


const customer = await stripe.customers.create({ email: 'ada@market.example', name: 'Ada', metadata: { tier: 'gold' } });
const first = await card({ customer: customer.id });
const reader = await stripe.customers.create({ name: 'Reader' });
const made = [];
for (let i = 0; i < 7; i++) made.unshift((await stripe.paymentIntents.create({ amount: 100 + i, currency: 'eur', customer: reader.id })).id);
const noted = await stripe.paymentIntents.create({ amount: 9, currency: 'eur', metadata: { a: '1', b: '2', c: '3' } });

await part('Requests and what goes with them', async () => {
  is('a request has an id', /^req_/.test(first.lastResponse.requestId), true);
  is('the version of the answer', first.lastResponse.apiVersion, '2026-10-28.endive');
  const idempotencyKey = `market-${crypto.randomUUID()}`;
  const once = await stripe.paymentIntents.create({ amount: 77, currency: 'eur' }, { idempotencyKey });
  is('the key comes back', once.lastResponse.headers['idempotency-key'], idempotencyKey);
  const twice = await stripe.paymentIntents.create({ amount: 77, currency: 'eur' }, { idempotencyKey });
  is('a repeated request', [twice.id, twice.lastResponse.headers['idempotent-replayed']], [once.id, 'true']);
  await says('another request under its key', () => stripe.paymentIntents.create({ amount: 78, currency: 'eur' }, { idempotencyKey }), 'StripeIdempotencyError', 400, null);
  await says('a key that is too long', () => stripe.paymentIntents.create({ amount: 78, currency: 'eur' }, { idempotencyKey: 'x'.repeat(256) }), 'StripeIdempotencyError', 400, null);
  const together = await Promise.all(Array.from({ length: 6 }, () => failure(() => stripe.paymentIntents.create({ amount: 4322, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' }, { idempotencyKey: `${idempotencyKey}-twins` }))));
  is('of twins one object comes of it', new Set(together.filter(one => one.none).map(one => one.none.id)).size, 1);
  is('the other twins wait or see it', together.every(one => one.none || (one.statusCode === 409 && one.code === 'idempotency_key_in_use')), true);
});

await part('Errors', async () => {
  const declined = await says('a declined card', () => card({ payment_method: 'pm_card_chargeDeclinedInsufficientFunds' }), 'StripeCardError', 402, 'card_declined');
  is('a decline says why', [declined.type, declined.rawType, declined.decline_code, declined.payment_intent.status, declined.payment_intent.last_payment_error.decline_code, declined.charge === declined.payment_intent.latest_charge], ['StripeCardError', 'card_error', 'insufficient_funds', 'requires_payment_method', 'insufficient_funds', true]);
  is('a decline names the method', [declined.payment_method.card.last4, declined.payment_method_type], ['9995', 'card']);
  is('a decline says where to read', declined.doc_url, 'https://docs.stripe.com/error-codes#card-declined');
  is('a decline has a request id', /^req_/.test(declined.requestId), true);
  await says('an intent that is not there', () => stripe.paymentIntents.retrieve('pi_absent'), 'StripeInvalidRequestError', 404, 'resource_missing', 'intent');
  await says('a customer that is not there', () => stripe.customers.retrieve('cus_absent'), 'StripeInvalidRequestError', 404, 'resource_missing', 'id');
  await says('no amount', () => stripe.paymentIntents.create({ currency: 'eur' }), 'StripeInvalidRequestError', 400, 'parameter_missing', 'amount');
  await says('an unknown parameter', () => stripe.paymentIntents.create({ amount: 1, currency: 'eur', tip: 3 }), 'StripeInvalidRequestError', 400, 'parameter_unknown', 'tip');
  await says('an unknown inner parameter', () => stripe.paymentIntents.create({ amount: 1, currency: 'eur', shipping: { name: 'Ada', planet: 'Mars' } }), 'StripeInvalidRequestError', 400, 'parameter_unknown', 'shipping[planet]');
  await says('a number that is none', () => stripe.paymentIntents.create({ amount: 'many', currency: 'eur' }), 'StripeInvalidRequestError', 400, 'parameter_invalid_integer', 'amount');
  await says('no such route', () => ownCall('POST', '/v1/moons'), 'StripeInvalidRequestError', 404, null);
  for (const [what, work] of [
    ['more on top of what is held', () => stripe.paymentIntents.incrementAuthorization(first.id, { amount: 2000 })],
    ['a cash balance', () => stripe.paymentIntents.applyCustomerBalance(first.id)],
    ['micro-deposits', () => stripe.paymentIntents.verifyMicrodeposits(first.id)],
    ['a direct charge', () => stripe.charges.create({ amount: 5, currency: 'eur', source: 'tok_visa' })],
    ['a payout called back', () => stripe.payouts.reverse('po_1')],
    ['a product', () => stripe.products.create({ name: 'Tea' })],
    ['a subscription', () => stripe.subscriptions.create({ customer: customer.id, items: [] })],
  ]) {
    const error = await says(`refused: ${what}`, work, 'StripeInvalidRequestError', 400, 'endpoint_not_supported');
    holds(`refused with a reason: ${what}`, /: |[.]/.test(error.message) && error.message.length > 40, error.message);
  }
});

await part('Metadata', async () => {
  const full = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}`.padStart(40, 'k'), 'v'.repeat(500)]));
  is('50 entries of 40 and 500 characters', Object.keys((await stripe.paymentIntents.create({ amount: 9, currency: 'eur', metadata: full })).metadata).length, 50);
  await says('a 51st entry', () => stripe.paymentIntents.create({ amount: 9, currency: 'eur', metadata: { ...full, more: '1' } }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'metadata');
  await says('a name of 41 characters', () => stripe.paymentIntents.create({ amount: 9, currency: 'eur', metadata: { ['n'.repeat(41)]: '1' } }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'metadata');
  await says('a value of 501 characters', () => stripe.paymentIntents.create({ amount: 9, currency: 'eur', metadata: { n: 'v'.repeat(501) } }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'metadata');
  is('one entry unset, one changed, one added', (await stripe.paymentIntents.update(noted.id, { metadata: { a: '', b: '4', d: '5' } })).metadata, { b: '4', c: '3', d: '5' });
  is('all unset', (await stripe.paymentIntents.update(noted.id, { metadata: '' })).metadata, {});
  is('an entry that is empty from the beginning is none', (await stripe.paymentIntents.create({ amount: 9, currency: 'eur', metadata: { a: '', b: '1' } })).metadata, { b: '1' });
});

await part('Amounts', async () => {
  is('a currency without decimals', (await card({ amount: 1, currency: 'jpy' })).amount_received, 1);
  is('a currency with three', (await card({ amount: 1230, currency: 'kwd' })).amount_received, 1230);
  is('the largest amount', (await stripe.paymentIntents.create({ amount: 99999999, currency: 'usd' })).amount, 99999999);
  await says('more than that', () => stripe.paymentIntents.create({ amount: 100000000, currency: 'usd' }), 'StripeInvalidRequestError', 400, 'amount_too_large', 'amount');
  for (const amount of [0, -1]) await says(`an amount of ${amount}`, () => stripe.paymentIntents.create({ amount, currency: 'usd' }), 'StripeInvalidRequestError', 400, 'parameter_invalid_integer', 'amount');
  await says('an amount beyond 64 bits', () => stripe.paymentIntents.create({ amount: '99999999999999999999', currency: 'usd' }), 'StripeInvalidRequestError', 400, 'parameter_invalid_integer', 'amount');
  await says('a currency that is none', () => stripe.paymentIntents.create({ amount: 5, currency: 'xyz' }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'currency');
});

await part('The balance beside the money', async () => {
  const charged = await stripe.charges.retrieve(first.latest_charge, { expand: ['balance_transaction', 'refunds', 'payment_intent.customer'] });
  is('a charge has its balance transaction', [charged.balance_transaction.object, charged.balance_transaction.amount, charged.balance_transaction.type, charged.balance_transaction.source], ['balance_transaction', 1000, 'charge', charged.id]);
  is('expansion over two objects', charged.payment_intent.customer.email, 'ada@market.example');
  is('expansion four deep', (await stripe.paymentIntents.retrieve(first.id, { expand: ['latest_charge.balance_transaction.source.payment_intent'] })).latest_charge.balance_transaction.source.payment_intent.id, first.id);
  await says('expansion five deep', () => stripe.paymentIntents.retrieve(first.id, { expand: ['latest_charge.balance_transaction.source.payment_intent.customer'] }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'expand');
  await says('expansion of a number', () => stripe.paymentIntents.retrieve(first.id, { expand: ['amount'] }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'expand');
  const listed = await stripe.paymentIntents.list({ customer: customer.id, expand: ['data.customer', 'data.latest_charge.balance_transaction'] });
  is('expansion in lists', [listed.data[0].customer.name, listed.data[0].latest_charge.balance_transaction.net], ['Ada', 1000]);
  const refund = await stripe.refunds.create({ payment_intent: first.id, amount: 400, expand: ['balance_transaction'] });
  is('a refund has its balance transaction', [refund.balance_transaction.amount, refund.balance_transaction.type, refund.balance_transaction.source], [-400, 'refund', refund.id]);
  const transactions = filter => stripe.balanceTransactions.list({ limit: 100, ...filter });
  is('transactions of a source', (await transactions({ source: refund.id })).data.map(entry => entry.amount), [-400]);
  is('transactions of a type', [...new Set((await transactions({ type: 'refund' })).data.map(entry => entry.type))], ['refund']);
  is('transactions of a currency', [...new Set((await transactions({ currency: 'kwd' })).data.map(entry => entry.currency))], ['kwd']);
  is('transactions of a type that is not here', (await transactions({ type: 'topup' })).data, []);
  await says('transactions of no type', () => transactions({ type: 'gift' }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'type');
  is('transactions of a time', (await transactions({ created: { gt: charged.balance_transaction.created + 100000 } })).data, []);
  const payout = await stripe.payouts.create({ amount: 250, currency: 'eur' });
  is('transactions of a payout', (await transactions({ payout: payout.id })).data.map(entry => [entry.amount, entry.type]), [[-250, 'payout']]);
  is('a payout has its balance transaction', (await stripe.payouts.retrieve(payout.id, { expand: ['balance_transaction'] })).balance_transaction.amount, -250);
  await says('a payout that is paid is not canceled', () => stripe.payouts.cancel(payout.id), 'StripeInvalidRequestError', 400, 'payout_unexpected_state');
});

await part('Lists in both directions', async () => {
  is('forwards', (await all(stripe.paymentIntents.list({ customer: reader.id, limit: 3 }))).map(one => one.id), made);
  is('backwards', (await all(stripe.paymentIntents.list({ customer: reader.id, limit: 2, ending_before: made[6] }))).map(one => one.id), made.slice(0, 6).reverse());
  is('a page', [(await stripe.paymentIntents.list({ customer: reader.id, limit: 3, starting_after: made[2] })).data.map(one => one.id), (await stripe.paymentIntents.list({ customer: reader.id, limit: 7 })).has_more], [made.slice(3, 6), false]);
  await says('a page of 101', () => stripe.paymentIntents.list({ limit: 101 }), 'StripeInvalidRequestError', 400, 'parameter_invalid_integer', 'limit');
  await says('both directions at once', () => stripe.paymentIntents.list({ starting_after: made[0], ending_before: made[1] }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'ending_before');
  await says('a page after nothing', () => stripe.paymentIntents.list({ starting_after: 'pi_absent' }), 'StripeInvalidRequestError', 404, 'resource_missing', 'intent');
});

await part('Search', async () => {
  const search = async (query, more = {}) => (await stripe.paymentIntents.search({ query, limit: 100, ...more })).data.map(one => one.amount);
  await stripe.paymentIntents.update(made[0], { metadata: { "the 'order'": 'a "b" c', n: '1', reader: reader.id } });
  await stripe.paymentIntents.update(made[1], { metadata: { n: '2', reader: reader.id } });
  const mine = `customer:'${reader.id}'`;
  is('by quoted metadata', await search(`${mine} AND metadata['the \\'order\\'']:'a "b" c'`), [106]);
  is('by one word or another', (await search(`metadata['reader']:'${reader.id}' OR metadata['n']:'no'`)).sort(), [105, 106]);
  is('by what is not', await search(`${mine} AND -metadata['n']:null`), [106, 105]);
  is('by what is lacking', (await search(`${mine} AND metadata['n']:null`)).length, 5);
  is('by time', await search(`${mine} AND created>${first.created + 100000}`), []);
  is('by a range of time', (await search(`${mine} AND created>=${first.created - 10} AND created<${first.created + 100000}`)).length, 7);
  is('by status', (await search(`${mine} AND -status:'succeeded'`)).length, 7);
  is('by pages', (await all(stripe.paymentIntents.search({ query: mine, limit: 2 }))).map(one => one.id), made);
  await says('and with or', () => search(`${mine} AND created>1 OR created<5`), 'StripeInvalidRequestError', 400, 'search_query_invalid', 'query');
  await says('a field that is none', () => search(`mood:'good'`), 'StripeInvalidRequestError', 400, 'search_query_invalid', 'query');
  await says('a part of an exact field', () => search(`status~'succ'`), 'StripeInvalidRequestError', 400, 'search_query_invalid', 'query');
  await says('eleven conditions', () => search(Array.from({ length: 11 }, (_, i) => `metadata['n']:'${i}'`).join(' OR ')), 'StripeInvalidRequestError', 400, 'search_query_invalid', 'query');
  is('customers by a part', (await stripe.customers.search({ query: "email~'market.exam'" })).data[0].id, customer.id);
  is('charges', (await stripe.charges.search({ query: `customer:'${customer.id}'` })).data.map(one => one.id), [first.latest_charge]);
});

await part('Checkout', async () => {
  const line = (name, amount, quantity) => ({ price_data: { currency: 'eur', unit_amount: amount, product_data: { name } }, quantity });
  const session = await stripe.checkout.sessions.create({
    mode: 'payment', line_items: [line('Tea', 300, 2), line('Cup', 900, 1), line('Pot', 2000, 1)], success_url: 'https://shop.example/thanks?s={CHECKOUT_SESSION_ID}', cancel_url: 'https://shop.example/', customer: customer.id, client_reference_id: 'order-9',
    metadata: { a: '1' }, payment_intent_data: { description: 'tea set', metadata: { order: '9' }, receipt_email: 'ada@market.example', capture_method: 'automatic' }, expand: ['line_items', 'payment_intent', 'customer'],
  });
  is('a session', [session.object, session.status, session.payment_status, session.amount_total, session.customer.name, session.client_reference_id, session.mode], ['checkout.session', 'open', 'unpaid', 3500, 'Ada', 'order-9', 'payment']);
  is('its lines', session.line_items.data.map(one => [one.description, one.quantity, one.amount_total]), [['Tea', 2, 600], ['Cup', 1, 900], ['Pot', 1, 2000]]);
  is('its intent', [session.payment_intent.description, session.payment_intent.metadata.order, session.payment_intent.receipt_email, session.payment_intent.customer], ['tea set', '9', 'ada@market.example', customer.id]);
  is('its lines in pages', (await all(stripe.checkout.sessions.listLineItems(session.id, { limit: 1 }))).map(one => one.description), ['Tea', 'Cup', 'Pot']);
  is('its note', (await stripe.checkout.sessions.update(session.id, { metadata: { b: '2' } })).metadata, { a: '1', b: '2' });
  const shown = await fetch(session.url);
  is('its page', [shown.status, (await shown.text()).includes('Tea')], [200, true]);
  await stripe.paymentIntents.confirm(session.payment_intent.id, { payment_method: 'pm_card_visa' });
  const bought = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge.balance_transaction'] });
  is('it is paid', [bought.status, bought.payment_status, bought.url, bought.payment_intent.latest_charge.balance_transaction.net], ['complete', 'paid', null, 3500]);
  is('it is found by its intent', (await stripe.checkout.sessions.list({ payment_intent: bought.payment_intent.id, expand: ['data.line_items'] })).data.map(one => one.line_items.data.length), [3]);
  await says('it is not expired when it is paid', () => stripe.checkout.sessions.expire(session.id), 'StripeInvalidRequestError', 400, 'resource_invalid_state');
  const lapsed = await stripe.checkout.sessions.create({ mode: 'payment', line_items: [line('Tea', 300, 1)], success_url: 'https://shop.example/' });
  is('one that is expired', [(await stripe.checkout.sessions.expire(lapsed.id)).status, (await stripe.paymentIntents.retrieve(lapsed.payment_intent)).status], ['expired', 'canceled']);
  await says('a session for nobody that is known', () => stripe.checkout.sessions.create({ mode: 'payment', customer: 'cus_absent', line_items: [line('Tea', 300, 1)] }), 'StripeInvalidRequestError', 404, 'resource_missing', 'customer');
  await says('a session that would be recovered', () => stripe.checkout.sessions.create({ mode: 'payment', after_expiration: { recovery: { enabled: true } }, line_items: [line('Tea', 300, 1)] }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'after_expiration[recovery][enabled]');
  await says('a subscription by checkout', () => stripe.checkout.sessions.create({ mode: 'subscription', line_items: [line('Tea', 300, 1)] }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'mode');
  const link = await stripe.paymentLinks.create({ line_items: [line('Honey', 700, 1)], metadata: { from: 'poster' } });
  is('a payment link', [link.object, link.active, (await stripe.paymentLinks.listLineItems(link.id)).data[0].description, (await fetch(link.url)).status], ['payment_link', true, 'Honey', 200]);
  is('its note and its end', (({ metadata, active }) => [metadata, active])(await stripe.paymentLinks.update(link.id, { metadata: { from: 'leaflet' }, active: false })), [{ from: 'leaflet' }, false]);
});

await part('Cards that are kept', async () => {
  const setup = await stripe.setupIntents.create({ customer: customer.id, payment_method: 'pm_card_visa', confirm: true, usage: 'off_session', metadata: { why: 'later' } });
  is('a card set up', [setup.object, setup.status, setup.customer, setup.usage, setup.metadata.why, typeof setup.payment_method], ['setup_intent', 'succeeded', customer.id, 'off_session', 'later', 'string']);
  is('it is the customer\'s', (await stripe.paymentMethods.retrieve(setup.payment_method)).customer, customer.id);
  is('it pays without the customer', (await card({ customer: customer.id, payment_method: setup.payment_method, off_session: true })).status, 'succeeded');
  const draft = await stripe.setupIntents.create({ customer: customer.id });
  is('a setup intent waits', [draft.status, typeof draft.client_secret, draft.payment_method], ['requires_payment_method', 'string', null]);
  await says('a card that cannot be set up', () => stripe.setupIntents.confirm(draft.id, { payment_method: 'pm_card_chargeDeclined' }), 'StripeCardError', 402, 'card_declined');
  is('and waits again', (await stripe.setupIntents.retrieve(draft.id)).last_setup_error.code, 'card_declined');
  await says('what cannot be kept', () => stripe.setupIntents.confirm(draft.id, { payment_method_data: { type: 'lightning' } }), 'StripeInvalidRequestError', 400, 'payment_method_not_available', 'payment_method_data[type]');
  is('it is given up', [(await stripe.setupIntents.cancel(draft.id, { cancellation_reason: 'abandoned' })).status, (await stripe.setupIntents.list({ customer: customer.id })).data.length], ['canceled', 2]);
  const kept = await card({ customer: customer.id, setup_future_usage: 'off_session', expand: ['payment_method'] });
  is('a card kept by paying', [kept.setup_future_usage, kept.payment_method.customer], ['off_session', customer.id]);
  await says('a return address without a confirmation', () => stripe.paymentIntents.create({ amount: 5, currency: 'eur', return_url: 'https://shop.example/' }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'return_url');
});

await part('A browser\'s key', async () => {
  const publishable = new Stripe((await ownCall('POST', '/v1/api_keys', { type: 'publishable' })).secret, options);
  const mineToPay = await stripe.paymentIntents.create({ amount: 600, currency: 'eur', metadata: { margin: 'secret' } });
  const seen = await publishable.paymentIntents.retrieve(mineToPay.id, { client_secret: mineToPay.client_secret });
  is('a browser sees what it pays', [seen.amount, seen.metadata ?? null], [600, null]);
  await says('and nothing without the secret', () => publishable.paymentIntents.retrieve(mineToPay.id), 'StripeInvalidRequestError', 404, 'resource_missing', 'intent');
  await says('nor with another one', () => publishable.paymentIntents.retrieve(mineToPay.id, { client_secret: noted.client_secret }), 'StripeInvalidRequestError', 404, 'resource_missing', 'intent');
  await says('nor anything else', () => publishable.customers.list(), 'StripePermissionError', 403, 'more_permissions_required');
  is('it pays', (await publishable.paymentIntents.confirm(mineToPay.id, { client_secret: mineToPay.client_secret, payment_method: 'pm_card_visa', return_url: 'https://shop.example/' })).status, 'succeeded');
});

await part('Events', async () => {
  const heard = [];
  const receiver = http.createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    heard.push(stripe.webhooks.constructEvent(body, request.headers['stripe-signature'], endpoint.secret));
    response.end();
  });
  await new Promise(done => receiver.listen(0, '127.0.0.1', done));
  const endpoint = await stripe.webhookEndpoints.create({ url: `http://127.0.0.1:${receiver.address().port}/hooks`, enabled_events: ['customer.updated', 'payment_intent.succeeded'], api_version: '2026-10-28.endive' });
  is('the secret is told once', [/^whsec_/.test(endpoint.secret), (await stripe.webhookEndpoints.retrieve(endpoint.id)).secret ?? null, endpoint.api_version, endpoint.status], [true, null, '2026-10-28.endive', 'enabled']);
  await stripe.customers.update(customer.id, { name: 'Ada L.', metadata: { tier: 'silver', since: '1815' } });
  const changed = (await until('customer.updated', async () => heard, seen => seen.length > 0))[0];
  is('what it was before', changed.data.previous_attributes, { metadata: { since: null, tier: 'gold' }, name: 'Ada' });
  is('what it is', [changed.data.object.name, changed.api_version, changed.livemode, changed.object], ['Ada L.', '2026-10-28.endive', false, 'event']);
  const kept2 = await until('delivery', () => stripe.events.retrieve(changed.id), event => event.pending_webhooks === 0);
  is('the same event by asking', [kept2.type, kept2.data.previous_attributes], [changed.type, changed.data.previous_attributes]);
  await card({ amount: 321 });
  await until('payment_intent.succeeded', async () => heard, seen => seen.some(event => event.type === 'payment_intent.succeeded' && event.data.object.amount === 321));
  const kinds = (await all(stripe.events.list({ types: ['customer.updated', 'charge.succeeded'], limit: 5 }))).map(event => event.type);
  is('events of two kinds', [...new Set(kinds)].sort(), ['charge.succeeded', 'customer.updated']);
  await says('a kind and kinds', () => stripe.events.list({ type: 'charge.succeeded', types: ['charge.failed'] }), 'StripeInvalidRequestError', 400, 'parameter_invalid', 'types');
  // What is still told of what was done before would move the lists: they are read until nothing came between.
  const latest = async () => (await stripe.events.list({ limit: 30 })).data.map(event => event.id);
  const [newest, forwards, backwards] = await until('no event between', async () => {
    const before = await latest();
    const down = (await all(stripe.events.list({ limit: 7 }))).slice(0, 30).map(event => event.id);
    const up = (await all(stripe.events.list({ limit: 7, ending_before: before[29] }))).slice(0, 29).map(event => event.id);
    return [before, down, up, await latest()];
  }, seen => isDeepStrictEqual(seen[0], seen[3]));
  is('events forwards', forwards, newest);
  is('events backwards', backwards, newest.slice(0, 29).reverse());
  is('events that were delivered', (await until('all deliveries', () => stripe.events.list({ delivery_success: false }), list => list.data.length === 0)).data.length, 0);
  is('an endpoint that rests', (await stripe.webhookEndpoints.update(endpoint.id, { disabled: true })).status, 'disabled');
  is('an endpoint that is gone', (await stripe.webhookEndpoints.del(endpoint.id)).deleted, true);
  receiver.close();
  receiver.closeAllConnections();
});

await part('A step-up: the card\'s bank wants to see its holder', async () => {
  const returnUrl = 'https://shop.example/back?order=9';
  const strong = more => card({ payment_method: 'pm_card_authenticationRequired', ...more });
  const asked = await strong({ return_url: returnUrl });
  is('an action is asked for', [asked.status, asked.next_action.type, asked.next_action.redirect_to_url.return_url, asked.amount_received], ['requires_action', 'redirect_to_url', returnUrl, 0]);
  const page = await (await fetch(asked.next_action.redirect_to_url.url)).text();
  is('its page asks', /<form[^>]*method="post"/.test(page), true);
  const answer = async (intent, result) => (await fetch(intent.next_action.redirect_to_url.url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: recorder.url.origin }, body: new URLSearchParams({ result }) })).text();
  const done = (await answer(asked, 'complete')).replaceAll('&amp;', '&');
  is('the way back says how it went', [done.includes(`${returnUrl}&payment_intent=${asked.id}`), done.includes('redirect_status=succeeded')], [true, true]);
  const paid = await stripe.paymentIntents.retrieve(asked.id, { expand: ['latest_charge'] });
  is('it is paid', [paid.status, paid.amount_received, paid.next_action, paid.latest_charge.payment_method_details.card.last4], ['succeeded', 1000, null, '3184']);
  const refused = await strong({ return_url: returnUrl });
  is('a holder who does not confirm', (await answer(refused, 'fail')).includes('redirect_status=failed'), true);
  const failed = await stripe.paymentIntents.retrieve(refused.id);
  is('nothing is charged', [failed.status, failed.last_payment_error.code, failed.next_action], ['requires_payment_method', 'payment_intent_authentication_failure', null]);
  const held = await strong({ return_url: returnUrl, capture_method: 'manual' });
  await answer(held, 'complete');
  is('an authorisation is held after it', (await stripe.paymentIntents.retrieve(held.id)).status, 'requires_capture');
  const poor = await card({ payment_method: 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds', return_url: returnUrl });
  await answer(poor, 'complete');
  is('a card may still be declined', (await stripe.paymentIntents.retrieve(poor.id)).last_payment_error.decline_code, 'insufficient_funds');
  for (const more of [{ off_session: true }, { error_on_requires_action: true }]) {
    const error = await says(`nobody to ask: ${Object.keys(more)}`, () => strong(more), 'StripeCardError', 402, 'authentication_required');
    is(`why: ${Object.keys(more)}`, error.decline_code, 'authentication_required');
  }
  const left = await strong({ return_url: returnUrl });
  is('it can be given up', (await stripe.paymentIntents.cancel(left.id)).status, 'canceled');
  await answer(left, 'complete');
  is('and is not paid afterwards', (await stripe.paymentIntents.retrieve(left.id)).amount_received, 0);
});

await part('Reviews and disputes', async () => {
  const disputed = await card({ amount: 800, payment_method: 'pm_card_createDispute' });
  const dispute = await until('a dispute', async () => (await stripe.disputes.list({ payment_intent: disputed.id })).data[0], Boolean);
  is('a dispute takes the money', [dispute.status, dispute.balance_transactions.map(entry => entry.amount), dispute.evidence_details.has_evidence], ['needs_response', [-800], false]);
  is('evidence is kept', (await stripe.disputes.update(dispute.id, { evidence: { customer_name: 'Ada' }, submit: false })).evidence.customer_name, 'Ada');
  is('evidence wins it back', (await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } })).status, 'won');
  is('and the money', (await stripe.disputes.retrieve(dispute.id)).balance_transactions.map(entry => entry.amount).sort((a, b) => a - b), [-800, 800]);
  await says('a dispute that is over', () => stripe.disputes.close(dispute.id), 'StripeInvalidRequestError', 400, 'dispute_unexpected_state');
  const watched = await card({ payment_method: 'pm_card_riskLevelElevated' });
  is('a payment in review is held', [watched.status, typeof watched.review], ['requires_capture', 'string']);
  is('a review by its payment', (await stripe.reviews.list()).data.some(review => review.payment_intent === watched.id), true);
  is('a review approved', [(await stripe.reviews.approve(watched.review)).closed_reason, (await until('the capture', () => stripe.paymentIntents.retrieve(watched.id), one => one.status === 'succeeded')).amount_received], ['approved', 1000]);
  await says('a review that is closed', () => stripe.reviews.approve(watched.review), 'StripeInvalidRequestError', 400, 'review_closed');
});

recorder.close();
const document = readDocument();
const report = { steps, differing, complaints: complaints(recordsOf(recorder.exchanges)) };
if (document) report.schema = { version: document.info.version, ...hold(document, recorder.exchanges) };
console.log(JSON.stringify(report));
