// The whole way with the keyboard alone.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, open, visit } from './support/browser.mjs';
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

// Presses Tab until the focus is on what `is` says; every stop on the way must be visible.
async function tabTo(page, is, argument) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const focused = document.activeElement;
      // The search box shows its focus on the form that frames it.
      const framed = focused.matches('input') ? focused.closest('form') : focused;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(framed);
      const box = focused.getBoundingClientRect();
      const seen = box.width > 0 && box.height > 0;
      const shown = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      return { name: focused.outerHTML.slice(0, 120), body: focused === document.body, seen, shown };
    });
    if (stop.body) continue;
    assert.ok(stop.seen && stop.shown, `the focus cannot be seen on ${stop.name}`);
    if (await page.evaluate(is, argument)) return;
  }
  assert.fail('the keyboard does not get there');
}

for (const lang of ['ar', 'en']) {
  describe(`by keyboard in ${lang}`, () => {
    it('the first stop skips to the content', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/`);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), word(lang, 'skip-to-content'));
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement.closest('main')?.id), 'content');
    }));

    it('the languages are a list of their own, without what else is in the header', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/`);
      const languages = page.getByRole('list', { name: word(lang, 'language-choice') });
      assert.equal(await languages.getByRole('link').count(), 3);
      assert.equal(await page.getByRole('navigation', { name: word(lang, 'language-choice') }).count(), 0);
    }));

    it('the way out of a picture that an address opened leads to the picture', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/item/plate-cairo/#xywh=0,0,200,200`);
      await page.waitForSelector('dialog.zoom[data-state=sharp]');
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog.zoom', { state: 'detached' });
      assert.ok(await page.evaluate(() => document.activeElement.matches('.stage-link')));
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog.zoom[data-state=sharp]');
    }));

    it('from home to a collection to an item to a search', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/`);
      await tabTo(page, () => document.activeElement.matches('main a[href*="/cabinet/"]'));
      await page.keyboard.press('Enter');
      await page.waitForSelector('main[data-view=collection][data-state=ready]');
      await tabTo(page, () => document.activeElement.matches('main a[href*="plate-cairo"]'));
      await page.keyboard.press('Enter');
      await page.waitForSelector('main[data-view=item][data-state=ready]');
      assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
      await page.keyboard.press('Shift+Tab');
      for (let presses = 0; presses < 30; presses += 1) {
        if (await page.evaluate(() => document.activeElement.matches('input[type=search]'))) break;
        await page.keyboard.press('Shift+Tab');
      }
      await page.keyboard.type(lang === 'ar' ? 'خزف' : 'shard');
      await page.keyboard.press('Enter');
      await page.waitForSelector('main[data-view=browse][data-state=ready]');
      await page.locator('main .card-link').first().waitFor();
    }));

    it('a page with several pages has no trap', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/`);
      await tabTo(page, () => document.activeElement.matches('main nav.turning a[rel=next]'));
      await page.keyboard.press('Enter');
      await page.waitForURL(/page=2/);
    }));
  });
}

describe('arrows', () => {
  it('in the search box move the caret and turn no page', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/kitab-al-nujum/`);
    await page.getByRole('searchbox').fill('abc');
    await page.getByRole('searchbox').press('ArrowLeft');
    await page.waitForTimeout(200);
    assert.equal(new URL(page.url()).searchParams.get('page'), null);
  }));
});
