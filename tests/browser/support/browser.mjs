// A browser, and pages in it that are watched: whatever a page should never do fails its test.

import assert from 'node:assert/strict';

import { chromium } from 'playwright-core';

// Where Chromium is, and how it is started.
export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// One Chromium for a file of tests.
export async function launch() {
  return chromium.launch({ executablePath, args });
}

// Opens a page, hands it to `work`, then asserts that it asked nothing of another host, that its
// content security policy was not violated, and that nothing was written to the console as an error
// (a hydration that does not match, a panic) but what `expected` allows. `hosts` may be asked too.
export async function visit(browser, address, work, { expected = [], hosts = [], ...options } = {}) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const wrong = [];
  const note = (text) => {
    if (!expected.some((pattern) => pattern.test(text))) wrong.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') note(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => note(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    const known = [address, ...hosts].some((own) => new URL(own).host === url.host);
    if (/^https?:$/.test(url.protocol) && !known) note(`request: ${url}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  try {
    await work(page);
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
}

// Goes to an address and waits until the viewer has taken the page over and shows something.
export async function open(page, address) {
  await page.goto(address);
  await live(page);
}

// Waits until the viewer runs and is not loading.
export async function live(page) {
  await page.waitForSelector('html[data-viewer=running]');
  await settled(page);
}

// Waits until nothing is on its way.
export async function settled(page) {
  await page.waitForSelector('main[data-state]:not([data-state="loading"])');
}

// Marks the document, so that `sameDocument` can tell whether it was loaded again.
export const mark = (page) => page.evaluate(() => { window.marked = true; });
export const sameDocument = (page) => page.evaluate(() => window.marked === true);
