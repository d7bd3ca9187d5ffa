// Too little, too much, too late and twice: how bitcoin payments heal, by the official Stripe client against a server on regtest.
// node settle.mjs '{"url":"http://127.0.0.1:8086","key":"sk_test_…"}'. The report lists what differs from docs/states.md, and the test wants nothing.
import http from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import Stripe from 'stripe';

const { url, key } = JSON.parse(process.argv[2]);
const target = new URL(url);
const stripe = new Stripe(key, { host: target.hostname, port: Number(target.port), protocol: 'http', telemetry: false, maxNetworkRetries: 0, timeout: 120000 });
const differing = [];
let steps = 0;
const is = (what, seen, expected) => {
  steps++;
  if (!isDeepStrictEqual(seen, expected)) differing.push({ what, seen: seen ?? null, expected });
};
const part = async (what, work) => {
  try {
    await work();
  } catch (error) {
    differing.push({ what, seen: String(error.stack ?? error).split('\n').slice(0, 4).join(' | '), expected: 'no error' });
  }
};
const until = async (what, look, isDone) => {
  let seen;
  for (let i = 0; i < 6000; i++) {
    seen = await look();
    if (isDone(seen)) return seen;
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error(`${what}: it did not come to pass within five minutes: ${JSON.stringify(seen).slice(0, 1500)}`);
};
const helper = (path, params = {}) => stripe.rawRequest('POST', `/v1/test_helpers/${path}`, params);
const confirm = (id, type, more = {}) => stripe.paymentIntents.confirm(id, { payment_method_data: { type, ...more } });
const pay = (intent, type, amount) => helper(`payment_intents/${intent.id}/pay`, { payment_method_type: type, ...(amount ? { amount } : {}) });
const advance = (intent, seconds) => helper(`payment_intents/${intent.id}/advance`, { seconds });
const mine = count => helper('blocks', { count });
const retrieve = intent => stripe.paymentIntents.retrieve(intent.id);
const excessOf = intent => until(`the excess of ${intent.id}`, async () => (await stripe.refunds.list({ payment_intent: intent.id })).data.filter(one => one.tributary.excess), found => found.length > 0);
const pageOf = async intent => (await fetch(`${url.replace(/\/$/, '')}/pay/${intent.id}?client_secret=${intent.client_secret}`, { headers: { accept: 'text/html' } })).text();
const words = html => html.replace(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>/g, ' ').replace(/<[^>]+>/g, ' ').replace(/&#x?[0-9a-zA-Z]+;|\s+/g, ' ');
const told = (intent, type) => until(`${type} of ${intent.id}`, async () => (await stripe.events.list({ type, limit: 100 })).data.find(event => event.data.object.id === intent.id || event.data.object.payment_intent === intent.id), Boolean);
const bitcoin = 'bitcoin';
const lightning = 'lightning';
await helper('channels', { amount: 100000 });

await part('too little', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 50000, currency: 'btc' });
  const asked = await confirm(intent.id, bitcoin);
  is('the way to pay', [asked.status, asked.next_action.type, asked.next_action.display_bitcoin_instructions.bitcoin.amount_msat], ['requires_action', 'display_bitcoin_instructions', '50000000']);
  const seen = await pay(intent, bitcoin, 20000);
  is('a part has come', [seen.status, seen.amount_received, seen.tributary.amount_remaining], ['requires_action', 0, 30000]);
  is('the page asks for the rest', /30,?000|0\.0003/.test(words(await pageOf(intent))), true);
  const page = words(await pageOf(intent));
  is('the page says that a part has come', /part/i.test(page), true);
  const again = await confirm(intent.id, bitcoin);
  is('the request for the rest', again.next_action.display_bitcoin_instructions.bitcoin.amount_msat, '30000000');
  await pay(intent, bitcoin);
  await mine(6);
  const done = await until('both parts settle', () => retrieve(intent), one => one.status === 'succeeded');
  is('the whole has come', [done.amount_received, done.tributary.amount_remaining], [50000, 0]);
  is('no excess', (await stripe.refunds.list({ payment_intent: intent.id })).data, []);
  is('its balance transactions', (await stripe.balanceTransactions.list({ source: done.latest_charge })).data.reduce((sum, entry) => sum + entry.amount, 0), 50000);
});

