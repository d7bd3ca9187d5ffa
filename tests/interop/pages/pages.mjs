// Walks through all pages as people do: with a mouse, with the keyboard alone, without script, with a passkey. Prints what it saw as JSON.
import { chromium } from 'playwright-core';
import { measure, weigh } from './measure.mjs';

const { url, setup, key, greenfieldKey, store, folder, browser: program } = JSON.parse(process.argv[2]);
const password = 'four words are enough';
const report = { problems: [], measured: {}, visited: [], errors: [] };
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'], timeout: 180_000 });

/** A window; what a page logs as an error is kept. */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: false, ...options });
  context.setDefaultTimeout(180_000);
  const page = await context.newPage();
  page.on('pageerror', error => report.errors.push(String(error)));
  page.on('console', message => { if (message.type() === 'error') report.errors.push(`${page.url()}: ${message.text()}`); });
  return { context, page };
}

/** Opens paths in each look and measures them. */
async function look(pages, looks, state) {
  for (const [colorScheme, width] of looks) {
    // The page's own policy would refuse the measuring script.
    const { context, page } = await open({ colorScheme, viewport: { width, height: 760 }, bypassCSP: true, storageState: state });
    // A page that leaves for the shop after some seconds stays for as long as measuring takes.
    await context.addInitScript(() => {
      const later = globalThis.setTimeout;
      globalThis.setTimeout = (work, ms, ...rest) => (ms >= 5_000 ? 0 : later(work, ms, ...rest));
    });
    for (const [name, path] of pages) {
      const answer = await page.goto(new URL(path, url).href);
      report.visited.push({ path: new URL(page.url()).pathname, status: answer.status(), type: answer.headers()['content-type'] ?? '' });
      await measure(page, `${name}-${colorScheme}-${width}`, report, folder);
    }
    await context.close();
  }
}

/** The headline of a payment that is done: read at once, since the page leaves for the shop some seconds later. */
async function done(page) {
  const title = await page.waitForFunction(() => globalThis.document.querySelector('.phase-paid h2')?.innerText);
  return title.jsonValue();
}

/** Asks the API, as a shop does. */
async function api(path, fields) {
  const answer = await fetch(`${url}/v1${path}`, { method: fields ? 'POST' : 'GET', headers: { authorization: `Bearer ${key}` }, body: fields && new URLSearchParams(fields) });
  return answer.json();
}

