// What fails says so, is never taken for what it is not, and can be tried again.

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

const expected = [/Failed to load resource/];

// One bit of the file is turned on its way.
async function damage(route) {
  const answer = await route.fetch();
  const body = Buffer.from(await answer.body());
  body[body.length >> 1] ^= 1;
  await route.fulfill({ response: answer, body });
}

for (const lang of ['ar', 'en']) {
  describe(`failures in ${lang}`, () => {
    it('a damaged object is refused, said, and not shown', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/`);
      await mark(page);
      await page.route('**/o/**', damage);
      await page.locator('main .facts a').first().click();
      await page.waitForSelector('main[data-view=failed][data-state=failed]');
      const said = page.getByRole('alert');
      assert.equal((await said.innerText()).trim(), word(lang, 'failure-damaged'));
      assert.equal(await page.locator('main .card').count(), 0);
      assert.equal(await page.locator('main [aria-busy=true], main .skeleton').count(), 0, 'a failure does not look as if it were loading');

      // It is repaired; the same button leads on.
      await page.unroute('**/o/**');
      await page.getByRole('button', { name: word(lang, 'try-again') }).click();
      await page.waitForSelector('main[data-view=browse][data-state=ready]');
      assert.ok(await page.locator('main .card').count() > 0);
      assert.ok(await sameDocument(page));
    }, { expected }));

    it('a missing object is said with the server’s answer', () => visit(browser, server.address, async (page) => {
      await page.route('**/o/**', (route) => route.fulfill({ status: 503, body: '' }));
      await page.goto(`${server.address}${lang}/browse/?q=x`);
      await page.waitForSelector('main[data-state=failed]');
      assert.match(await page.getByRole('alert').innerText(), lang === 'ar' ? /٥٠٣/ : /503/);
      await page.unroute('**/o/**');
      await page.getByRole('button', { name: word(lang, 'try-again') }).click();
      await page.waitForSelector('main[data-view=browse]:not([data-state=failed])');
    }, { expected }));

    it('no connection is said as that', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/`);
      await page.route('**/*', (route) => route.abort('internetdisconnected'));
      await page.locator('main .facts a').first().click();
      await page.waitForSelector('main[data-state=failed]');
      assert.equal((await page.getByRole('alert').innerText()).trim(), word(lang, 'failure-offline'));
    }, { expected }));

    it('a root of an unknown format is refused', () => visit(browser, server.address, async (page) => {
      await page.route('**/archive.json', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()).replace('khizana/1', 'khizana/99') });
      });
      await page.goto(`${server.address}${lang}/browse/`);
      await page.waitForSelector('main[data-state=failed]');
      assert.equal((await page.getByRole('alert').innerText()).trim(), word(lang, 'failure-unreadable'));
    }, { expected }));

    it('a damaged text leaves the rest of the item as it is', () => visit(browser, server.address, async (page) => {
      await page.route('**/f/**/page-5.txt', damage);
      await page.goto(`${server.address}${lang}/item/kitab-al-nujum/?page=5`);
      await page.waitForSelector('.stage-text[data-state=failed]');
      assert.equal(await page.locator('.page-text').count(), 0);
      assert.match(await page.getByRole('alert').innerText(), new RegExp(word(lang, 'failure-text')));
      await page.unroute('**/f/**/page-5.txt');
      await page.getByRole('button', { name: word(lang, 'try-again') }).click();
      await page.locator('.page-text', { hasText: 'التناسل' }).waitFor();
    }, { expected }));

    it('a viewer that does not start leaves the page readable', () => visit(browser, server.address, async (page) => {
      await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: '' }));
      await page.goto(`${server.address}${lang}/item/kitab-al-nujum/`);
      await page.locator('h1').waitFor();
      await page.goto(`${server.address}${lang}/browse/`);
      await page.getByText(word(lang, 'failure-start')).waitFor();
      await page.getByRole('main').getByRole('link', { name: lang === 'ar' ? 'رسائل' : 'Letters' }).waitFor();
    }, { expected: [/./] }));
  });
}

describe('a page that the viewer cannot take over', () => {
  it('stays as it is, and the viewer says why', () => visit(browser, server.address, async (page) => {
    const address = `${server.address}en/item/kitab-al-nujum/`;
    await page.route(address, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace('id="page-state"', 'id="another"');
      await route.fulfill({ response: answer, body });
    });
    const said = page.waitForEvent('console', (message) => /no page state/.test(message.text()));
    await page.goto(address);
    await said;
    await page.waitForSelector('html[data-unstarted]');
    await page.getByRole('heading', { level: 1 }).waitFor();
  }, { expected: [/no page state/] }));
});

describe('slowness', () => {
  it('is a state of its own until the answer comes', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/`);
    let answer;
    const held = new Promise((go) => { answer = go; });
    await page.route('**/archive.json', async (route) => { await held; await route.continue(); });
    await page.locator('main .facts a').first().click();
    await page.waitForSelector('main[data-state=loading]');
    assert.equal(await page.getByRole('alert').count(), 0);
    answer();
    await page.waitForSelector('main[data-view=browse][data-state=ready]');
  }));
});
