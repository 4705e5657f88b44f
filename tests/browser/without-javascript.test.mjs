// The published pages without JavaScript: all content can be read, and no link is broken.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, visit } from './support/browser.mjs';
import { message, number } from './support/messages.mjs';
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

const options = { javaScriptEnabled: false };

for (const [lang, cabinet, book, page5] of [
  ['ar', 'خزانة صغيرة', 'كتاب النجوم', 'التناسل'],
  ['en', 'A small cabinet', 'The Book of Stars', 'التناسل'],
]) {
  describe(`without JavaScript in ${lang}`, () => {
    it('the home page links to a collection and that to an item', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/`);
      await page.getByRole('main').getByRole('link', { name: cabinet }).first().click();
      await page.getByRole('heading', { level: 1, name: cabinet }).waitFor();
      await page.getByRole('main').getByRole('link', { name: book }).first().click();
      await page.getByRole('heading', { level: 1, name: book }).waitFor();
      await page.locator('main .stage-object img').first().waitFor();
      await page.getByText('A 1', { exact: true }).first().waitFor();
    }, options));

    it('every page of a book has its image and its text', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/item/kitab-al-nujum/`);
      const pages = await page.locator('nav.strip a:not([type])').evaluateAll((links) => links.map((a) => a.href));
      assert.equal(pages.length, 5);
      const sections = await page.locator('nav.contents a').evaluateAll((links) => links.map((a) => a.href));
      assert.deepEqual(sections, [pages[0], pages[2], pages[4]]);
      for (const address of pages) {
        const response = await page.request.get(address);
        assert.equal(response.status(), 200);
        assert.equal(response.headers()['content-type'], 'image/jpeg');
      }
      const texts = await page.locator('main a[type="text/plain"]').evaluateAll((links) => links.map((a) => a.href));
      const contents = await Promise.all(texts.map(async (address) => (await page.request.get(address)).text()));
      assert.ok(contents.some((text) => text.includes(page5)));
    }, options));

    it('a search says that it needs JavaScript, and links to the collections', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/`);
      await page.getByRole('searchbox').fill('x');
      await page.getByRole('searchbox').press('Enter');
      await page.waitForURL(/browse\/\?q=x/);
      assert.ok(await page.getByText(message(lang, 'search-needs-script')).isVisible());
      await page.getByRole('main').getByRole('link', { name: message(lang, 'collections'), exact: true }).click();
      await page.getByRole('main').getByRole('link', { name: cabinet }).first().click();
      await page.getByRole('heading', { level: 1, name: cabinet }).waitFor();
    }, options));

    it('the browse page lists items, and its menus lead to the items with a value', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/browse/`);
      assert.equal(await page.locator('main .card').count(), 24);
      const collections = page.locator('details.facet', { hasText: cabinet });
      const letters = collections.locator('a.facet-value').first();
      assert.ok(!await letters.isVisible(), 'a menu is closed at first');
      await collections.locator('summary').click();
      await letters.click();
      await page.waitForURL(/browse\/collection\/letters\/$/);
      await page.getByRole('heading', { level: 1, name: number(lang, 120) }).waitFor();
      assert.equal(await page.locator('main .card').count(), 24);
      // The menu of the same facet leads to the items with another value, and the chip to all items.
      await collections.locator('summary').click();
      await collections.locator('a.facet-value', { hasText: cabinet }).click();
      await page.waitForURL(/browse\/collection\/cabinet\/$/);
      await page.locator('main .card', { hasText: book }).first().waitFor();
      await page.locator('.chip').click();
      await page.waitForURL(/browse\/$/);
    }, options));
  });
}

describe('the links of the published pages', () => {
  it('are not broken', () => visit(browser, server.address, async (page) => {
    const seen = new Set();
    const broken = [];
    const queue = [server.address];
    while (queue.length > 0 && seen.size < 400) {
      const address = queue.shift();
      if (seen.has(address)) continue;
      seen.add(address);
      const response = await page.request.get(address);
      if (response.status() !== 200) broken.push(address);
      if (!response.headers()['content-type']?.startsWith('text/html')) continue;
      await page.goto(address);
      const links = await page.locator('[href], img[src]').evaluateAll((elements) => elements.map(({ href, src }) => href ?? src));
      for (const link of links) {
        const url = new URL(link);
        url.hash = '';
        if (url.origin === new URL(server.address).origin) queue.push(url.href);
      }
    }
    assert.deepEqual(broken, []);
    assert.ok(seen.size > 100);
  }, options));
});
