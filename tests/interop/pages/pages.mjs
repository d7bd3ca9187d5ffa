// Walks through all pages as people do: with a mouse, with the keyboard alone, without script, with a passkey. Prints what it saw as JSON.
import { chromium } from 'playwright-core';
import { measure, weigh } from './measure.mjs';

const { url, setup, key, folder, browser: program } = JSON.parse(process.argv[2]);
const password = 'four words are enough';
const report = { problems: [], measured: {}, errors: [] };
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
      await page.goto(new URL(path, url).href);
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

// Every page in light and dark, wide and narrow: those of shoppers in all four looks.
const state = await owner.context.storageState();
await look([
  ['shop', '/shop'], ['wallet', open2], ['card', `${open2}?pay=card`], ['rtl', `${open2}?lang=ar-XB`], ['paid', paid],
], [['light', 1280], ['dark', 1280], ['light', 320], ['dark', 320]]);
await look([
  ['start', '/'], ['chain', '/chain'], ['login', '/login'], ['forgot', '/login/forgot'], ['lightning', `${open2}?pay=lightning`], ['on-chain', `${open2}?pay=bitcoin`],
  ['receipt', `${new URL(paid).pathname}/receipt`], ['missing', '/c/cs_test_x/x'], ['claim-over', '/r/x'], ['link', report.link],
], [['light', 1280], ['dark', 320]]);
const customer = await api('/customers', { name: 'Ada Lovelace', email: 'ada@example.org', 'metadata[tier]': 'gold' });
const card1 = { amount: 2500, currency: 'eur', confirm: true, customer: customer.id };
const bought = await api('/payment_intents', { ...card1, payment_method: 'pm_card_visa', description: 'Two books' });
await api('/refunds', { payment_intent: bought.id, amount: 500 });
await api('/payment_intents', { ...card1, payment_method: 'pm_card_createDispute', description: 'A chair' });
await api('/payment_intents', { ...card1, payment_method: 'pm_card_riskLevelElevated', description: 'Three lamps' });
await api('/payouts', { amount: 700, currency: 'eur', description: 'rent' });
let disputes;
do disputes = (await api('/disputes')).data; while (disputes.length === 0);
const parts = ['', '/customers', `/customers/${customer.id}`, '/disputes', `/disputes/${disputes[0].id}`, '/payouts', '/balance', '/lists', '/activity', '/settings', '/payments', '/refunds', '/reviews', '/keys', '/links', '/liquidity', '/webhooks', '/team', '/account'];
await look([...parts.map(part => [`desk${part.replace(/\/(?:cus|dp)_.*/, '-one').replaceAll('/', '-')}`, `/dashboard${part}`]), ['desk-story', story]], [['light', 1280], ['dark', 320]], state);
await browser.close();

// What a missing page answers is its status, and Chromium calls that an error.
report.errors = report.errors.filter(error => !/status of 404/.test(error));
console.log(JSON.stringify(report));
