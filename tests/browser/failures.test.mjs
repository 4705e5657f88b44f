// Failures: each is reported, no damaged data is displayed, and loading can be tried again.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  isSameDocument, launch, markDocument, open, viewerRunning, visit,
} from './support/browser.mjs';
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

const expected = [/Failed to load resource/];

// Answers with the file in which one bit is flipped.
async function damage(route) {
  const response = await route.fetch();
  const body = Buffer.from(await response.body());
  body[body.length >> 1] ^= 1;
  await route.fulfill({ response, body });
}

for (const lang of ['ar', 'en']) {
  describe(`the viewer in ${lang}`, () => {
    it('rejects a damaged object and does not display it', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/`);
      await markDocument(page);
      await page.route('**/o/**', damage);
      await page.locator('main .facts a').first().click();
      await page.waitForSelector('main[data-view=failed][data-state=failed]');
      const alert = page.getByRole('alert');
      assert.equal((await alert.innerText()).trim(), message(lang, 'failure-damaged'));
      assert.equal(await page.locator('main .card').count(), 0);
      assert.equal(await page.locator('main [aria-busy=true], main .skeleton').count(), 0, 'a failure does not look as if it were loading');

      // Once the object is repaired, the button loads it in the same document.
      await page.unroute('**/o/**');
      await page.getByRole('button', { name: message(lang, 'try-again') }).click();
      await page.waitForSelector('main[data-view=browse][data-state=ready]');
      assert.ok(await page.locator('main .card').count() > 0);
      assert.ok(await isSameDocument(page));
    }, { expected }));

    it('reports the HTTP status of an object that cannot be loaded', () => visit(browser, server.address, async (page) => {
      await page.route('**/o/**', (route) => route.fulfill({ status: 503, body: '' }));
      await page.goto(`${server.address}${lang}/browse/?q=x`);
      await page.waitForSelector('main[data-state=failed]');
      assert.match(await page.getByRole('alert').innerText(), lang === 'ar' ? /٥٠٣/ : /503/);
      await page.unroute('**/o/**');
      await page.getByRole('button', { name: message(lang, 'try-again') }).click();
      await page.waitForSelector('main[data-view=browse]:not([data-state=failed])');
    }, { expected }));

    it('reports a missing connection', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/`);
      await page.route('**/*', (route) => route.abort('internetdisconnected'));
      await page.locator('main .facts a').first().click();
      await page.waitForSelector('main[data-state=failed]');
      assert.equal((await page.getByRole('alert').innerText()).trim(), message(lang, 'failure-offline'));
    }, { expected }));

    it('rejects an archive of an unknown format', () => visit(browser, server.address, async (page) => {
      await page.route('**/archive.json', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: (await response.text()).replace('khizana/2', 'khizana/99') });
      });
      await page.goto(`${server.address}${lang}/browse/?q=x`);
      await page.waitForSelector('main[data-state=failed]');
      assert.equal((await page.getByRole('alert').innerText()).trim(), message(lang, 'failure-unreadable'));
    }, { expected }));

    it('rejects a damaged text and displays the rest of the item', () => visit(browser, server.address, async (page) => {
      await page.route('**/f/**/page-5.txt', damage);
      await page.goto(`${server.address}${lang}/item/kitab-al-nujum/?page=5`);
      await page.waitForSelector('.stage-text[data-state=failed]');
      assert.equal(await page.locator('.page-text').count(), 0);
      assert.match(await page.getByRole('alert').innerText(), new RegExp(message(lang, 'failure-text')));
      await page.unroute('**/f/**/page-5.txt');
      await page.getByRole('button', { name: message(lang, 'try-again') }).click();
      await page.locator('.page-text', { hasText: 'التناسل' }).waitFor();
    }, { expected }));

    it('leaves the published page readable if it cannot start', () => visit(browser, server.address, async (page) => {
      await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: '' }));
      await page.goto(`${server.address}${lang}/item/kitab-al-nujum/`);
      await page.locator('h1').waitFor();
      for (const query of ['', '?q=x']) {
        await page.goto(`${server.address}${lang}/browse/${query}`);
        await page.getByText(message(lang, 'search-not-started')).waitFor();
        await page.getByRole('main').getByRole('link', { name: message(lang, 'collections') }).waitFor();
        await page.locator('main .card').first().waitFor();
      }
    }, { expected: [/./] }));
  });
}

