// Books: one page, two that face each other, all below one another; all in small; to a page by its number.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, open, settled, visit } from './support/browser.mjs';
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

const BOOK = 'item/kitab-al-nujum/';
const layout = (page, lang, name) => page.getByRole('button', { name: word(lang, `reading-${name}`), exact: true });
const leaves = (page) => page.locator('.leaf').evaluateAll((all) => all.map((leaf) => Number(leaf.dataset.canvas)));
const left = (page, at) => page.locator(`.leaf[data-canvas="${at}"] img`).boundingBox().then((box) => box.x);

for (const lang of ['ar', 'en']) {
  describe(`a book, ${lang}`, () => {
    it('pages face each other as the book is read, the cover alone', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}`);
      await layout(page, lang, 'spread').click();
      assert.deepEqual(await leaves(page), [0]);
      await page.keyboard.press('ArrowLeft');
      await page.waitForURL(/page=2$/);
      assert.deepEqual(await leaves(page), [1, 2]);
      // Arabic: the earlier page lies on the right, in whatever language the interface is.
      assert.ok(await left(page, 1) > await left(page, 2));
      const place = word(lang, 'pages-of', { first: 2, last: 3, pages: 5 });
      await page.locator('.turning').getByText(place).waitFor();
      await page.keyboard.press('ArrowLeft');
      await page.waitForURL(/page=4$/);
      assert.deepEqual(await leaves(page), [3, 4]);
      assert.equal(await page.locator('a.turn[rel=next]').count(), 0);
      await page.keyboard.press('ArrowRight');
      await page.waitForURL(/page=2$/);
      // It stays so on the next book, and back.
      await layout(page, lang, 'single').click();
      await page.locator('.leaf').first().waitFor({ state: 'detached' });
    }));

    it('all pages lie one below the other, and the address follows', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}`);
      await layout(page, lang, 'scroll').click();
      assert.deepEqual(await leaves(page), [0, 1, 2, 3, 4]);
      await page.locator('.leaf[data-canvas="3"]').scrollIntoViewIfNeeded();
      await page.mouse.wheel(0, 200);
      await page.waitForURL(/page=[345]$/);
      await page.locator('nav.strip a').nth(1).click();
      await page.waitForURL(/page=2$/);
      await page.waitForFunction(() => {
        const { top } = document.querySelector('.leaf[data-canvas="1"]').getBoundingClientRect();
        return top > -50 && top < innerHeight / 2;
      });
    }));

    it('the page that is read stays on the screen when all are laid out', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}?page=3`);
      await layout(page, lang, 'spread').click();
      await page.locator('.leaves.spread').evaluate((leaves) => leaves.scrollIntoView());
      await page.waitForTimeout(250);
      await layout(page, lang, 'scroll').click();
      await page.waitForTimeout(500);
      assert.match(page.url(), /page=3$/);
      const top = await page.locator('.leaf[data-canvas="2"]').evaluate((leaf) => leaf.getBoundingClientRect().top);
      assert.ok(top > -50 && top < 360, `${top}`);
    }));

    it('is laid out as before when its page is loaded anew, or in another language', () => visit(browser, server.address, async (page) => {
      const other = lang === 'ar' ? 'en' : 'ar';
      await open(page, `${server.address}${lang}/${BOOK}?page=2`);
      await layout(page, lang, 'spread').click();
      assert.deepEqual(await leaves(page), [1, 2]);
      await page.reload();
      await page.locator('.leaf').nth(1).waitFor();
      assert.deepEqual(await leaves(page), [1, 2]);
      assert.equal(await layout(page, lang, 'spread').getAttribute('aria-pressed'), 'true');
      await open(page, `${server.address}${other}/${BOOK}?page=4`);
      await page.locator('.leaf').nth(1).waitFor();
      assert.deepEqual(await leaves(page), [3, 4]);
      await layout(page, other, 'single').click();
      await page.locator('.leaf').first().waitFor({ state: 'detached' });
      await page.reload();
      await settled(page);
      assert.equal(await page.locator('.leaf').count(), 0);
    }));

    it('the page that is clicked is the one that opens closer', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}?page=2`);
      await layout(page, lang, 'spread').click();
      await page.locator('.leaf[data-canvas="2"] .stage-link').click();
      await page.waitForSelector('dialog.zoom');
      const label = await page.locator('.zoom-canvas').getAttribute('aria-label');
      assert.match(label, new RegExp(word(lang, 'page-of', { page: 3, pages: 5 })));
    }));

    it('a number leads to its page, in any figures, and one that there is not is said', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}`);
      const field = page.getByLabel(word(lang, 'page-go'));
      await field.fill('٤');
      await field.press('Enter');
      await page.waitForURL(/page=4$/);
      await field.fill('2');
      await page.getByRole('button', { name: word(lang, 'page-go-do'), exact: true }).click();
      await page.waitForURL(/page=2$/);
      await field.fill('99');
      await field.press('Enter');
      assert.equal(await field.evaluate((input) => input.validationMessage), word(lang, 'page-none'));
      assert.match(page.url(), /page=2$/);
      await field.fill('5');
      await field.press('Enter');
      await page.waitForURL(/page=5$/);
      // On a phone as well, the button stands beside the field.
      await page.setViewportSize({ width: 320, height: 640 });
      const tops = await page.locator('.page-go :is(input, button)').evaluateAll((all) => all.map((own) => Math.round(own.getBoundingClientRect().top)));
      assert.equal(tops[0], tops[1]);
    }));

    it('its table of contents leads to where each section begins', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${BOOK}?page=2`);
      const sections = page.getByRole('navigation', { name: word(lang, 'contents'), exact: true }).getByRole('link');
      assert.equal(await sections.count(), 3);
      const now = () => sections.evaluateAll((all) => all.map((own) => own.getAttribute('aria-current')));
      assert.deepEqual(await now(), ['true', null, null], 'page 2 is in the first');
      await sections.nth(2).click();
      await page.waitForURL(/page=5$/);
      assert.deepEqual(await now(), [null, null, 'true']);
    }));

    it('all pages can be seen in small', () => visit(browser, server.address, async (page) => {
      await page.setViewportSize({ width: 320, height: 700 });
      await open(page, `${server.address}${lang}/${BOOK}`);
      const tops = () => page.locator('nav.strip li').evaluateAll((all) => new Set(all.map((li) => li.offsetTop)).size);
      assert.equal(await tops(), 1);
      const overview = page.getByRole('button', { name: word(lang, 'pages-overview') });
      await overview.click();
      assert.equal(await overview.getAttribute('aria-expanded'), 'true');
      assert.ok(await tops() > 1);
    }));
  });
}
