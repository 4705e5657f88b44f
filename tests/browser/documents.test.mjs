// Documents in Markdown and tables, with the viewer and without it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { axeViolations } from './support/axe.mjs';
import { launch, layoutSettled, loaded, open, visit } from './support/browser.mjs';
import { message } from './support/messages.mjs';
import { serve, site } from './support/site.mjs';

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(await site('documents'));
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const item = (lang, id, rest = '') => `${server.address}${lang}/item/${id}/${rest}`;
const text = (page) => page.locator('.stage-text');

for (const lang of ['ar', 'en']) {
  describe(`a document in Markdown in ${lang}`, () => {
    for (const javaScriptEnabled of [true, false]) {
      it(`is displayed ${javaScriptEnabled ? 'with the viewer' : 'without JavaScript'}`, () => visit(browser, server.address, async (page) => {
        await (javaScriptEnabled ? open(page, item(lang, 'notes')) : page.goto(item(lang, 'notes')));
        await text(page).getByRole('heading', { level: 3, name: 'ملاحظات على الخزانة' }).waitFor();
        assert.equal(await page.locator('h1').count(), 1);
        assert.equal(await text(page).getByRole('table').count(), 1);
        assert.equal(await text(page).locator('img, script, [style]').count(), 0);
        assert.notEqual(await page.title(), 'taken over');
        const [arabic, english] = [text(page).locator('.prose > p').first(), text(page).locator('.prose > p', { hasText: 'periwinkle' })];
        const direction = (element) => element.evaluate((paragraph) => getComputedStyle(paragraph).direction);
        assert.deepEqual([await direction(arabic), await direction(english)], ['rtl', 'ltr']);
        await page.locator('.files a', { hasText: 'notes.md' }).waitFor();
      }, { javaScriptEnabled }));
    }

    it('is accessible and fits a narrow screen, and so does a table', () => visit(browser, server.address, async (page) => {
      for (const id of ['notes', 'shelves', 'long']) {
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 720 });
          await open(page, item(lang, id));
          await text(page).locator('.prose, .table').waitFor();
          await layoutSettled(page);
          const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
          assert.ok(content <= screen, `${id}: ${content} pixels on a screen of ${screen}`);
        }
        assert.deepEqual(await axeViolations(page), []);
      }
    }));
  });

  describe(`a table in ${lang}`, () => {
    for (const javaScriptEnabled of [true, false]) {
      it(`is displayed as a table ${javaScriptEnabled ? 'with the viewer' : 'without JavaScript'}`, () => visit(browser, server.address, async (page) => {
        await (javaScriptEnabled ? open(page, item(lang, 'long')) : page.goto(item(lang, 'long')));
        const table = text(page).getByRole('table', { name: 'long.tsv' });
        assert.equal(await table.getByRole('columnheader').count(), 3);
        assert.equal(await table.locator('tbody tr').count(), 200);
        await text(page).getByText(message(lang, 'table-cut', { shown: 200, rows: 450 })).waitFor();
        await text(page).getByRole('heading', { level: 2, name: message(lang, 'table') }).waitFor();
        const region = text(page).getByRole('region', { name: 'long.tsv' });
        await region.focus();
        assert.ok(await region.evaluate((element) => element === document.activeElement));
        if (javaScriptEnabled) {
          await page.keyboard.press('End');
          await page.waitForFunction(() => document.querySelector('.table').scrollTop > 1000);
        }
      }, { javaScriptEnabled }));
    }

    it('of an item with several files is loaded when its page is opened', () => visit(browser, server.address, async (page) => {
      await open(page, item(lang, 'both'));
      await text(page).locator('.prose').waitFor();
      await page.locator('nav.turning a').last().click();
      await loaded(page);
      const table = text(page).getByRole('table', { name: 'shelves.csv' });
      await table.getByRole('cell', { name: '<b>markup</b>' }).waitFor();
      assert.equal(await text(page).locator('.prose').count(), 0);
      await page.goBack();
      await text(page).locator('.prose').waitFor();
      assert.equal(await page.locator('.stage-text').count(), 1);
      await open(page, item(lang, 'both', '?page=2'));
      await table.waitFor();
    }));
  });
}

describe('a search', () => {
  it('finds words in documents and tables', () => visit(browser, server.address, async (page) => {
    for (const [query, title, excerpt] of [['periwinkle', 'Notes', 'periwinkle'], ['hypatia', 'The shelves', 'Hypatia']]) {
      await open(page, `${server.address}en/browse/?q=${query}`);
      const card = page.locator('main .card', { has: page.getByRole('link', { name: title, exact: true }) });
      await card.locator('.excerpt mark', { hasText: excerpt }).waitFor();
      await card.getByRole('link').first().click();
      await loaded(page);
      await text(page).getByText(excerpt).first().waitFor();
    }
  }));

  it('reports a document that cannot be loaded', () => visit(browser, server.address, async (page) => {
    await page.route('**/o/**', (route) => route.abort());
    await page.goto(item('en', 'both', '?page=2'));
    await page.locator('.stage-text[data-state=failed], main[data-state=failed]').waitFor();
  }, { expected: [/Failed to load resource/] }));
});