describe('a browser without WebAssembly', () => {
  it('displays the page as it was published', () => visit(browser, server.address, async (page) => {
    await page.addInitScript(() => { delete window.WebAssembly; });
    await page.goto(`${server.address}en/item/kitab-al-nujum/`);
    await page.waitForSelector('html[data-unstarted]');
    await page.getByRole('heading', { level: 1 }).waitFor();
  }, { expected: [/WebAssembly/] }));
});

describe('a script that is cut off', () => {
  for (const name of ['viewer.js', 'viewer_bg.wasm', 'boot.js']) {
    it(`leaves the page readable if it is ${name}`, () => visit(browser, server.address, async (page) => {
      await page.route(`**/${name}`, async (route) => {
        const response = await route.fetch();
        const body = await response.body();
        await route.fulfill({ response, body: body.subarray(0, body.length / 2) });
      });
      const answer = page.waitForResponse(`**/${name}`);
      await page.goto(`${server.address}en/item/kitab-al-nujum/`);
      await (await answer).finished();
      if (name !== 'boot.js') await page.waitForSelector('html[data-unstarted]');
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.stage img').first().evaluate((img) => img.decode());
      // The links lead to pages, too.
      await page.unrouteAll();
      await page.locator('nav.breadcrumb a').last().click();
      await page.locator('main[data-view=collection]').waitFor();
    }, { expected: [/./] }));
  }
});

describe('fonts that do not arrive or are damaged', () => {
  for (const [name, answer] of [['missing', { status: 404, body: '' }], ['damaged', { status: 200, contentType: 'font/woff2', body: 'wOF2' }]]) {
    it(`are replaced if they are ${name}`, () => visit(browser, server.address, async (page) => {
      const requested = page.waitForRequest('**/*.woff2');
      await page.route('**/*.woff2', (route) => route.fulfill(answer));
      await page.goto(`${server.address}ar/item/kitab-al-nujum/`);
      await requested;
      await viewerRunning(page);
      assert.ok((await page.locator('h1').boundingBox()).height > 0);
    }, { expected: [/404|OTS|font/i] }));
  }
});

describe('a page that the viewer cannot hydrate', () => {
  it('stays as it was published, and the console names the reason', () => visit(browser, server.address, async (page) => {
    const address = `${server.address}en/item/kitab-al-nujum/`;
    await page.route(address, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace('id="page-state"', 'id="another"');
      await route.fulfill({ response, body });
    });
    const reason = page.waitForEvent('console', (message) => /no page state/.test(message.text()));
    await page.goto(address);
    await reason;
    await page.waitForSelector('html[data-unstarted]');
    await page.getByRole('heading', { level: 1 }).waitFor();
  }, { expected: [/no page state/] }));
});

describe('a slow response', () => {
  it('is shown as loading until it arrives', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/`);
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    await page.route('**/archive.json', async (route) => { await released; await route.continue(); });
    await page.locator('main .facts a').first().click();
    await page.waitForSelector('main[data-state=loading]');
    assert.equal(await page.getByRole('alert').count(), 0);
    release();
    await page.waitForSelector('main[data-view=browse][data-state=ready]');
  }));

  it('keeps the focus on the heading of an item, and announces its title', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/collection/cabinet/`);
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    await page.route('**/o/**', async (route) => { await released; await route.continue(); });
    await page.getByRole('link', { name: 'The Book of Stars' }).first().click();
    await page.waitForSelector('main[data-state=loading]');
    release();
    await page.waitForSelector('main[data-view=item][data-state=ready]');
    assert.ok(await page.evaluate(() => document.activeElement.matches('main h1')));
    assert.match(await page.locator('#announcer').textContent(), /^The Book of Stars/);
  }));
});
