// Every view in every language of the interface, the choice of the language, and navigation between views.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  currentUrl, isSameDocument, launch, markDocument, open, viewerRunning, visit,
} from './support/browser.mjs';
import { languages, message } from './support/messages.mjs';
import { serve, site } from './support/site.mjs';
import { views } from './support/views.mjs';

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(await site());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

for (const lang of languages) {
  describe(`a view in ${lang} has its language, landmarks and one heading`, () => {
    for (const { name, path, view, state = 'ready' } of views) {
      it(name, () => visit(browser, server.address, async (page) => {
        await open(page, server.address + path(lang));
        const html = page.locator('html');
        assert.equal(await html.getAttribute('lang'), lang);
        assert.equal(await html.getAttribute('dir'), lang === 'ar' ? 'rtl' : 'ltr');
        const main = page.locator('main');
        assert.equal(await main.getAttribute('data-view'), view);
        assert.equal(await main.getAttribute('data-state'), state);
        assert.equal(await page.locator('h1').count(), 1);
        assert.notEqual((await page.locator('h1').innerText()).trim(), '');
        assert.notEqual(await page.title(), '');
        for (const landmark of ['banner', 'main', 'contentinfo']) {
          assert.equal(await page.getByRole(landmark).count(), 1, landmark);
        }
        assert.equal(await page.getByRole('search').count(), 1);
        assert.equal(await page.locator('[style]').count(), 0, 'a style attribute is blocked by the policy');
      }));
    }
  });
}

describe('the language', () => {
  it('can be changed on every page of a book', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/kitab-al-nujum/?page=3`);
    await page.locator('a[hreflang=ar]:visible').first().click();
    await page.waitForURL('**/ar/item/kitab-al-nujum/?page=3');
    await viewerRunning(page);
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
    await page.getByText(message('ar', 'page-of', { page: 3, pages: 5 })).first().waitFor();
  }));

  for (const [locale, lang] of [['fr-CA', 'fr'], ['ar-EG', 'ar']]) {
    it(`is ${lang} for a browser in ${locale}`, () => visit(browser, server.address, async (page) => {
      await page.goto(server.address);
      await page.waitForURL(`**/${lang}/`);
    }, { locale }));
  }

  it('is chosen by the visitor if the site does not have that of the browser', () => visit(browser, server.address, async (page) => {
    const documents = [];
    page.on('request', (request) => {
      if (request.isNavigationRequest()) documents.push(request.url());
    });
    await page.goto(server.address);
    await page.getByRole('link', { name: /العربية/ }).click();
    await page.waitForURL('**/ar/');
    assert.deepEqual(documents, [server.address, `${server.address}ar/`]);
  }, { locale: 'de-DE' }));
});

describe('a URL', () => {
  it('of no page answers with 404 and a page in all languages', () => visit(browser, server.address, async (page) => {
    const response = await page.goto(`${server.address}en/item/no-such-item/`);
    assert.equal(response.status(), 404);
    assert.equal(await page.locator('main').getAttribute('data-view'), 'not-found');
    await page.getByRole('heading', { name: message('ar', 'not-found-title') }).waitFor();
    await page.getByRole('heading', { name: message('en', 'not-found-title') }).waitFor();
  }, { expected: [/Failed to load resource.*404/] }));

  it('of the site is opened in the same document', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/`);
    await markDocument(page);
    await page.getByRole('main').getByRole('link', { name: 'A small cabinet' }).first().click();
    await page.waitForSelector('main[data-view=collection][data-state=ready]');
    await page.getByRole('link', { name: 'Blue shard' }).click();
    await page.waitForSelector('main[data-view=item][data-state=ready]');
    assert.match((await currentUrl(page)).pathname, /\/en\/item\/%D9%82/);
    assert.ok(await isSameDocument(page));
    assert.match(await page.title(), /Blue shard/);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1', 'the heading of the new view has the focus');
    await page.goBack();
    await page.waitForSelector('main[data-view=collection][data-state=ready]');
    await page.goBack();
    await page.waitForSelector('main[data-view=home][data-state=ready]');
    await page.goForward();
    await page.waitForSelector('main[data-view=collection][data-state=ready]');
    assert.ok(await isSameDocument(page));
  }));

  it('of the second page of a collection lists the items after the first page', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/collection/letters/`);
    const first = await page.locator('main .card-link').allInnerTexts();
    await page.locator('a[rel=next]').first().click();
    await page.waitForURL('**/page/2/');
    await page.waitForFunction((text) => document.querySelector('main .card-link')?.innerText !== text, first[0]);
    const second = await page.locator('main .card-link').allInnerTexts();
    assert.equal(new Set([...first, ...second]).size, first.length + second.length);
  }));
});
