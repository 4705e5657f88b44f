// A book of many pages: as soon there as one of few, and every page of it within reach.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, open, visit } from './support/browser.mjs';
import { largeSite, pages as PAGES } from './support/large.mjs';
import { serve } from './support/site.mjs';
import { word } from './support/words.mjs';

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(largeSite());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const small = (page) => page.locator('nav.strip li');
const numbers = (page) => page.locator('nav.strip a').evaluateAll((all) => all.map((one) => {
  const found = /[?&]page=(\d+)/.exec(one.getAttribute('href'));
  return Number(found?.[1] ?? 1);
}));

for (const lang of ['ar', 'en']) {
  describe(`a long book, in ${lang}`, () => {
    it('shows the pages about the one that is read, and all when asked', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/long/`);
      assert.deepEqual(await numbers(page), Array.from({ length: 50 }, (_, at) => at + 1));
      await page.locator('nav.strip a').last().click();
      await page.waitForURL(/page=50$/);
      await page.waitForFunction(() => document.querySelector('nav.strip [aria-current]')?.href.includes('page=50'));
      assert.deepEqual([(await numbers(page))[0], (await numbers(page)).at(-1)], [25, 74]);
      const overview = page.getByRole('button', { name: word(lang, 'pages-overview') });
      await overview.click();
      await small(page).nth(PAGES - 1).waitFor();
      assert.equal(await small(page).count(), PAGES);
      assert.equal(await overview.getAttribute('aria-expanded'), 'true');
      await small(page).nth(119).locator('a').click();
      await page.waitForURL(/page=120$/);
      assert.equal(await small(page).count(), PAGES, 'it stays open');
      await overview.click();
      await small(page).nth(50).waitFor({ state: 'detached' });
      assert.deepEqual([(await numbers(page))[0], (await numbers(page)).at(-1)], [81, 130]);
    }));

    it('shows twelve of them in small until the viewer runs', () => visit(browser, server.address, async (page) => {
      let go;
      const held = new Promise((done) => { go = done; });
      await page.route('**/viewer_bg.wasm', (route) => held.then(() => route.continue()));
      await page.goto(`${server.address}${lang}/item/long/`);
      const seen = () => small(page).evaluateAll((all) => all.filter((one) => one.offsetParent).length);
      assert.equal(await seen(), 12);
      go();
      await page.waitForSelector('html[data-viewer=running]');
      assert.equal(await seen(), 50);
    }));

    it('is closed again where another item was seen between', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/long/`);
      const overview = page.getByRole('button', { name: word(lang, 'pages-overview') });
      await overview.click();
      await small(page).nth(PAGES - 1).waitFor();
      await page.locator('header a').first().click();
      await page.waitForSelector('main[data-view=home]');
      await page.goBack();
      await small(page).nth(49).waitFor();
      assert.equal(await small(page).count(), 50);
      assert.equal(await overview.getAttribute('aria-expanded'), 'false');
    }));

    it('has all of them without JavaScript', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/item/long/`);
      await page.locator('nav.strip').first().getByRole('link', { name: word(lang, 'pages-overview') }).click();
      const links = page.locator('#all-pages a');
      assert.equal(await links.count(), PAGES);
      const address = await links.last().evaluate((link) => link.href);
      assert.equal((await page.request.get(address)).headers()['content-type'], 'image/jpeg');
    }, { javaScriptEnabled: false }));

    it('has all of them where the viewer cannot start', () => visit(browser, server.address, async (page) => {
      await page.route('**/viewer_bg.wasm', (route) => route.abort());
      await page.goto(`${server.address}${lang}/item/long/`);
      await page.waitForSelector('html[data-unstarted]');
      assert.equal(await page.locator('#all-pages a').count(), PAGES);
    }, { expected: [/./] }));
  });
}
