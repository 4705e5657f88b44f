// The sections of a collection, with and without JavaScript.

import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import validator from '@hyperion-framework/validator';

import { axeViolations } from './support/axe.mjs';
import { launch, open, visit } from './support/browser.mjs';
import { message } from './support/messages.mjs';
import { fromRoot, serve, siteAt, workFolder } from './support/site.mjs';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const settings = `
[[sections]]
heading.ar = "السماء"
heading.en = "The sky"
text.ar = "كتاب وصفيحة."
text.en = "A book and a plate."
items = ["plate-cairo", "kitab-al-nujum"]

[[sections]]
heading.ar = "فصول"
heading.en = "Chapters"
field = "type"
value = "Chapter"
`;

let browser;
let folder;
let server;
before(async () => {
  browser = await launch();
  const source = join(workFolder, 'cabinet');
  rmSync(source, { recursive: true, force: true });
  mkdirSync(workFolder, { recursive: true });
  cpSync(fromRoot('tests/fixtures/cabinet'), source, { recursive: true });
  appendFileSync(join(source, 'collection.toml'), settings);
  folder = await siteAt('http://127.0.0.1/', { name: 'sections', sources: [source] });
  server = await serve(folder);
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const path = (lang) => `${server.address}${lang}/collection/cabinet/`;

describe('the sections of a collection', () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`have a table of contents ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => visit(browser, server.address, async (page) => {
      await page.goto(path('ar'));
      if (javaScriptEnabled) await page.waitForSelector('html[data-viewer=running]');
      const contents = page.getByRole('navigation', { name: message('ar', 'sections') });
      assert.deepEqual(await contents.locator('a').allInnerTexts(), ['السماء', 'فصول', message('ar', 'all-items')]);
      const section = page.getByRole('region', { name: 'السماء' });
      await section.getByText('كتاب وصفيحة.').waitFor();
      const items = section.locator('a.card-link, .lines a, .toc a');
      assert.match(await items.first().getAttribute('href'), /plate-cairo/);
      await contents.getByText('فصول').click();
      await page.waitForURL(/collection\/cabinet\/#section-2$/);
      const heading = page.getByRole('heading', { name: 'فصول' });
      await heading.waitFor();
      assert.ok(await heading.evaluate((element) => element.getBoundingClientRect().top < innerHeight / 2));
    }, { javaScriptEnabled }));
  }

  for (const [lang, colorScheme] of [['ar', 'light'], ['en', 'dark']]) {
    it(`are accessible in ${lang}, ${colorScheme}`, () => visit(browser, server.address, async (page) => {
      await open(page, path(lang));
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: width === 320 ? 2400 : 900 });
        assert.deepEqual(await axeViolations(page, rules), [], `${width} pixels wide`);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${width} pixels wide`);
      }
    }, { colorScheme, reducedMotion: 'reduce' }));
  }

  it('are displayed again after the reader has gone to an item and back', () => visit(browser, server.address, async (page) => {
    await open(page, path('en'));
    await page.getByRole('region', { name: 'The sky' }).locator('a').first().click();
    await page.locator('main[data-view=item]').waitFor();
    await page.goBack();
    await page.getByRole('region', { name: 'The sky' }).waitFor();
    await page.getByText('A book and a plate.').waitFor();
  }));

  it('are loaded as a document from a page that the viewer has rendered', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/plate-cairo/`);
    await page.locator('.breadcrumb a').last().click();
    await page.getByRole('region', { name: 'Chapters' }).waitFor();
  }));

  it('are valid IIIF collections', () => {
    const { validators } = new validator.Validator();
    const labels = ['cabinet', 'cabinet/1'].map((name) => {
      const document = JSON.parse(readFileSync(join(folder, `manifests/collection/${name}.json`), 'utf8'));
      assert.ok(validators.collection(document), JSON.stringify(validators.collection.errors));
      return document.items.map((item) => `${item.type} ${item.label.en[0]}`);
    });
    assert.equal(labels[0][0], 'Collection The sky');
    assert.deepEqual(labels[1], ['Manifest Plate for Cairo', 'Manifest The Book of Stars']);
  });
});
