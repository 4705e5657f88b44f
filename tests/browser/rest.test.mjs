// The viewer in two: what reads the archive comes when it is needed.

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

const REST = '**/viewer_rest.wasm';
const expected = [/Failed to load resource/];
const item = (lang) => `${server.address}${lang}/item/kitab-al-nujum/`;
// When the rest was asked for.
function asked(page) {
  const times = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/viewer_rest.wasm')) times.push(Date.now());
  });
  return times;
}

describe('the rest of the viewer', () => {
  it('is not waited for by a page that is whole, and comes when nothing else does', () => visit(browser, server.address, async (page) => {
    const times = asked(page);
    await open(page, item('ar'));
    const running = Date.now();
    assert.equal(times.length, 0);
    const came = await page.waitForResponse(REST);
    assert.ok(came.ok() && times[0] - running > 500, `${times[0] - running} ms later`);
    // It is there when the reader goes on.
    await mark(page);
    await page.getByRole('searchbox').fill('نجوم');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main[data-view=browse][data-state=ready] .card');
    assert.ok(await sameDocument(page));
    assert.equal(times.length, 1);
  }));

  it('comes with the viewer where a page is nothing without it', () => visit(browser, server.address, async (page) => {
    let start;
    const held = new Promise((done) => { start = done; });
    await page.route('**/viewer_bg.wasm', async (route) => {
      await held;
      await route.continue();
    });
    const came = page.waitForRequest(REST);
    await page.goto(`${server.address}en/browse/`);
    await came;
    start();
    await page.waitForSelector('main[data-view=browse][data-state=ready] .card');
  }));

  it('is not fetched ahead of time where the reader saves data', () => visit(browser, server.address, async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
    });
    const times = asked(page);
    await open(page, item('en'));
    await page.waitForTimeout(2500);
    assert.equal(times.length, 0);
    await page.getByRole('searchbox').fill('stars');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main[data-view=browse][data-state=ready]');
    assert.equal(times.length, 1);
  }));

  for (const lang of ['ar', 'en']) {
    it(`that does not come is said, and asked for again, in ${lang}`, () => visit(browser, server.address, async (page) => {
      await page.route(REST, (route) => route.abort('internetdisconnected'));
      await open(page, item(lang));
      await page.locator('header a').first().click();
      await page.waitForSelector('main[data-state=failed]');
      assert.equal((await page.getByRole('alert').innerText()).trim(), word(lang, 'failure-offline'));
      await page.unroute(REST);
      await page.getByRole('button', { name: word(lang, 'try-again') }).click();
      await page.waitForSelector('main[data-view=home]');
    }, { expected }));

    it(`that does not come is said where a page is asked for by its number, in ${lang}`, () => visit(browser, server.address, async (page) => {
      await page.route(REST, (route) => route.abort('internetdisconnected'));
      await open(page, item(lang));
      const field = page.getByLabel(word(lang, 'page-go'));
      await field.fill('4');
      await field.press('Enter');
      await page.waitForFunction(() => document.querySelector('#page').validationMessage);
      assert.equal(await field.evaluate((input) => input.validationMessage), word(lang, 'failure-offline'));
      // The same number is asked for again.
      await page.unroute(REST);
      await field.press('Enter');
      await page.waitForURL(/page=4$/);
      assert.equal(await field.evaluate((input) => input.validationMessage), '');
    }, { expected }));
  }

  it('of a site that has another viewer since leaves the way to the browser', () => visit(browser, server.address, async (page) => {
    await page.route(REST, (route) => route.fulfill({ status: 404, body: '' }));
    await open(page, item('en'));
    await mark(page);
    await page.locator('header a').first().click();
    await page.waitForURL(`${server.address}en/`);
    await page.waitForSelector('main[data-view=home]');
    assert.ok(!await sameDocument(page));
    // Where there is nowhere to go, it is said.
    await page.goto(`${server.address}en/browse/`);
    await page.waitForSelector('main[data-state=failed]');
    assert.match(await page.getByRole('alert').innerText(), /404/);
  }, { expected }));
});
