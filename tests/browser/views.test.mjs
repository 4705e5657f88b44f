// Each view in each language of the interface: what every page must have.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, live, mark, open, sameDocument, visit } from './support/browser.mjs';
import { serve, site } from './support/site.mjs';
import { views } from './support/views.mjs';
import { languages, word } from './support/words.mjs';

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(site());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

for (const lang of languages) {
  describe(`views in ${lang}`, () => {
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

describe('from language to language', () => {
  it('the same page is one link away, and stays the same page', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/kitab-al-nujum/?page=3`);
    await page.locator('a[hreflang=ar]:visible').first().click();
    await page.waitForURL('**/ar/item/kitab-al-nujum/?page=3');
    await live(page);
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
    await page.getByText(word('ar', 'page-of', { page: 3, pages: 5 })).first().waitFor();
  }));

  for (const [locale, lang] of [['fr-CA', 'fr'], ['ar-EG', 'ar']]) {
    it(`a reader whose browser speaks ${locale} is led to ${lang}`, () => visit(browser, server.address, async (page) => {
      await page.goto(server.address);
      await page.waitForURL(`**/${lang}/`);
    }, { locale }));
  }
});

describe('the choice of language', () => {
  it('is left to a reader whose browser speaks none of them', () => visit(browser, server.address, async (page) => {
    await page.goto(server.address, { waitUntil: 'networkidle' });
    assert.equal(page.url(), server.address);
    await page.getByRole('link', { name: /العربية/ }).click();
    await page.waitForURL('**/ar/');
  }, { locale: 'de-DE' }));
});

describe('addresses', () => {
  it('one that leads nowhere is a page that says so', () => visit(browser, server.address, async (page) => {
    const answer = await page.goto(`${server.address}en/item/no-such-item/`);
    assert.equal(answer.status(), 404);
    assert.equal(await page.locator('main').getAttribute('data-view'), 'not-found');
    await page.getByRole('heading', { name: word('ar', 'not-found-title') }).waitFor();
    await page.getByRole('heading', { name: word('en', 'not-found-title') }).waitFor();
  }, { expected: [/Failed to load resource.*404/] }));

  it('links are followed without loading the document again', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/`);
    await mark(page);
    await page.getByRole('main').getByRole('link', { name: 'A small cabinet' }).click();
    await page.waitForSelector('main[data-view=collection][data-state=ready]');
    await page.getByRole('link', { name: 'Blue shard' }).click();
    await page.waitForSelector('main[data-view=item][data-state=ready]');
    assert.match(page.url(), /\/en\/item\/%D9%82/);
    assert.ok(await sameDocument(page));
    assert.match(await page.title(), /Blue shard/);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1', 'the focus goes with the page');
    await page.goBack();
    await page.waitForSelector('main[data-view=collection][data-state=ready]');
    await page.goBack();
    await page.waitForSelector('main[data-view=home][data-state=ready]');
    await page.goForward();
    await page.waitForSelector('main[data-view=collection][data-state=ready]');
    assert.ok(await sameDocument(page));
  }));

  it('a second page of a collection lists the items after the first', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/collection/letters/`);
    const first = await page.locator('main .card-link').allInnerTexts();
    await page.locator('a[rel=next]').first().click();
    await page.waitForURL('**/page/2/');
    await page.waitForFunction((text) => document.querySelector('main .card-link')?.innerText !== text, first[0]);
    const second = await page.locator('main .card-link').allInnerTexts();
    assert.equal(new Set([...first, ...second]).size, first.length + second.length);
  }));
});
