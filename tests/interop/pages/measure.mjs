// What every page is measured by, in the browser.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Looks at a page as it stands: axe, width, sizes of targets, colours; keeps a picture. */
export async function measure(page, name, report, folder) {
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    const problems = result.violations.map(violation => `${violation.id}: ${violation.nodes.map(node => node.target.join(' ')).join(', ')}`);
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) problems.push(`scrolls sideways by ${root.scrollWidth - root.clientWidth}px`);
    // Controls of 24 px at least; links within a sentence are excused (WCAG 2.5.8).
    for (const target of document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary, nav a, a.button')) {
      const box = target.getBoundingClientRect();
      if (box.width > 0 && (box.width < 24 || box.height < 24)) problems.push(`small target ${target.outerHTML.slice(0, 80)}: ${box.width}x${box.height}`);
    }
    const luminance = color => {
      const [r, g, b] = color.match(/[\d.]+/g).map(Number).map(value => value / 255).map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const style = getComputedStyle(document.body);
    return { problems, checks: result.passes.length, ground: luminance(style.backgroundColor), text: luminance(style.color), font: parseFloat(style.fontSize) };
  });
  for (const problem of found.problems) report.problems.push(`${name}: ${problem}`);
  report.measured[name] = { checks: found.checks, ground: found.ground, text: found.text, font: found.font };
}

/** The bytes that a first visit moves. */
export async function weigh(context, url) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  session.on('Network.loadingFinished', event => { bytes += event.encodedDataLength; });
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForTimeout(300);
  await page.close();
  return bytes;
}
