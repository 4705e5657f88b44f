// A book of many pages: it starts as fast as a short one, and every page can be reached.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { eventually, launch, open, visit } from './support/browser.mjs';
import { message } from './support/messages.mjs';
import { large, serve, site } from './support/site.mjs';

const PAGES = large.pages;

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(await site('large'));
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const thumbnails = (page) => page.locator('nav.strip li');
const pageNumbers = (page) => page.locator('nav.strip a').evaluateAll((links) => links.map((link) => {
  const match = /[?&]page=(\d+)/.exec(link.getAttribute('href'));
  return Number(match?.[1] ?? 1);
}));
const showsThumbnails = (page, first, last) => eventually(async () => {
  const numbers = await pageNumbers(page);
  assert.deepEqual(numbers, Array.from({ length: last - first + 1 }, (_, at) => first + at));
});

for (const lang of ['ar', 'en']) {
  describe(`a long book in ${lang}`, () => {
    it('shows thumbnails around the current page, and all in the overview', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/long/`);
      await showsThumbnails(page, 1, 50);
      await page.locator('nav.strip a').last().click();
      await page.waitForURL(/page=50$/);
      await page.waitForFunction(() => document.querySelector('nav.strip [aria-current]')?.href.includes('page=50'));
      await showsThumbnails(page, 25, 74);
      const overview = page.getByRole('button', { name: message(lang, 'pages-overview') });
      await overview.click();
      await thumbnails(page).nth(PAGES - 1).waitFor();
      await showsThumbnails(page, 1, PAGES);
      assert.equal(await overview.getAttribute('aria-expanded'), 'true');
      await thumbnails(page).nth(119).locator('a').click();
      await page.waitForURL(/page=120$/);
      await page.waitForFunction(() => document.querySelector('nav.strip [aria-current]')?.href.includes('page=120'));
      assert.equal(await thumbnails(page).count(), PAGES, 'the overview stays open');
      await overview.click();
      await thumbnails(page).nth(50).waitFor({ state: 'detached' });
      await showsThumbnails(page, 81, 130);
    }));

    it('shows twelve thumbnails until the viewer runs', () => visit(browser, server.address, async (page) => {
      let release;
      const released = new Promise((resolve) => { release = resolve; });
      await page.route('**/viewer_bg.wasm', (route) => released.then(() => route.continue()));
      await page.goto(`${server.address}${lang}/item/long/`);
      const visible = () => thumbnails(page).evaluateAll((items) => items.filter((item) => item.offsetParent).length);
      assert.equal(await visible(), 12);
      release();
      await page.waitForSelector('html[data-viewer=running]');
      await eventually(async () => assert.equal(await visible(), 50));
    }));

    it('has its overview closed after another view was displayed', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/long/`);
      const overview = page.getByRole('button', { name: message(lang, 'pages-overview') });
      await overview.click();
      await thumbnails(page).nth(PAGES - 1).waitFor();
      await page.locator('header a').first().click();
      await page.waitForSelector('main[data-view=home]');
      await page.goBack();
      await thumbnails(page).nth(49).waitFor();
      assert.equal(await thumbnails(page).count(), 50);
      assert.equal(await overview.getAttribute('aria-expanded'), 'false');
    }));

    it('links to all pages without JavaScript', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/item/long/`);
      await page.locator('nav.strip').first().getByRole('link', { name: message(lang, 'pages-overview') }).click();
      const links = page.locator('#all-pages a');
      assert.equal(await links.count(), PAGES);
      const address = await links.last().evaluate((link) => link.href);
      assert.equal((await page.request.get(address)).headers()['content-type'], 'image/jpeg');
    }, { javaScriptEnabled: false }));

    it('links to all pages if the viewer cannot start', () => visit(browser, server.address, async (page) => {
      await page.route('**/viewer_bg.wasm', (route) => route.abort());
      await page.goto(`${server.address}${lang}/item/long/`);
      await page.waitForSelector('html[data-unstarted]');
      assert.equal(await page.locator('#all-pages a').count(), PAGES);
    }, { expected: [/./] }));
  });
}
