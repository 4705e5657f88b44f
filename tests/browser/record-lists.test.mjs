// A site in which the pages of the collections contain the whole records, and only items with files have pages.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { axeViolations } from './support/axe.mjs';
import { currentUrl, launch, viewerRunning, visit } from './support/browser.mjs';
import { site, siteAt, staticHost } from './support/site.mjs';
import { shard } from './support/views.mjs';

let browser, host;
before(async () => {
  browser = await launch();
  host = await staticHost(await site('fixtures', { pages: 'lists' }), '/some/folder/');
});
after(async () => {
  await browser?.close();
  host?.stop();
});

describe('a site with lists of records', () => {
  it('shows the whole records without JavaScript', () => visit(browser, host.address, async (page) => {
    await page.goto(`${host.address}ar/`);
    await page.getByRole('main').getByRole('link', { name: 'رسائل' }).first().click();
    await page.getByRole('heading', { level: 2, name: 'رسالة رقم 3', exact: true }).waitFor();
    const record = page.locator('#item-letter-003');
    assert.match(await record.innerText(), /حلب/);
    const links = await page.locator('a').count();
    assert.ok(links <= 200, `${links} links`);
  }, { javaScriptEnabled: false }));

  it('leads from a record to the item in the viewer', () => visit(browser, host.address, async (page) => {
    await page.goto(`${host.address}en/`);
    await viewerRunning(page);
    await page.getByRole('main').getByRole('link', { name: 'Letters' }).first().click();
    await page.waitForURL(`${host.address}en/collection/letters/`);
    await page.getByRole('link', { name: 'Letter number 3', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Letter number 3' }).waitFor();
    assert.equal((await currentUrl(page)).href, `${host.address}en/item/?id=letter-003`);
    await page.getByRole('link', { name: 'العربية' }).click();
    await page.getByRole('heading', { level: 1, name: 'رسالة رقم 3' }).waitFor();
  }));

  it('leads from the address that the page of an item would have to the viewer', () => visit(browser, host.address, async (page) => {
    await page.goto(`${host.address}en/item/letter-003/?q=Aleppo`);
    await page.getByRole('heading', { level: 1, name: 'Letter number 3' }).waitFor();
    assert.equal((await currentUrl(page)).href, `${host.address}en/item/?id=letter-003&q=Aleppo`);
    await page.goto(`${host.address}en/item/no-such/`);
    await page.waitForURL(`${host.address}en/item/?id=no-such`);
    await page.waitForSelector('main[data-view=not-found][data-state=ready]');
  }, { expected: [/404/] }));

  it('has a page for an item with an image, to which all languages lead', () => visit(browser, host.address, async (page) => {
    const response = await page.goto(`${host.address}en/item/${shard}/`);
    assert.equal(response.status(), 200);
    await viewerRunning(page);
    await page.getByRole('link', { name: 'العربية' }).click();
    await page.waitForURL(`${host.address}ar/item/${shard}/`);
    await page.reload();
    await viewerRunning(page);
    await page.locator('main .stage-object img').first().evaluate((img) => img.decode());
  }));

  for (const lang of ['ar', 'en']) {
    it(`is accessible in ${lang}`, () => visit(browser, host.address, async (page) => {
      await page.goto(`${host.address}${lang}/collection/letters/`);
      assert.deepEqual(await axeViolations(page, ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']), []);
    }));
  }
});

describe('a site in a bucket, which has no index documents', () => {
  let bucket;
  before(async () => {
    const change = (settings) => `${settings}\n[host]\nindex = false\n`;
    bucket = await staticHost(await siteAt('https://example.org/', { archive: 'fixtures', name: 'bucket', change }), '/bucket/', { isBucket: true });
  });
  after(() => bucket?.stop());

  it('leads from its root to every view', () => visit(browser, bucket.address, async (page) => {
    await page.goto(`${bucket.address}index.html`);
    await page.waitForURL(`${bucket.address}en/index.html`);
    await viewerRunning(page);
    await page.getByRole('main').getByRole('link', { name: 'Letters' }).first().click();
    await page.waitForURL(`${bucket.address}en/collection/letters/index.html`);
    await page.getByRole('link', { name: 'Letter number 3', exact: true }).first().click();
    await page.waitForURL(`${bucket.address}en/item/letter-003/index.html`);
    await page.reload();
    await viewerRunning(page);
    await page.getByRole('link', { name: 'العربية' }).click();
    await page.waitForURL(`${bucket.address}ar/item/letter-003/index.html`);
  }));

  it('links the first results to files', () => visit(browser, bucket.address, async (page) => {
    // The first results remain until the viewer runs.
    await page.route('**/viewer.js', (route) => setTimeout(() => route.continue(), 3_000));
    await page.goto(`${bucket.address}en/browse/index.html?q=Aleppo`);
    const link = page.locator('.first-results a').first();
    await link.waitFor();
    assert.match(await link.getAttribute('href'), /\/en\/item\/[^/]+\/index\.html\?q=Aleppo$/);
  }, { expected: [/ERR_/] }));

  it('opens content states', () => visit(browser, bucket.address, async (page) => {
    const manifest = `https://example.org/manifests/item/${shard}.json`;
    await page.goto(`${bucket.address}en/index.html?iiif-content=${encodeURIComponent(manifest)}`);
    await page.waitForURL(`${bucket.address}en/item/${shard}/index.html`);
  }));
});
