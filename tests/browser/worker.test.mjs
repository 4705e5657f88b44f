// The worker that owns the archive: when it is started, and the failures to start it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { isSameDocument, launch, markDocument, open, visit } from './support/browser.mjs';
import { message } from './support/messages.mjs';
import { serve, site } from './support/site.mjs';

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(await site());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const WORKER = '**/worker_loader.js';
const expected = [/Failed to load resource/];
const item = (lang) => `${server.address}${lang}/item/kitab-al-nujum/`;
// Collects the requests of the script of the worker.
function workerRequests(page) {
  const requests = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/worker_loader.js')) requests.push(request);
  });
  return requests;
}
// Holds the callbacks of timers of more than 500 ms. They are in `heldTimers` of the page.
const holdTimers = (page) => page.addInitScript(() => {
  const { setTimeout } = window;
  window.heldTimers = [];
  window.setTimeout = (callback, delay, ...rest) => (
    delay > 500 ? window.heldTimers.push(callback) : setTimeout(callback, delay, ...rest)
  );
});

describe('the worker', () => {
  it('is started some time after a page that does not need it', () => visit(browser, server.address, async (page) => {
    await holdTimers(page);
    const requests = workerRequests(page);
    await open(page, item('ar'));
    assert.equal(await page.evaluate(() => window.heldTimers.length), 1);
    assert.equal(requests.length, 0);
    const response = page.waitForResponse(WORKER);
    await page.evaluate(() => window.heldTimers[0]());
    assert.ok((await response).ok());
    await markDocument(page);
    await page.getByRole('searchbox').fill('نجوم');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main[data-view=browse][data-state=ready] .card');
    assert.ok(await isSameDocument(page));
    assert.equal(requests.length, 1);
  }));

  it('is started along with the viewer on a page that needs it', () => visit(browser, server.address, async (page) => {
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    await page.route('**/viewer_bg.wasm', async (route) => {
      await released;
      await route.continue();
    });
    const request = page.waitForRequest(WORKER);
    await page.goto(`${server.address}en/browse/?q=letter`);
    await request;
    release();
    await page.waitForSelector('main[data-view=browse][data-state=ready] .card');
  }));

  it('is started on demand if the visitor saves data', () => visit(browser, server.address, async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
    });
    await holdTimers(page);
    const requests = workerRequests(page);
    await open(page, item('en'));
    assert.equal(await page.evaluate(() => window.heldTimers.length), 0, 'no timer starts it');
    assert.equal(requests.length, 0);
    await page.getByRole('searchbox').fill('stars');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main[data-view=browse][data-state=ready]');
    assert.equal(requests.length, 1);
  }));

  for (const lang of ['ar', 'en']) {
    it(`reports that it cannot be loaded, and is started again on request, in ${lang}`, () => visit(browser, server.address, async (page) => {
      await page.route(WORKER, (route) => route.abort('internetdisconnected'));
      await open(page, item(lang));
      await page.locator('header a').first().click();
      await page.waitForSelector('main[data-state=failed]');
      assert.equal((await page.getByRole('alert').innerText()).trim(), message(lang, 'failure-offline'));
      await page.unroute(WORKER);
      await page.getByRole('button', { name: message(lang, 'try-again') }).click();
      await page.waitForSelector('main[data-view=home]');
    }, { expected }));

    it(`reports that it cannot be loaded in the page number field, in ${lang}`, () => visit(browser, server.address, async (page) => {
      await page.route(WORKER, (route) => route.abort('internetdisconnected'));
      await open(page, item(lang));
      const field = page.getByLabel(message(lang, 'page-go'));
      await field.fill('4');
      await field.press('Enter');
      await page.waitForFunction(() => document.querySelector('#page').validationMessage);
      assert.equal(await field.evaluate((input) => input.validationMessage), message(lang, 'failure-offline'));
      // The same number is requested again.
      await page.unroute(WORKER);
      await field.press('Enter');
      await page.waitForURL(/page=4$/);
      assert.equal(await field.evaluate((input) => input.validationMessage), '');
    }, { expected }));
  }

  it('leaves navigation to the browser if the site was published again', () => visit(browser, server.address, async (page) => {
    await page.route(WORKER, (route) => route.fulfill({ status: 404, body: '' }));
    await open(page, item('en'));
    await markDocument(page);
    await page.locator('header a').first().click();
    await page.waitForURL(`${server.address}en/`);
    await page.waitForSelector('main[data-view=home]');
    assert.ok(!await isSameDocument(page));
    // The failure is reported if that page itself cannot be loaded.
    await page.goto(`${server.address}en/browse/?q=letter`);
    await page.waitForSelector('main[data-state=failed]');
    assert.match(await page.getByRole('alert').innerText(), /404/);
  }, { expected }));
});
