// Books: the layouts (single page, facing pages, scroll), the overview, and navigation by page number.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { currentUrl, eventually, launch, layoutSettled, loaded, open, visit } from './support/browser.mjs';
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

const BOOK = 'item/kitab-al-nujum/';
const layoutButton = (page, lang, layout) => page.getByRole('button', { name: message(lang, `reading-${layout}`), exact: true });
const canvases = (page) => page.locator('.leaf').evaluateAll((leaves) => leaves.map((leaf) => Number(leaf.dataset.canvas)));
const showsCanvases = (page, expected) => eventually(async () => assert.deepEqual(await canvases(page), expected));

for (const lang of ['ar', 'en']) {
  describe(`a book in ${lang}`, () => {
    it('shows facing pages in reading direction and the cover alone', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}`);
      await layoutButton(page, lang, 'spread').click();
      await showsCanvases(page, [0]);
      await page.keyboard.press('ArrowLeft');
      await page.waitForURL(/page=2$/);
      await showsCanvases(page, [1, 2]);
      // The book is Arabic: the earlier page lies on the right in every language of the interface.
      await layoutSettled(page);
      const [earlier, later] = await page.locator('.leaf img').evaluateAll((images) => images.map((image) => image.getBoundingClientRect().x));
      assert.ok(earlier > later, `${earlier}, ${later}`);
      const pages = message(lang, 'pages-of', { first: 2, last: 3, pages: 5 });
      await page.locator('.turning').getByText(pages).waitFor();
      await page.keyboard.press('ArrowLeft');
      await page.waitForURL(/page=4$/);
      await showsCanvases(page, [3, 4]);
      assert.equal(await page.locator('a.turn[rel=next]').count(), 0);
      await page.keyboard.press('ArrowRight');
      await page.waitForURL(/page=2$/);
      await layoutButton(page, lang, 'single').click();
      await page.locator('.leaf').first().waitFor({ state: 'detached' });
    }));

    it('scrolls through all pages and updates the URL', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}`);
      await layoutButton(page, lang, 'scroll').click();
      await showsCanvases(page, [0, 1, 2, 3, 4]);
      await layoutSettled(page);
      await page.locator('.leaf[data-canvas="3"]').scrollIntoViewIfNeeded();
      await page.mouse.wheel(0, 200);
      await page.waitForURL(/page=[345]$/);
      // The wheel may still be scrolling the page.
      await layoutSettled(page);
      await page.locator('nav.strip a').nth(1).click();
      await page.waitForURL(/page=2$/);
      await page.waitForFunction(() => {
        const { top } = document.querySelector('.leaf[data-canvas="1"]').getBoundingClientRect();
        return top > -50 && top < innerHeight / 2;
      });
    }));

    it('keeps the current page on the screen when the layout changes to scroll', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}?page=3`);
      await layoutButton(page, lang, 'spread').click();
      await page.locator('.leaves.spread').evaluate((leaves) => leaves.scrollIntoView());
      await layoutSettled(page);
      // The viewer compares the pages with the scroll position at the end of each scroll.
      await page.evaluate(() => {
        addEventListener('scrollend', () => { window.hasScrollEnded = true; });
      });
      await layoutButton(page, lang, 'scroll').click();
      await page.waitForFunction(() => window.hasScrollEnded);
      await layoutSettled(page);
      assert.match((await currentUrl(page)).search, /page=3$/);
      const top = await page.locator('.leaf[data-canvas="2"]').evaluate((leaf) => leaf.getBoundingClientRect().top);
      assert.ok(top > -50 && top < 360, `${top}`);
    }));

    it('keeps the layout when the page is reloaded and in another language', () => visit(browser, server.address, async (page) => {
      const other = lang === 'ar' ? 'en' : 'ar';
      await open(page, `${server.address}${lang}/${BOOK}?page=2`);
      await layoutButton(page, lang, 'spread').click();
      await showsCanvases(page, [1, 2]);
      await page.reload();
      await page.locator('.leaf').nth(1).waitFor();
      assert.deepEqual(await canvases(page), [1, 2]);
      assert.equal(await layoutButton(page, lang, 'spread').getAttribute('aria-pressed'), 'true');
      await open(page, `${server.address}${other}/${BOOK}?page=4`);
      await page.locator('.leaf').nth(1).waitFor();
      assert.deepEqual(await canvases(page), [3, 4]);
      await layoutButton(page, other, 'single').click();
      await page.locator('.leaf').first().waitFor({ state: 'detached' });
      await page.reload();
      await page.waitForSelector('html[data-viewer=running]');
      await loaded(page);
      assert.equal(await page.locator('.leaf').count(), 0);
    }));

    it('opens the clicked page of two in the deep-zoom view', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}?page=2`);
      await layoutButton(page, lang, 'spread').click();
      await page.locator('.leaf[data-canvas="2"] .stage-link').click();
      await page.waitForSelector('dialog.zoom');
      const label = await page.locator('.zoom-canvas').getAttribute('aria-label');
      assert.match(label, new RegExp(message(lang, 'page-of', { page: 3, pages: 5 })));
    }));

    it('goes to a page number in any digits and reports one that does not exist', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}`);
      const field = page.getByLabel(message(lang, 'page-go'));
      const validationMessage = () => field.evaluate((input) => input.validationMessage);
      await field.fill('٤');
      await field.press('Enter');
      await page.waitForURL(/page=4$/);
      await field.fill('2');
      await page.getByRole('button', { name: message(lang, 'page-go-do'), exact: true }).click();
      await page.waitForURL(/page=2$/);
      await field.fill('99');
      await field.press('Enter');
      await eventually(async () => assert.equal(await validationMessage(), message(lang, 'page-none')));
      assert.match((await currentUrl(page)).search, /page=2$/);
      await field.fill('5');
      await field.press('Enter');
      await page.waitForURL(/page=5$/);
      // The button is next to the field on a narrow screen too.
      await page.setViewportSize({ width: 320, height: 640 });
      await layoutSettled(page);
      const tops = await page.locator('.page-go :is(input, button)').evaluateAll((controls) => controls.map((control) => Math.round(control.getBoundingClientRect().top)));
      assert.equal(tops[0], tops[1]);
    }));

    it('has a table of contents that links to the first page of each section', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}?page=2`);
      const sections = page.getByRole('navigation', { name: message(lang, 'contents'), exact: true }).getByRole('link');
      assert.equal(await sections.count(), 3);
      const current = () => sections.evaluateAll((links) => links.map((link) => link.getAttribute('aria-current')));
      assert.deepEqual(await current(), ['true', null, null], 'page 2 is in the first section');
      await sections.nth(2).click();
      await page.waitForURL(/page=5$/);
      await eventually(async () => assert.deepEqual(await current(), [null, null, 'true']));
    }));

    it('shows all pages in an overview', () => visit(browser, server.address, async (page) => {
      await page.setViewportSize({ width: 220, height: 700 });
      await open(page, `${server.address}${lang}/${BOOK}`);
      const rows = () => page.locator('nav.strip li').evaluateAll((items) => new Set(items.map((item) => item.offsetTop)).size);
      await layoutSettled(page);
      assert.equal(await rows(), 1);
      const overview = page.getByRole('button', { name: message(lang, 'pages-overview') });
      await overview.click();
      await eventually(async () => assert.equal(await overview.getAttribute('aria-expanded'), 'true'));
      await layoutSettled(page);
      assert.ok(await rows() > 1);
    }));
  });
}
