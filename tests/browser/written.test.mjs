// A text in Markdown and tables: read on their page, with the viewer and without it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { launch, open, settled, visit } from './support/browser.mjs';
import { fromRoot, serve } from './support/site.mjs';
import { word } from './support/words.mjs';
import { writtenSite } from './support/written.mjs';

const axe = readFileSync(fromRoot('node_modules/axe-core/axe.min.js'), 'utf8');

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(writtenSite());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const item = (lang, id, rest = '') => `${server.address}${lang}/item/${id}/${rest}`;
const text = (page) => page.locator('.stage-text');

for (const lang of ['ar', 'en']) {
  describe(`a text in Markdown in ${lang}`, () => {
    for (const javaScriptEnabled of [true, false]) {
      it(`is read ${javaScriptEnabled ? 'with the viewer' : 'without JavaScript'}`, () => visit(browser, server.address, async (page) => {
        await (javaScriptEnabled ? open(page, item(lang, 'notes')) : page.goto(item(lang, 'notes')));
        await text(page).getByRole('heading', { level: 3, name: 'ملاحظات على الخزانة' }).waitFor();
        assert.equal(await page.locator('h1').count(), 1);
        assert.equal(await text(page).getByRole('table').count(), 1);
        assert.equal(await text(page).locator('img, script, [style]').count(), 0);
        assert.notEqual(await page.title(), 'taken over');
        const [arabic, english] = [text(page).locator('.prose > p').first(), text(page).locator('.prose > p', { hasText: 'periwinkle' })];
        const direction = (own) => own.evaluate((paragraph) => getComputedStyle(paragraph).direction);
        assert.deepEqual([await direction(arabic), await direction(english)], ['rtl', 'ltr']);
        await page.locator('a.document', { hasText: 'notes.md' }).waitFor();
      }, { javaScriptEnabled }));
    }

    it('and a table can be used by everybody', () => visit(browser, server.address, async (page) => {
      for (const id of ['notes', 'shelves', 'long']) {
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 720 });
          await open(page, item(lang, id));
          await text(page).locator('.prose, .table').waitFor();
          const sizes = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
          assert.ok(sizes[0] <= sizes[1], `${id} at ${width}: ${sizes}`);
        }
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run(document));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
      }
    }));
  });

  describe(`a table in ${lang}`, () => {
    for (const javaScriptEnabled of [true, false]) {
      it(`is a table ${javaScriptEnabled ? 'with the viewer' : 'without JavaScript'}`, () => visit(browser, server.address, async (page) => {
        await (javaScriptEnabled ? open(page, item(lang, 'long')) : page.goto(item(lang, 'long')));
        const table = text(page).getByRole('table', { name: 'long.tsv' });
        assert.equal(await table.getByRole('columnheader').count(), 3);
        assert.equal(await table.locator('tbody tr').count(), 200);
        await text(page).getByText(word(lang, 'table-cut', { shown: 200, rows: 450 })).waitFor();
        await text(page).getByRole('heading', { level: 2, name: word(lang, 'table') }).waitFor();
        const region = text(page).getByRole('region', { name: 'long.tsv' });
        // One stop of the keyboard, from the file to the table.
        await page.locator('a.document').focus();
        await page.keyboard.press('Tab');
        assert.ok(await region.evaluate((own) => own === document.activeElement));
        if (javaScriptEnabled) {
          await page.keyboard.press('End');
          await page.waitForFunction(() => document.querySelector('.table').scrollTop > 1000);
        }
      }, { javaScriptEnabled }));
    }

    it('beside another file is fetched when it is turned to', () => visit(browser, server.address, async (page) => {
      await open(page, item(lang, 'both'));
      await text(page).locator('.prose').waitFor();
      await page.locator('nav.turning a').last().click();
      await settled(page);
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
  it('finds the words of both', () => visit(browser, server.address, async (page) => {
    for (const [query, title, excerpt] of [['periwinkle', 'Notes', 'periwinkle'], ['hypatia', 'The shelves', 'Hypatia']]) {
      await open(page, `${server.address}en/browse/?q=${query}`);
      const card = page.locator('main .card', { has: page.getByRole('link', { name: title, exact: true }) });
      await card.locator('.excerpt mark', { hasText: excerpt }).waitFor();
      await card.getByRole('link').first().click();
      await settled(page);
      await text(page).getByText(excerpt).first().waitFor();
    }
  }));

  it('that does not reach what is read says so, and is tried again', () => visit(browser, server.address, async (page) => {
    await page.route('**/o/**', (route) => route.abort());
    await page.goto(item('en', 'both', '?page=2'));
    await page.locator('.stage-text[data-state=failed], main[data-state=failed]').waitFor();
  }, { expected: [/Failed to load resource/] }));
});
