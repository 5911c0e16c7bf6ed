// pages.mjs CHROMIUM DIRECTORY: opens every page of DIRECTORY in Chromium and
// looks at it as readers would: light, dark, printed, narrow, with forced
// colours, with the keyboard. axe-core has to find nothing in any of them.
import { chromium } from 'playwright-core';
import axe from 'axe-core';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [executablePath, directory] = process.argv.slice(2);
const modes = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  print: { media: 'print' },
  narrow: { viewport: { width: 320, height: 700 } },
  forced: { forcedColors: 'active' },
};
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

let failures = 0;
let checks = 0;
function check(ok, text) {
  ++checks;
  if (ok) return;
  ++failures;
  console.log(`FAILED ${text}`);
}

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
         '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function open(path, mode, bypassCSP) {
  const { media, viewport = { width: 1280, height: 900 }, ...options } = mode;
  const context = await browser.newContext({ viewport, ...options, bypassCSP });
  const page = await context.newPage();
  const problems = [];
  page.on('console', (message) => problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('dialog', (dialog) => { problems.push('a dialog opened'); return dialog.dismiss(); });
  page.on('request', (request) => {
    if (!request.url().startsWith('file:') || !request.url().includes('.html')) problems.push(`request of ${request.url()}`);
  });
  if (media) await page.emulateMedia({ media });
  await page.goto(pathToFileURL(path).href);
  return { context, page, problems };
}

// axe runs in the page, so its own script needs the policy out of the way.
async function accessibility(path, name, modeName, mode) {
  const { context, page } = await open(path, mode, true);
  await page.addScriptTag({ content: axe.source });
  const result = await page.evaluate((runOnly) => axe.run(document, { runOnly }), rules);
  check(result.passes.length > 20, `${name} ${modeName}: axe looked at almost nothing`);
  for (const violation of result.violations)
    check(false, `${name} ${modeName}: ${violation.id}: ${violation.help}: ${violation.nodes[0].html.slice(0, 160)} ${violation.nodes[0].failureSummary}`);
  check(true, 'axe');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  check(modeName === 'print' || wide <= 0, `${name} ${modeName}: ${wide} pixels wider than the window`);
  await context.close();
}

// With the policy in force: the style applies, nothing else loads or runs.
async function policy(path, name) {
  const { context, page, problems } = await open(path, {}, false);
  check(problems.length === 0, `${name}: ${problems.slice(0, 3).join('; ')}`);
  const seen = await page.evaluate(() => ({
    styled: getComputedStyle(document.querySelector('.masthead')).borderTopWidth,
    headings: document.querySelectorAll('h1').length,
    scripts: document.querySelectorAll('script, iframe, object, embed, img, link, form, base').length,
    rows: document.querySelectorAll('.checklist tbody tr').length,
    handlers: [...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => a.name.startsWith('on') || a.name === 'style')).length,
  }));
  check(seen.styled === '8px', `${name}: the style sheet was refused`);
  check(seen.headings === 1, `${name}: ${seen.headings} h1`);
  check(seen.scripts === 0, `${name}: ${seen.scripts} active elements`);
  check(seen.rows === 13, `${name}: ${seen.rows} rows`);
  check(seen.handlers === 0, `${name}: ${seen.handlers} handlers or inline styles`);
  // Negative control: a script that gets in all the same must not run.
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    return window.ran === true;
  });
  check(!ran, `${name}: the policy lets a script run`);
  await context.close();
}

async function keyboard(path, name) {
  const { context, page } = await open(path, {}, false);
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement.textContent);
  check(first === 'Skip to the report', `${name}: the first stop is "${first}"`);
  let stops = 0;
  for (let last = ''; stops < 400; ++stops) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const e = document.activeElement;
      const box = e.getBoundingClientRect();
      return e === document.body ? '' : `${e.tagName} ${box.width > 0 && box.height > 0} ${box.left} ${box.top + window.scrollY}`;
    });
    if (here === '' || here === last) break;
    check(here.includes('true'), `${name}: stop ${stops} cannot be seen: ${here}`);
    last = here;
  }
  check(stops > 20 && stops < 400, `${name}: ${stops} stops of the keyboard`);
  await context.close();
}

async function printed(path, name) {
  const { context, page } = await open(path, {}, false);
  const pdf = (await page.pdf({ preferCSSPageSize: true, tagged: true, printBackground: true })).toString('latin1');
  check(pdf.includes('/MarkInfo'), `${name}: the PDF is not tagged`);
  check(/\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/.test(pdf), `${name}: the PDF is not A4`);
  await page.emulateMedia({ media: 'print' });
  const hidden = await page.evaluate(() => [...document.querySelectorAll('details:not([open]) .finding')].filter((e) => !e.checkVisibility({ contentVisibilityAuto: true })).length);
  check(hidden === 0, `${name}: ${hidden} closed findings are not printed`);
  await context.close();
}

const pages = readdirSync(directory).filter((file) => file.endsWith('.html')).sort();
check(pages.length >= 4, `only ${pages.length} pages`);
for (const file of pages) {
  const path = join(directory, file);
  // The pages differ in content only: two of them in every mode are enough.
  const thorough = file.startsWith('guide') || file.startsWith('hostile');
  for (const [modeName, mode] of Object.entries(modes))
    if (thorough || modeName === 'dark' || modeName === 'narrow') await accessibility(path, file, modeName, mode);
  await policy(path, file);
  if (!thorough) continue;
  await keyboard(path, file);
  await printed(path, file);
}
await browser.close();
console.log(`${pages.length} pages, ${checks} checks, ${failures} failures`);
process.exit(failures === 0 ? 0 : 1);
