// The page of an item: its pages in their own direction, its values in their own languages.

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

const pageOf = (lang, page) => word(lang, 'page-of', { page, pages: 5 });
const inStrip = (page, lang, number) => page.locator('nav.strip')
  .getByRole('link', { name: word(lang, 'page-number', { page: number }), exact: true });
const at = (page, lang, number) => page.locator('nav.turning p', { hasText: pageOf(lang, number) }).waitFor();

for (const lang of ['ar', 'en']) {
  describe(`a book read from right to left, in ${lang}`, () => {
    it('left is the next page', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/`);
      await mark(page);
      await at(page, lang, 1);
      await page.keyboard.press('ArrowLeft');
      await at(page, lang, 2);
      assert.equal(new URL(page.url()).searchParams.get('page'), '2');
      await page.keyboard.press('ArrowLeft');
      await at(page, lang, 3);
      await page.keyboard.press('ArrowRight');
      await at(page, lang, 2);
      assert.ok(await sameDocument(page));
    }));

    it('its pages run from right to left', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/?page=2`);
      const x = async (found) => (await found.boundingBox()).x;
      assert.ok(await x(page.locator('nav.turning a[rel=next]')) < await x(page.locator('nav.turning a[rel=prev]')));
      assert.ok(await x(inStrip(page, lang, 2)) < await x(inStrip(page, lang, 1)));
      assert.equal(await inStrip(page, lang, 2).getAttribute('aria-current'), 'page');
    }));

    it('shows the image and the text of its page', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/?page=5`);
      await at(page, lang, 5);
      const image = page.locator('main .stage-object img');
      await image.evaluate((img) => img.decode());
      assert.ok(await image.evaluate((img) => img.naturalWidth > 300));
      assert.match(await image.getAttribute('alt'), /\S/);
      const text = page.locator('.page-text', { hasText: 'التناسل' });
      await text.waitFor();
      assert.equal(await text.getAttribute('lang'), 'ar');
      assert.equal(await text.getAttribute('dir'), 'rtl');
    }));

    it('going back goes through the pages turned', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/`);
      await page.locator('nav.turning a[rel=next]').click();
      await at(page, lang, 2);
      await inStrip(page, lang, 4).click();
      await at(page, lang, 4);
      await page.reload();
      await at(page, lang, 4);
    }));
  });
}

describe('an item', () => {
  it('tells its values in their own language and direction', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/kitab-al-nujum/`);
    const value = async (text) => {
      const found = page.locator('main [lang][dir]', { hasText: text }).last();
      return [await found.getAttribute('lang'), await found.getAttribute('dir')];
    };
    assert.deepEqual(await value('كتاب النجوم'), ['ar', 'rtl']);
    assert.deepEqual(await value('Le Livre des étoiles'), ['fr', 'ltr']);
    assert.deepEqual(await value('صانع الاختبار'), ['ar', 'rtl']);
    await page.getByText('A 1', { exact: true }).first().waitFor();
  }));

  it('links its rights, its parts and what it is a part of', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/kitab-al-nujum/`);
    const rights = page.getByRole('link', { name: /No rights reserved/ }).first();
    assert.equal(await rights.getAttribute('href'), 'https://creativecommons.org/publicdomain/zero/1.0/');
    await page.getByRole('link', { name: 'Chapter two: the astrolabe' }).click();
    await page.getByRole('heading', { level: 1, name: 'Chapter two: the astrolabe' }).waitFor();
    await page.getByRole('link', { name: 'The Book of Stars' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'The Book of Stars' }).waitFor();
  }));

  it('leads from a value to all that share it', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/item/plate-cairo/`);
    await page.getByRole('main').getByRole('link', { name: 'فلك', exact: true }).first().click();
    await page.waitForSelector('main[data-view=browse][data-state=ready]');
    assert.equal(await page.locator('main .card-link').count(), 3);
  }));

  it('says its date in both calendars', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/kitab-al-nujum/`);
    const text = await page.locator('main').innerText();
    assert.match(text, /February 1906/);
    assert.match(text, new RegExp(`${word('en', 'hijri-month-1')} 1324`));
  }));

  it('plays a sound, and shows its text', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/item/maqam-rast/`);
    await page.waitForFunction(() => document.querySelector('audio')?.readyState >= 1);
    const seconds = await page.locator('audio').evaluate((audio) => audio.duration);
    assert.ok(Math.abs(seconds - 1) < 0.05, `${seconds} s`);
    await page.locator('.page-text', { hasText: 'راست' }).waitFor();
  }));

  it('offers what was handed in, to the byte', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/maqam-rast/`);
    const link = page.locator('a[download][href*=".wav"], a[href$=".wav"]').first();
    const answer = await page.request.get(await link.evaluate((a) => a.href));
    assert.equal((await answer.body()).length, 16_044);
  }));

  it('can be cited by an address that leads back to it', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/plate-cairo/`);
    await page.getByRole('heading', { name: word('en', 'cite') }).waitFor();
    assert.match(await page.locator('#citation').innerText(), /Plate for Cairo.*plate-cairo/);
    const address = await page.locator('#permanent').evaluate((link) => link.href);
    assert.equal(address, `${server.address}en/item/plate-cairo/`);
    const answer = await page.goto(address);
    assert.equal(answer.status(), 200);
    assert.match(await page.locator('main h1').innerText(), /Plate for Cairo/);
  }));
});
