// The service worker: what the visitor has opened can be read without a network, and is never outdated with one.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { eventually, launch, open, viewerRunning, visit } from './support/browser.mjs';
import { message } from './support/messages.mjs';
import { serve, site, staticHost } from './support/site.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const options = { serviceWorkers: 'allow', expected: [/ERR_CONNECTION_REFUSED|ERR_FAILED|404/] };

// Waits until the service worker has kept a URL.
const kept = (page, url) => eventually(() => page.evaluate(async (url) => await caches.match(url) !== undefined, url));

// Waits until the service worker has kept the page and the image that it displays.
async function pageKept(page) {
  await kept(page, await page.evaluate(() => location.href.replace(/[?#].*/, '')));
  await kept(page, await page.locator('.stage img').first().evaluate((img) => img.currentSrc));
}

async function assertReadable(page, title) {
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  await eventually(() => page.locator('.stage img').first().evaluate((img) => img.complete && img.naturalWidth > 0));
}

for (const [lang, plate, sound] of [['ar', 'صفيحة القاهرة', 'مقام راست'], ['en', 'Plate for Cairo', 'Maqam Rast']]) {
  describe(`without a network in ${lang}`, () => {
    let server;
    before(async () => {
      server = await serve(await site());
    });
    after(() => server?.stop());

    it('a page that was opened can be read, and others lead to it', () => visit(browser, server.address, async (page) => {
      const { address } = server;
      await open(page, `${address}${lang}/item/kitab-al-nujum/`);
      await pageKept(page);
      // The viewer displays these two pages, and does not load them as documents.
      await page.locator('nav.neighbours a[rel=next]').click();
      await assertReadable(page, plate);
      await pageKept(page);
      server.stop();
      await page.reload();
      await assertReadable(page, plate);
      await viewerRunning(page);
      await page.goto(`${address}${lang}/item/letter-007/`);
      await page.getByRole('heading', { name: message(lang, 'offline-title') }).waitFor();
      assert.equal(await page.getByRole('link', { name: sound }).count(), 0);
      await page.getByRole('link', { name: plate }).click();
      await assertReadable(page, plate);
    }, options));
  });
}

describe('with a network', () => {
  let server, folder;
  before(async () => {
    folder = await site();
    server = await staticHost(folder, '/archive/');
  });
  after(() => server?.stop());

  it('a page is current, and disappears with its item', () => visit(browser, server.address, async (page) => {
    const url = `${server.address}en/item/plate-cairo/`;
    const file = join(folder, 'en/item/plate-cairo/index.html');
    const html = readFileSync(file, 'utf8');
    await open(page, url);
    await pageKept(page);
    // The file is a hard link to that of other tests.
    rmSync(file);
    writeFileSync(file, html.replace('<title>', '<title>Changed: '));
    await page.goto('about:blank');
    await page.goto(url);
    assert.match(await page.title(), /^Changed/);
    rmSync(file);
    const response = await page.goto(url);
    assert.equal(response.status(), 404);
    await eventually(() => page.evaluate(async (url) => await caches.match(url) === undefined, url));
  }, options));
});

describe('with a host that serves ranges', () => {
  let server;
  before(async () => {
    server = await serve(await site());
  });
  after(() => server?.stop());

  it('a part of a kept file is a part', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/plate-cairo/`);
    await pageKept(page);
    await eventually(() => page.evaluate(() => navigator.serviceWorker.controller !== null));
    const image = await page.locator('.stage img').first().evaluate((img) => img.currentSrc);
    const bytes = await page.evaluate(async (image) => {
      const response = await fetch(image, { headers: { range: 'bytes=0-9' } });
      return (await response.arrayBuffer()).byteLength;
    }, image);
    assert.equal(bytes, 10);
  }, options));
});