await part('the rest by another rail', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 40000, currency: 'btc' });
  await confirm(intent.id, bitcoin);
  await pay(intent, bitcoin, 15000);
  const again = await confirm(intent.id, lightning);
  is('the invoice is for the rest', again.next_action.display_bitcoin_instructions.lightning.amount_msat, '25000000');
  await pay(intent, lightning);
  await mine(6);
  const done = await until('both rails settle', () => retrieve(intent), one => one.status === 'succeeded');
  is('both counted', done.amount_received, 40000);
});

await part('too much, and the shopper says where to', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 30000, currency: 'btc' });
  await confirm(intent.id, bitcoin);
  await pay(intent, bitcoin, 45000);
  await mine(6);
  const done = await until('it settles', () => retrieve(intent), one => one.status === 'succeeded');
  is('what was asked for counts', [done.amount_received, done.amount], [30000, 30000]);
  const [excess] = await excessOf(intent);
  is('the rest waits for the shopper', [excess.status, excess.amount, excess.currency, excess.next_action.type], ['requires_action', 15000, 'btc', 'display_details']);
  is('the link ends one day', excess.next_action.display_details.expires_at > Date.now() / 1000 + 24 * 3600, true);
  is('it is no money of the merchant', (await stripe.balanceTransactions.list({ source: done.latest_charge })).data.reduce((sum, entry) => sum + entry.amount, 0), 30000);
  is('it is told', (await told(excess, 'refund.created')).data.object.status, 'requires_action');
  const page = words(await (await fetch(excess.next_action.display_details.url)).text());
  is('the page of the claim names the money', /15,?000|0\.00015/.test(page), true);
  is('the page of the payment says that money waits', /back|refund|return/i.test(words(await pageOf(intent))), true);
  const { invoice } = await helper('invoices', { amount_msat: 15000000 });
  const token = new URL(excess.next_action.display_details.url).pathname;
  const form = await fetch(`${url.replace(/\/$/, '')}${token}`, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: url.replace(/\/$/, '') }, body: new URLSearchParams({ destination: invoice }) });
  is('the shopper names an invoice', form.status < 400, true);
  const paid = await until('it is paid back', () => stripe.refunds.retrieve(excess.id), one => one.status === 'succeeded');
  is('it went by Lightning', paid.tributary.transfer.type, 'lightning');
});

await part('too much, and the destination is known', async () => {
  const { invoice } = await helper('invoices', {});
  const intent = await stripe.paymentIntents.create({ amount: 30000, currency: 'btc' });
  await confirm(intent.id, bitcoin, { bitcoin: { refund_destination: invoice } });
  await pay(intent, bitcoin, 42000);
  await mine(6);
  const [excess] = await excessOf(intent);
  const back = await until('it goes back by itself', () => stripe.refunds.retrieve(excess.id), one => one.status === 'succeeded');
  is('the excess went back', [back.amount, back.tributary.transfer.destination], [12000, invoice]);
});

await part('nobody claims it', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 30000, currency: 'btc' });
  await confirm(intent.id, bitcoin);
  await pay(intent, bitcoin, 36000);
  await mine(6);
  const [excess] = await excessOf(intent);
  const over = await helper(`refunds/${excess.id}/expire`);
  is('its time is over', [over.status, over.next_action ?? null], ['failed', null]);
  is('the link says so', (await fetch(excess.next_action.display_details.url)).status < 500, true);
  const own = (await stripe.balance.retrieve()).tributary.btc;
  is('it stays the shopper\'s', Number(own.shoppers_excess) >= 6000000, true);
});

await part('late, at the rate that was shown', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 1000, currency: 'eur' });
  const asked = await confirm(intent.id, bitcoin);
  const due = Number(asked.next_action.display_bitcoin_instructions.bitcoin.amount_msat) / 1000;
  await pay(intent, bitcoin);
  await advance(intent, 3600);
  await mine(6);
  const done = await until('it settles after its quote', () => retrieve(intent), one => one.status === 'succeeded');
  is('seen before the quote ended it keeps its rate', [done.amount_received, due > 0], [1000, true]);
});

