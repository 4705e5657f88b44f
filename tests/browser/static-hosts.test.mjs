// Sites on a static host below a path, with the HTML pages of all items or of none.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  currentUrl, isSameDocument, launch, markDocument, open, viewerRunning, visit,
} from './support/browser.mjs';
import { site, staticHost } from './support/site.mjs';
import { shard } from './support/views.mjs';

let browser;
const hosts = {};
before(async () => {
  browser = await launch();
  hosts.items = await staticHost(await site('fixtures', { pages: 'items' }), '/some/folder/');
  hosts.none = await staticHost(await site('fixtures', { pages: 'none' }), '/elsewhere/');
});
after(async () => {
  await browser?.close();
  for (const host of Object.values(hosts)) host.stop();
});

for (const pages of ['items', 'none']) {
  describe(`a site below a path, published with --pages ${pages},`, () => {
    it('leads from its root to an item, which can be reloaded', () => visit(browser, hosts[pages].address, async (page) => {
      const { address } = hosts[pages];
      await page.goto(address);
      await page.waitForURL(`${address}en/`);
      await viewerRunning(page);
      await markDocument(page);
      await page.getByRole('main').getByRole('link', { name: 'A small cabinet' }).first().click();
      await page.waitForSelector('main[data-view=collection][data-state=ready]');
      await page.getByRole('link', { name: 'Blue shard' }).click();
      await page.getByRole('heading', { level: 1, name: 'Blue shard' }).waitFor();
      const url = pages === 'items' ? `${address}en/item/${shard}/` : `${address}en/item/?id=${shard}`;
      assert.equal((await currentUrl(page)).href, url);
      assert.ok(await isSameDocument(page));
      await page.reload();
      await viewerRunning(page);
      await page.getByRole('heading', { level: 1, name: 'Blue shard' }).waitFor();
      await page.locator('main .stage-object img').evaluate((img) => img.decode());
    }));

    it('can be searched', () => visit(browser, hosts[pages].address, async (page) => {
      await open(page, `${hosts[pages].address}ar/browse/?q=${encodeURIComponent('التناسل')}`);
      await page.locator('main .card-link', { hasText: 'كتاب النجوم' }).click();
      await page.getByRole('heading', { level: 1, name: 'كتاب النجوم' }).waitFor();
    }));

    it('reports an item that does not exist', () => visit(browser, hosts[pages].address, async (page) => {
      const path = pages === 'items' ? 'en/item/no-such/' : 'en/item/?id=no-such';
      await page.goto(hosts[pages].address + path);
      await page.waitForSelector('main[data-view=not-found]');
    }, { expected: [/404/] }));
  });
}