/** Asks the other dialect, as its shops do. */
async function greenfield(path, body) {
  const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers: { authorization: `token ${greenfieldKey}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function buy(page, item) {
  await page.goto(`${url}/shop`);
  await page.getByRole('button', { name: `Buy ${item}` }).click();
  await page.waitForURL(/\/c\//);
  return page.url();
}

async function card(page, number) {
  await page.getByLabel('Card number').fill(number);
  await page.getByLabel('Expiry').fill('12/34');
  await page.getByLabel('Security code').fill('123');
}

// The first owner comes in by the link that the start printed.
const owner = await open();
await owner.page.goto(setup);
await owner.page.getByLabel('E-mail address').fill('owner@shop.example');
await owner.page.getByLabel('Password').fill(password);
await owner.page.getByRole('button', { name: 'Continue' }).click();
await owner.page.waitForURL(/\/dashboard$/);
report.setup = await owner.page.getByRole('heading', { level: 1 }).innerText();

// Buy, pay over Lightning, see it settle without touching the page, and find it in the dashboard.
const shopper = await open();
const open1 = await buy(shopper.page, 'House blend');
report.tabs = await shopper.page.getByRole('navigation', { name: 'Ways to pay' }).getByRole('link').allInnerTexts();
report.qr = await shopper.page.getByRole('img', { name: /QR code/ }).count();
report.countdown = await shopper.page.locator('time[data-countdown]').innerText();
const watcher = await open();
await watcher.page.goto(open1);
await shopper.page.getByRole('button', { name: 'Pay with the demo wallet' }).click();
report.watched = await done(watcher.page);
await watcher.context.close();
await shopper.page.waitForURL(/\/shop\/thanks/);
report.thanks = await shopper.page.getByRole('heading', { level: 1 }).innerText();
report.thanked = shopper.page.url();
await owner.page.goto(`${url}/dashboard/payments?q=&status=succeeded`);
await owner.page.locator('td a').first().click();
await owner.page.waitForURL(/\/dashboard\/payments\/pi_/);
report.story = await owner.page.locator('.timeline li span:first-child').allInnerTexts();
report.ledger = await owner.page.locator('section[aria-labelledby=ledger] tbody tr').count();
const story = new URL(owner.page.url()).pathname;

// Main tasks of the dashboard.
await owner.page.goto(`${url}/dashboard/links`);
await owner.page.getByLabel('What you sell').fill('A coffee for us');
await owner.page.getByLabel('Price').fill('5');
await owner.page.getByRole('button', { name: 'Make link' }).click();
report.link = await owner.page.locator('td a').first().innerText();
await owner.page.goto(`${url}/dashboard/webhooks`);
await owner.page.getByLabel('Address').fill('http://127.0.0.1:9/hooks');
await owner.page.getByRole('button', { name: 'Add' }).click();
report.webhook = await owner.page.locator('.notice .hash').innerText();
await owner.page.goto(`${url}/dashboard/team`);
await owner.page.getByLabel('E-mail address').fill('support@shop.example');
await owner.page.locator('select[name=role]').first().selectOption('Support');
await owner.page.getByRole('button', { name: 'Make invitation' }).click();
report.invited = await owner.page.locator('.notice .hash').innerText();

// A second one comes in, and forgets the password.
await owner.page.getByLabel('E-mail address').fill('viewer@shop.example');
await owner.page.getByRole('button', { name: 'Make invitation' }).click();
await owner.page.getByRole('heading', { name: 'Send this link to viewer@shop.example' }).waitFor();
const viewer = await open();
await viewer.page.goto(await owner.page.locator('.notice .hash').innerText());
await viewer.page.getByLabel('Password').fill(password);
await viewer.page.getByRole('button', { name: 'Continue' }).click();
await viewer.page.waitForURL(/\/dashboard$/);
await viewer.context.close();
await owner.page.goto(`${url}/dashboard/team`);
await owner.page.getByRole('button', { name: 'Password link for viewer@shop.example' }).click();
const reset = await owner.page.locator('.notice .hash').innerText();

// With the keyboard alone: to a button, into the shop's page, to the card, through the form.
const keys = await open();
await keys.page.goto(`${url}/shop`);
async function reach(matches, most) {
  for (let i = 0; i < most; i++) {
    await keys.page.keyboard.press('Tab');
    const seen = await keys.page.evaluate(() => {
      const at = document.activeElement;
      const style = getComputedStyle(at);
      return { text: at.getAttribute('aria-label') ?? at.getAttribute('name') ?? at.textContent.trim(), outline: parseFloat(style.outlineWidth), style: style.outlineStyle };
    });
    if (seen.style === 'none' || seen.outline < 2) report.problems.push(`no focus ring on ${seen.text}`);
    if (matches.test(seen.text)) return true;
  }
  throw new Error(`the keyboard does not reach ${matches}`);
}
await reach(/^Buy Enamel mug$/, 20);
await keys.page.keyboard.press('Enter');
await keys.page.waitForURL(/\/c\//);
await reach(/^Card$/, 20);
await keys.page.keyboard.press('Enter');
await keys.page.waitForURL(/pay=card/);
await reach(/^number$/, 20);
await keys.page.keyboard.type('4242424242424242');
await keys.page.keyboard.press('Tab');
await keys.page.keyboard.type('12/34');
await keys.page.keyboard.press('Tab');
await keys.page.keyboard.type('123');
await keys.page.keyboard.press('Enter');
report.keyboard = await done(keys.page);
await keys.context.close();

// Without script.
const plain = await open({ javaScriptEnabled: false });
const page1 = await buy(plain.page, 'Field notebook');
report.refresh = /<noscript><meta http-equiv="refresh" content="10"/.test(await (await plain.page.request.get(page1)).text());
await plain.page.getByRole('link', { name: 'Card', exact: true }).click();
await card(plain.page, '4000000000009995');
await plain.page.getByRole('button', { name: /^Pay / }).click();
report.declined = await plain.page.getByRole('alert').innerText();
await card(plain.page, '5555555555554444');
await plain.page.getByRole('button', { name: /^Pay / }).click();
report.plain = await plain.page.locator('.phase-paid h2').innerText();
const paid = plain.page.url();
await plain.context.close();

// From right to left the bill stands on the right, and German is German.
const open2 = await buy(shopper.page, 'Desk lamp');
await shopper.page.goto(`${open2}?lang=ar-XB`);
const bill = await shopper.page.locator('.bill').boundingBox();
const panel = await shopper.page.locator('.panel').boundingBox();
report.mirrored = bill.x > panel.x + panel.width;
await shopper.page.goto(open2);
report.straight = (await shopper.page.locator('.bill').boundingBox()).x < (await shopper.page.locator('.panel').boundingBox()).x;
await shopper.page.goto(`${open2}?lang=de`);
report.german = await shopper.page.locator('.phase h2').innerText();
report.weight = await weigh(shopper.context, open2);

// A passkey, with an authenticator that the browser plays; it belongs to a name, so this part calls the server localhost.
const named = url.replace('127.0.0.1', 'localhost');
const locked = await open();
const session = await locked.context.newCDPSession(locked.page);
await session.send('WebAuthn.enable');
await session.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true } });
await locked.page.goto(`${named}/login`);
await locked.page.getByLabel('E-mail address').fill('owner@shop.example');
await locked.page.getByLabel('Password').fill(password);
await locked.page.getByRole('button', { name: 'Sign in', exact: true }).click();
await locked.page.waitForURL(/\/dashboard$/);
await locked.page.goto(`${named}/dashboard/account`);
await locked.page.getByLabel(/^Name, such as/).fill('Test key');
await locked.page.getByRole('button', { name: 'Add a passkey' }).click();
await locked.page.getByRole('button', { name: 'Remove Test key' }).waitFor();
await locked.page.getByRole('button', { name: 'Sign out' }).first().click();
await locked.page.waitForURL(/\/login/);
await locked.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
await locked.page.waitForURL(/\/dashboard$/);
report.passkey = await locked.page.getByRole('heading', { level: 1 }).innerText();
await locked.context.close();

// A card whose bank wants to see its holder, in a session and in a bare intent.
await shopper.page.goto(`${await buy(shopper.page, 'Desk lamp')}?pay=card`);
await card(shopper.page, '4000002760003184');
await shopper.page.getByRole('button', { name: /^Pay / }).click();
await shopper.page.waitForURL(/\/authenticate/);
const asked = new URL(shopper.page.url()).pathname;
const waiting = await api('/payment_intents', { amount: 1900, currency: 'eur', confirm: true, payment_method: 'pm_card_authenticationRequired', return_url: 'https://shop.example/back' });

// An invoice of the other dialect, paid and not; money that somebody may claim; a refund that waits for its destination.
const invoice = await greenfield(`/stores/${store}/invoices`, { amount: '7', currency: 'EUR', metadata: { orderId: 'A7' } });
const settled = await greenfield(`/stores/${store}/invoices`, { amount: '5', currency: 'EUR' });
await shopper.page.goto(`${url}/i/${settled.id}?pay=lightning`);
await shopper.page.getByRole('button', { name: 'Pay with the demo wallet' }).click();
await shopper.page.waitForSelector('.phase-paid');
const pull = await greenfield(`/stores/${store}/pull-payments`, { name: 'Prize', description: 'First place', amount: '0.0001', currency: 'BTC', autoApproveClaims: true });
const owed = await api('/refunds', { payment_intent: story.split('/').pop(), amount: 100 });
const bare = await api('/payment_intents', { amount: 1200, currency: 'eur', description: 'A bag of coffee' });
const charged = await api('/payment_intents', { amount: 1300, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' });
const bareOf = (intent, part = '') => `/pay/${intent.id}${part}?client_secret=${intent.client_secret}`;

// Every page in light and dark, wide and narrow: those of shoppers in all four looks.
const state = await owner.context.storageState();
const both = [['light', 1280], ['dark', 320]];
await look([
  ['shop', '/shop'], ['wallet', open2], ['card', `${open2}?pay=card`], ['rtl', `${open2}?lang=ar-XB`], ['paid', paid],
], [['light', 1280], ['dark', 1280], ['light', 320], ['dark', 320]]);
const shoppers = [
  ['lightning', `${open2}?pay=lightning`], ['on-chain', `${open2}?pay=bitcoin`], ['receipt', `${new URL(paid).pathname}/receipt`], ['authenticate', asked], ['intent', bareOf(bare)],
  ['intent-receipt', bareOf(charged, '/receipt')], ['intent-authenticate', waiting.next_action.redirect_to_url.url], ['invoice', `/i/${invoice.id}`], ['invoice-method', `/i/${invoice.id}/BTC-CHAIN`],
  ['invoice-receipt', `/i/${settled.id}/receipt`], ['missing', '/c/cs_test_x/x'], ['claim', new URL(owed.next_action.display_details.url).pathname], ['claim-over', '/r/x'], ['pull', `/pull-payments/${pull.id}`], ['link', report.link],
];
await look([['start', '/'], ['chain', '/chain'], ['thanks', report.thanked], ['login', '/login'], ['forgot', '/login/forgot'], ['code', '/login/code'], ['reset', reset], ['reset-over', '/reset/x'], ['welcome', report.invited], ...shoppers], both);
await look(shoppers.map(([name, path]) => [`${name}-rtl`, `${path}${path.includes('?') ? '&' : '?'}lang=ar-XB`]), [['dark', 320]]);
const customer = await api('/customers', { name: 'Ada Lovelace', email: 'ada@example.org', 'metadata[tier]': 'gold' });
const card1 = { amount: 2500, currency: 'eur', confirm: true, customer: customer.id };
const bought = await api('/payment_intents', { ...card1, payment_method: 'pm_card_visa', description: 'Two books' });
await api('/refunds', { payment_intent: bought.id, amount: 500 });
await api('/payment_intents', { ...card1, payment_method: 'pm_card_createDispute', description: 'A chair' });
await api('/payment_intents', { ...card1, payment_method: 'pm_card_riskLevelElevated', description: 'Three lamps' });
await api('/payouts', { amount: 700, currency: 'eur', description: 'rent' });
let disputes;
do disputes = (await api('/disputes')).data; while (disputes.length === 0);
await owner.page.goto(`${url}/dashboard/addresses`);
await owner.page.getByLabel(/^Name, before/).fill('coffee');
await owner.page.getByRole('button', { name: 'Register' }).click();
await owner.page.getByRole('button', { name: 'Give up coffee' }).waitFor();
await owner.page.goto(`${url}/dashboard/lists`);
await owner.page.locator('select[name=list]').selectOption('blocked_addresses');
await owner.page.getByLabel('Who or what').fill('203.0.113.77');
await owner.page.getByLabel('Why').fill('card testing');
await owner.page.getByRole('button', { name: 'Add', exact: true }).click();
await owner.page.getByRole('cell', { name: 'card testing' }).waitFor();
const hook = (await api('/webhook_endpoints')).data[0].id;
const delivery = owner.page.locator('a[href^="/dashboard/webhooks/deliveries/"]').first();
do await owner.page.goto(`${url}/dashboard/webhooks/${hook}`); while (await delivery.count() === 0);
const sent = await delivery.getAttribute('href');
const parts = [
  '', '/customers', `/customers/${customer.id}`, '/disputes', `/disputes/${disputes[0].id}`, '/payouts', '/balance', '/lists', '/activity', '/settings', '/payments', '/refunds', '/reviews', '/risk', '/keys', '/links', '/addresses',
  '/liquidity', '/webhooks', `/webhooks/${hook}`, '/team', '/account',
];
const desk = parts.map(part => [`desk${part.replace(/\/(?:cus|dp|we)_.*/, '-one').replaceAll('/', '-')}`, `/dashboard${part}`]);
await look([...desk, ['desk-story', story], ['desk-delivery', sent]], both, state);
const wish = '/api-keys/authorize?applicationName=Shop&permissions=btcpay.store.canviewinvoices&permissions=btcpay.store.cancreateinvoice&selectiveStores=true';
await look([['api-keys', '/api-keys?mode=test'], ['api-keys-authorize', `${wish}&mode=test`], ['api-keys-authorize-live', wish]], both, state);

// The other side of the switch: real money.
await owner.page.goto(`${url}/dashboard`);
await owner.page.getByRole('button', { name: /switch to live/ }).click();
report.live = await owner.page.getByRole('button', { name: /switch to test mode/ }).innerText();
await look([['live-desk', '/dashboard'], ['live-payments', '/dashboard/payments'], ['live-liquidity', '/dashboard/liquidity']], both, await owner.context.storageState());
await browser.close();

// What a missing page answers is its status, and Chromium calls that an error.
report.errors = report.errors.filter(error => !/status of 404/.test(error));
console.log(JSON.stringify(report));
