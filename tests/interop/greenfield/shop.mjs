// A shop on a Greenfield client that others wrote: node shop.mjs '{"url":"http://127.0.0.1:8086","key":"…","store":"store_main","helper":"sk_test_…"}'
// Prints one JSON object with what each step gave; the test judges it.
import http from 'node:http';
import { createHmac } from 'node:crypto';
import client from 'btcpay-greenfield-node-client';

const { url, key, store, helper } = JSON.parse(process.argv[2]);
const { OpenAPI, ApiKeysService, HealthService, InvoicesService, ServerInfoService, StoresService, UsersService, WebhooksService } = client;
OpenAPI.BASE = url.replace(/\/$/, '');
OpenAPI.TOKEN = key;
const report = {};
const failure = async work => {
  try {
    await work();
    return null;
  } catch (error) {
    return { status: error.status, body: error.body };
  }
};

// The first dialect's helpers stand in for the shopper.
const help = async (path, form) => {
  const answer = await fetch(new URL(path, url), { method: form ? 'POST' : 'GET', headers: { authorization: `Bearer ${helper}` }, body: form && new URLSearchParams(form) });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return answer.json();
};
const intentOf = async id => (await help(`/v1/payment_intents/search?query=${encodeURIComponent(`metadata["invoice_id"]:"${id}"`)}`)).data[0].id;
const until = async (ask, isThere) => {
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
};

// A receiver that fails at first, so that events come a second time; it checks each as plugins do.
const secret = 'a secret between shop and server';
const heard = [];
let failures = 1;
const receiver = http.createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const signature = 'sha256=' + createHmac('sha256', secret).update(body).digest('hex');
  if (failures-- > 0) {
    response.statusCode = 500;
    response.end();
    return;
  }
  heard.push({ isGenuine: request.headers['btcpay-sig'] === signature, ...JSON.parse(body) });
  response.end();
});
await new Promise(resolve => receiver.listen(0, '127.0.0.1', resolve));
const target = `http://127.0.0.1:${receiver.address().port}/hook`;

const info = await ServerInfoService.serverInfoGetServerInfo();
report.server = [info.version.split('.').length, info.fullySynched, info.supportedPaymentMethods];
report.health = await HealthService.healthGetHealth();
report.user = (await UsersService.usersGetCurrentUser()).id;
const made = await ApiKeysService.postApiKeysService({ requestBody: { label: 'till', permissions: [`btcpay.store.canviewinvoices:${store}`] } });
OpenAPI.TOKEN = made.apiKey;
report.key = (await ApiKeysService.getApiKeysService()).permissions;
report.narrow = (await failure(() => InvoicesService.invoicesCreateInvoice({ storeId: store, requestBody: { amount: '5', currency: 'EUR' } }))).status;
await ApiKeysService.deleteApiKeysService1();
report.ended = (await failure(() => ApiKeysService.getApiKeysService())).status;
OpenAPI.TOKEN = key;

const shop = await StoresService.postStoresService({ requestBody: { name: 'Node shop', defaultCurrency: 'EUR', networkFeeMode: 'MultiplePaymentsOnly', paymentTolerance: 0 } });
report.stores = (await StoresService.storesGetStores()).some(one => one.id === shop.id);
report.renamed = (await StoresService.storesUpdateStore({ storeId: shop.id, requestBody: { ...shop, name: 'Renamed', speedPolicy: 'LowSpeed' } })).name;
await StoresService.deleteStoresService({ storeId: shop.id });
report.deleted = (await failure(() => StoresService.storesGetStore({ storeId: shop.id }))).status;

const hook = await WebhooksService.postWebhooksService({ storeId: store, requestBody: { url: target, enabled: true, automaticRedelivery: true, authorizedEvents: { everything: true }, secret } });
const invoice = await InvoicesService.invoicesCreateInvoice({
  storeId: store,
  requestBody: { amount: '12.00', currency: 'EUR', metadata: { orderId: 'order-1', itemDesc: 'Grüner Tee' }, checkout: { paymentMethods: ['BTC-LightningNetwork', 'BTC'], redirectURL: 'https://shop.example/{OrderId}' } },
});
report.invoice = [invoice.amount, invoice.currency, invoice.status, invoice.additionalStatus, invoice.checkout.paymentMethods, invoice.metadata.itemDesc];
const methods = await InvoicesService.invoicesGetInvoicePaymentMethods({ storeId: store, invoiceId: invoice.id });
report.methods = methods.map(method => [method.paymentMethod, method.rate, method.due, method.destination.slice(0, 6)]);
report.page = (await fetch(invoice.checkoutLink)).status;
await help(`/v1/test_helpers/payment_intents/${await intentOf(invoice.id)}/pay`, { payment_method_type: 'lightning' });
const settled = await until(() => InvoicesService.invoicesGetInvoice({ storeId: store, invoiceId: invoice.id }), answer => answer.status === 'Settled');
report.settled = [settled.status, settled.additionalStatus];
report.renamedOrder = (await InvoicesService.invoicesUpdateInvoice({ storeId: store, invoiceId: invoice.id, requestBody: { metadata: { orderId: 'order-2' } } })).metadata.orderId;

const second = await InvoicesService.invoicesCreateInvoice({ storeId: store, requestBody: { amount: '3', currency: 'USD' } });
report.marked = (await InvoicesService.invoicesMarkInvoiceStatus({ storeId: store, invoiceId: second.id, requestBody: { status: 'Invalid' } })).status;
report.listed = (await InvoicesService.invoicesGetInvoices({ storeId: store })).map(one => one.id === invoice.id || one.id === second.id);
await InvoicesService.invoicesArchiveInvoice({ storeId: store, invoiceId: second.id });
report.archived = (await InvoicesService.invoicesGetInvoices({ storeId: store })).length;

const names = () => [...new Set(heard.map(one => `${one.invoiceId === invoice.id ? 'first' : 'second'} ${one.type}`))].sort();
await until(async () => names(), known => known.length === 7);
report.heard = names();
report.genuine = heard.every(one => one.isGenuine && one.storeId === store && one.webhookId === hook.id);
const deliveries = await until(() => WebhooksService.getWebhooksService({ storeId: store, webhookId: hook.id, count: '10' }), all => all.length === 7 && all.every(one => one.status === 'HttpSuccess'));
report.deliveries = deliveries.every(one => one.httpCode === 200);
const before = heard.length;
await WebhooksService.postWebhooksService1({ storeId: store, webhookId: hook.id, deliveryId: deliveries[0].id });
await until(async () => heard.length, count => count > before);
report.redelivered = heard.at(-1).isRedelivery;
await WebhooksService.deleteWebhooksService({ storeId: store, webhookId: hook.id });
report.hooks = (await WebhooksService.webhokksGetWebhooks({ storeId: store })).length;

report.wrongAmount = await failure(() => InvoicesService.invoicesCreateInvoice({ storeId: store, requestBody: { amount: '-1', currency: 'EUR' } }));
report.missing = await failure(() => InvoicesService.invoicesGetInvoice({ storeId: store, invoiceId: 'none' }));
report.foreign = (await failure(() => InvoicesService.invoicesGetInvoices({ storeId: 'another' }))).body.code;
OpenAPI.TOKEN = 'wrong';
report.stranger = (await failure(() => StoresService.storesGetStores())).status;
receiver.close();
console.log(JSON.stringify(report));
process.exit(0);
