// The worker that owns the archive: when it is started, and what happens if it cannot be.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, mark, open, sameDocument, visit } from './support/browser.mjs';
import { serve, site } from './support/site.mjs';
import { word } from './support/words.mjs';

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(site());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const WORKER = '**/worker_loader.js';
const expected = [/Failed to load resource/];
const item = (lang) => `${server.address}${lang}/item/kitab-al-nujum/`;
// The times at which the script of the worker was requested.
function requests(page) {
  const times = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/worker_loader.js')) times.push(Date.now());
  });
  return times;
}

describe('the worker', () => {
  it('is started after a page that is whole without it', () => visit(browser, server.address, async (page) => {
    const times = requests(page);
    await open(page, item('ar'));
    const running = Date.now();
    assert.equal(times.length, 0);
    const came = await page.waitForResponse(WORKER);
    assert.ok(came.ok() && times[0] - running > 500, `${times[0] - running} ms later`);
    // It runs by the time the visitor searches.
    await mark(page);
    await page.getByRole('searchbox').fill('نجوم');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main[data-view=browse][data-state=ready] .card');
    assert.ok(await sameDocument(page));
    assert.equal(times.length, 1);
  }));

  it('is started along with the viewer on a page that needs it', () => visit(browser, server.address, async (page) => {
    let start;
    const held = new Promise((done) => { start = done; });
    await page.route('**/viewer_bg.wasm', async (route) => {
      await held;
      await route.continue();
    });
    const came = page.waitForRequest(WORKER);
    await page.goto(`${server.address}en/browse/`);
    await came;
    start();
    await page.waitForSelector('main[data-view=browse][data-state=ready] .card');
  }));

  it('is started on demand if the visitor saves data', () => visit(browser, server.address, async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
    });
    const times = requests(page);
    await open(page, item('en'));
    await page.waitForTimeout(2500);
    assert.equal(times.length, 0);
    await page.getByRole('searchbox').fill('stars');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main[data-view=browse][data-state=ready]');
    assert.equal(times.length, 1);
  }));

  for (const lang of ['ar', 'en']) {
    it(`that cannot be loaded is reported, and started again on request, in ${lang}`, () => visit(browser, server.address, async (page) => {
      await page.route(WORKER, (route) => route.abort('internetdisconnected'));
      await open(page, item(lang));
      await page.locator('header a').first().click();
      await page.waitForSelector('main[data-state=failed]');
      assert.equal((await page.getByRole('alert').innerText()).trim(), word(lang, 'failure-offline'));
      await page.unroute(WORKER);
      await page.getByRole('button', { name: word(lang, 'try-again') }).click();
      await page.waitForSelector('main[data-view=home]');
    }, { expected }));

    it(`that cannot be loaded is reported by the field for page numbers, in ${lang}`, () => visit(browser, server.address, async (page) => {
      await page.route(WORKER, (route) => route.abort('internetdisconnected'));
      await open(page, item(lang));
      const field = page.getByLabel(word(lang, 'page-go'));
      await field.fill('4');
      await field.press('Enter');
      await page.waitForFunction(() => document.querySelector('#page').validationMessage);
      assert.equal(await field.evaluate((input) => input.validationMessage), word(lang, 'failure-offline'));
      // The same number is requested again.
      await page.unroute(WORKER);
      await field.press('Enter');
      await page.waitForURL(/page=4$/);
      assert.equal(await field.evaluate((input) => input.validationMessage), '');
    }, { expected }));
  }

  it('of a site that was published again leaves the navigation to the browser', () => visit(browser, server.address, async (page) => {
    await page.route(WORKER, (route) => route.fulfill({ status: 404, body: '' }));
    await open(page, item('en'));
    await mark(page);
    await page.locator('header a').first().click();
    await page.waitForURL(`${server.address}en/`);
    await page.waitForSelector('main[data-view=home]');
    assert.ok(!await sameDocument(page));
    // If the page is the one that is needed, the failure is reported.
    await page.goto(`${server.address}en/browse/`);
    await page.waitForSelector('main[data-state=failed]');
    assert.match(await page.getByRole('alert').innerText(), /404/);
  }, { expected }));
});
