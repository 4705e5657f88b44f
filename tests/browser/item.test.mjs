// The page of an item: its canvases in reading direction, its values in their languages, and its files.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { currentUrl, eventually, isSameDocument, launch, layoutSettled, markDocument, open, visit } from './support/browser.mjs';
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

const thumbnail = (page, lang, number) => page.locator('nav.strip')
  .getByRole('link', { name: message(lang, 'page-number', { page: number }), exact: true });
const showsPage = (page, lang, number) => page.locator('nav.turning p', { hasText: message(lang, 'page-of', { page: number, pages: 5 }) }).waitFor();

for (const lang of ['ar', 'en']) {
  describe(`a book read from right to left, in ${lang}`, () => {
    it('goes to the next page on the left arrow key', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/`);
      await markDocument(page);
      await showsPage(page, lang, 1);
      await page.keyboard.press('ArrowLeft');
      await showsPage(page, lang, 2);
      assert.equal((await currentUrl(page)).searchParams.get('page'), '2');
      await page.keyboard.press('ArrowLeft');
      await showsPage(page, lang, 3);
      await page.keyboard.press('ArrowRight');
      await showsPage(page, lang, 2);
      assert.ok(await isSameDocument(page));
    }));

    it('has its controls and thumbnails in reading direction', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/?page=2`);
      await layoutSettled(page);
      const x = async (element) => (await element.boundingBox()).x;
      assert.ok(await x(page.locator('nav.turning a[rel=next]')) < await x(page.locator('nav.turning a[rel=prev]')));
      assert.ok(await x(thumbnail(page, lang, 2)) < await x(thumbnail(page, lang, 1)));
      assert.equal(await thumbnail(page, lang, 2).getAttribute('aria-current'), 'page');
    }));

    it('shows the image and the text of the current page', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/?page=5`);
      await showsPage(page, lang, 5);
      const image = page.locator('main .stage-object img');
      await image.evaluate((img) => img.decode());
      assert.ok(await image.evaluate((img) => img.naturalWidth > 300));
      assert.match(await image.getAttribute('alt'), /\S/);
      const text = page.locator('.page-text', { hasText: 'التناسل' });
      await text.waitFor();
      assert.equal(await text.getAttribute('lang'), 'ar');
      assert.equal(await text.getAttribute('dir'), 'rtl');
    }));

    it('goes back through the visited pages and keeps the page on reload', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/`);
      await page.locator('nav.turning a[rel=next]').click();
      await showsPage(page, lang, 2);
      await thumbnail(page, lang, 4).click();
      await showsPage(page, lang, 4);
      await page.reload();
      await showsPage(page, lang, 4);
      await page.goBack();
      await showsPage(page, lang, 2);
    }));
  });
}

describe('an item', () => {
  it('shows its values in their language and direction', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/kitab-al-nujum/`);
    const value = async (text) => {
      const element = page.locator('main [lang][dir]', { hasText: text }).last();
      return [await element.getAttribute('lang'), await element.getAttribute('dir')];
    };
    assert.deepEqual(await value('كتاب النجوم'), ['ar', 'rtl']);
    assert.deepEqual(await value('Le Livre des étoiles'), ['fr', 'ltr']);
    assert.deepEqual(await value('صانع الاختبار'), ['ar', 'rtl']);
    await page.getByText('A 1', { exact: true }).first().waitFor();
  }));

  it('links to its rights statement, its parts and the item that contains it', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/kitab-al-nujum/`);
    const rights = page.getByRole('link', { name: /No rights reserved/ }).first();
    assert.equal(await rights.getAttribute('href'), 'https://creativecommons.org/publicdomain/zero/1.0/');
    await page.getByRole('link', { name: 'Chapter two: the astrolabe' }).click();
    await page.getByRole('heading', { level: 1, name: 'Chapter two: the astrolabe' }).waitFor();
    await page.getByRole('link', { name: 'The Book of Stars' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'The Book of Stars' }).waitFor();
  }));

  it('links a value to all items that share it', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/item/plate-cairo/`);
    await page.getByRole('main').getByRole('link', { name: 'فلك', exact: true }).first().click();
    await page.waitForSelector('main[data-view=browse][data-state=ready]');
    await eventually(async () => assert.equal(await page.locator('main .card-link').count(), 3));
  }));

  it('shows its date in both calendars', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/kitab-al-nujum/`);
    const text = await page.locator('main').innerText();
    assert.match(text, /February 1906/);
    assert.match(text, new RegExp(`${message('en', 'hijri-month-1')} 1324`));
  }));

  it('plays a sound and shows its text', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/item/maqam-rast/`);
    await page.waitForFunction(() => document.querySelector('audio')?.readyState >= 1);
    const seconds = await page.locator('audio').evaluate((audio) => audio.duration);
    assert.ok(Math.abs(seconds - 1) < 0.05, `${seconds} s`);
    await page.locator('.page-text', { hasText: 'راست' }).waitFor();
  }));

  it('offers the original file for download', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/maqam-rast/`);
    const link = page.locator('a[download][href*=".wav"], a[href$=".wav"]').first();
    const response = await page.request.get(await link.evaluate((a) => a.href));
    assert.equal((await response.body()).length, 16_044);
  }));

  it('can be cited by a permanent link', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/plate-cairo/`);
    await page.getByRole('heading', { name: message('en', 'cite') }).waitFor();
    assert.match(await page.locator('#citation').innerText(), /Plate for Cairo.*plate-cairo/);
    const address = await page.locator('#permanent').evaluate((link) => link.href);
    assert.equal(address, `${server.address}en/item/plate-cairo/`);
    const response = await page.goto(address);
    assert.equal(response.status(), 200);
    assert.match(await page.locator('main h1').innerText(), /Plate for Cairo/);
  }));
});