await part('late, at the rate of now', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 1000, currency: 'eur' });
  await confirm(intent.id, bitcoin);
  const lapsed = await advance(intent, 3600);
  is('nothing is asked for any more', [lapsed.status, lapsed.next_action], ['requires_payment_method', null]);
  await pay(intent, bitcoin);
  await mine(6);
  const done = await until('it counts by the price of now', () => retrieve(intent), one => one.amount_received > 0);
  is('what came is worth what it is worth now, and the rest is asked for', done.amount_received + done.tributary.amount_remaining, 1000);
});

await part('after the end', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 1000, currency: 'eur' });
  await confirm(intent.id, bitcoin);
  const ended = await advance(intent, 3 * 24 * 3600);
  is('it is over', [ended.status, ended.cancellation_reason], ['canceled', 'expired']);
  await pay(intent, bitcoin);
  await mine(6);
  const [excess] = await excessOf(intent);
  is('all of it is the shopper\'s', [excess.status, excess.currency, excess.amount > 0, (await retrieve(intent)).amount_received], ['requires_action', 'btc', true, 0]);
  is('it is canceled as before', (await retrieve(intent)).status, 'canceled');
  const page = words(await pageOf(intent));
  is('the page says where the money is', /back|refund|return/i.test(page), true);
});

await part('canceled while money is on its way', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 25000, currency: 'btc' });
  await confirm(intent.id, bitcoin);
  await stripe.paymentIntents.cancel(intent.id, { cancellation_reason: 'requested_by_customer' });
  await pay(intent, bitcoin);
  await mine(6);
  const [excess] = await excessOf(intent);
  is('what comes afterwards is the shopper\'s', [excess.amount, excess.status], [25000, 'requires_action']);
});

await part('by both rails', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 35000, currency: 'btc' });
  await confirm(intent.id, lightning);
  const asked = await confirm(intent.id, bitcoin);
  is('both ways are open', Object.keys(asked.next_action.display_bitcoin_instructions).sort(), ['bitcoin', 'hosted_instructions_url', 'lightning']);
  await pay(intent, lightning);
  await until('the first settles', () => retrieve(intent), one => one.status === 'succeeded');
  await pay(intent, bitcoin);
  await mine(6);
  const [excess] = await excessOf(intent);
  is('the second is the shopper\'s', [excess.amount, excess.status, (await retrieve(intent)).amount_received], [35000, 'requires_action', 35000]);
});

await part('twice to one address', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 20000, currency: 'btc' });
  await confirm(intent.id, bitcoin);
  await pay(intent, bitcoin);
  await pay(intent, bitcoin);
  await mine(6);
  await until('it settles', () => retrieve(intent), one => one.status === 'succeeded');
  const excess = await excessOf(intent);
  is('the second payment is the shopper\'s', [excess.reduce((sum, one) => sum + one.amount, 0), excess[0].status], [20000, 'requires_action']);
});

await part('more confirmations for more money', async () => {
  const small = await stripe.paymentIntents.create({ amount: 900000, currency: 'btc' });
  const large = await stripe.paymentIntents.create({ amount: 5000000, currency: 'btc' });
  for (const intent of [small, large]) {
    await confirm(intent.id, bitcoin);
    is('seen and not settled', (await pay(intent, bitcoin)).status, 'processing');
  }

  await mine(1);
  await until('one block is enough for a little', () => retrieve(small), one => one.status === 'succeeded');
  is('and not for much', (await retrieve(large)).status, 'processing');
  await mine(1);
  await until('two are enough for more', () => retrieve(large), one => one.status === 'succeeded');
});

await part('the books', async () => {
  // Read in several requests: until nothing is booked between them.
  const available = async () => (await stripe.balance.retrieve()).tributary.btc.available;
  const [before, exact] = await until('nothing booked between', async () => {
    const first = await available();
    let sum = 0n;
    for await (const entry of stripe.balanceTransactions.list({ currency: 'btc', limit: 100 })) sum += BigInt(entry.tributary.amount) - BigInt(entry.tributary.fee);
    return [first, String(sum), await available()];
  }, seen => seen[0] === seen[2]);
  is('the entries add up to the balance', exact, before);
  const health = await until('the books are compared', async () => (await fetch(`${url.replace(/\/$/, '')}/health`)).json(), seen => seen.is_healthy && seen.reconciliation === 'balanced');
  is('the server is well', [health.is_healthy, health.reconciliation, health.problems], [true, 'balanced', []]);
});

console.log(JSON.stringify({ steps, differing }));
