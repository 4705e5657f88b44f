// Wherever a site lies, and whichever pages it has.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, live, mark, open, sameDocument, visit } from './support/browser.mjs';
import { site, staticHost } from './support/site.mjs';
import { shard } from './support/views.mjs';

let browser;
const hosts = {};
before(async () => {
  browser = await launch();
  hosts.items = await staticHost(site('items'), '/some/folder/');
  hosts.none = await staticHost(site('none'), '/elsewhere/');
});
after(async () => {
  await browser?.close();
  for (const host of Object.values(hosts)) host.stop();
});

for (const pages of ['items', 'none']) {
  describe(`a plain static host, under a sub-path, pages = ${pages}`, () => {
    it('from the root to an item and back', () => visit(browser, hosts[pages].address, async (page) => {
      const { address } = hosts[pages];
      await page.goto(address);
      await page.waitForURL(`${address}en/`);
      await live(page);
      await mark(page);
      await page.getByRole('main').getByRole('link', { name: 'A small cabinet' }).click();
      await page.waitForSelector('main[data-view=collection][data-state=ready]');
      await page.getByRole('link', { name: 'Blue shard' }).click();
      await page.getByRole('heading', { level: 1, name: 'Blue shard' }).waitFor();
      assert.equal(page.url(), pages === 'items' ? `${address}en/item/${shard}/` : `${address}en/item/?id=${shard}`);
      assert.ok(await sameDocument(page));
      await page.reload();
      await live(page);
      await page.getByRole('heading', { level: 1, name: 'Blue shard' }).waitFor();
      await page.locator('main .stage-object img').evaluate((img) => img.decode());
    }));

    it('search', () => visit(browser, hosts[pages].address, async (page) => {
      await open(page, `${hosts[pages].address}ar/browse/?q=${encodeURIComponent('التناسل')}`);
      await page.locator('main .card-link', { hasText: 'كتاب النجوم' }).click();
      await page.getByRole('heading', { level: 1, name: 'كتاب النجوم' }).waitFor();
    }));

    it('an item that does not exist', () => visit(browser, hosts[pages].address, async (page) => {
      const path = pages === 'items' ? 'en/item/no-such/' : 'en/item/?id=no-such';
      await page.goto(hosts[pages].address + path);
      await page.waitForSelector('main[data-view=not-found]');
    }, { expected: [/404/] }));
  });
}
