// Using the viewer with the keyboard alone.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { currentUrl, launch, open, visit } from './support/browser.mjs';
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

// Presses Tab until `isTarget` is true of the page. Fails if an element on the way has no visible focus.
async function tabTo(page, isTarget) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const focused = document.activeElement;
      // The search box shows its focus on the form that frames it.
      const framed = focused.matches('input') ? focused.closest('form') : focused;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(framed);
      const { width, height } = focused.getBoundingClientRect();
      const hasOutline = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      return {
        name: focused.outerHTML.slice(0, 120),
        isBody: focused === document.body,
        isVisible: width > 0 && height > 0 && hasOutline,
      };
    });
    if (focus.isBody) continue;
    assert.ok(focus.isVisible, `the focus is not visible on ${focus.name}`);
    if (await page.evaluate(isTarget)) return;
  }
  assert.fail('the keyboard does not reach the element');
}

for (const lang of ['ar', 'en']) {
  describe(`the keyboard in ${lang}`, () => {
    it('reaches a link that skips to the content first', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/`);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), message(lang, 'skip-to-content'));
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement.closest('main')?.id === 'content');
    }));

    it('finds the languages in a list that contains nothing else', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/`);
      const languages = page.getByRole('list', { name: message(lang, 'language-choice') });
      assert.equal(await languages.getByRole('link').count(), 3);
      assert.equal(await page.getByRole('navigation', { name: message(lang, 'language-choice') }).count(), 0);
    }));

    it('returns to the image from a deep-zoom view that the URL opened', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/item/plate-cairo/#xywh=0,0,200,200`);
      await page.waitForSelector('dialog.zoom[data-state=sharp]');
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog.zoom', { state: 'detached' });
      assert.ok(await page.evaluate(() => document.activeElement.matches('.stage-link')));
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog.zoom[data-state=sharp]');
    }));

    it('goes from the home page to a collection, an item and a search', () => visit(browser, server.address, async (page) => {
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

    it('is not trapped in a book', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/`);
      await tabTo(page, () => document.activeElement.matches('main nav.turning a[rel=next]'));
      await page.keyboard.press('Enter');
      await page.waitForURL(/page=2/);
    }));
  });
}

describe('the results', () => {
  for (const view of ['list', 'table']) {
    it(`are all reached with the keyboard as a ${view}`, () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}en/browse/?view=${view}`);
      const count = await page.locator('main .card').count();
      assert.ok(count > 10, `${count} results`);
      const isResult = () => page.evaluate(() => document.activeElement.matches('main .card a'));
      for (let presses = 0; presses < 80 && !await isResult(); presses += 1) await page.keyboard.press('Tab');
      for (let i = 0; i < count; i += 1) {
        const focused = await page.evaluate(() => {
          const link = document.activeElement;
          return [...document.querySelectorAll('main .card')].indexOf(link.closest('main .card'));
        });
        assert.equal(focused, i);
        await page.keyboard.press('Tab');
      }
    }));
  }

  it('are opened by a click anywhere on their line', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?view=list&q=shard`);
    const date = page.locator('main .lines .card .quiet').first();
    await date.scrollIntoViewIfNeeded();
    const { x, y, height } = await date.boundingBox();
    await page.mouse.click(x + 8, y + height / 2);
    await page.waitForSelector('main[data-view=item]');
  }));
});

describe('the arrow keys', () => {
  it('move the caret in the search box and do not turn the page', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/kitab-al-nujum/`);
    const box = page.getByRole('searchbox');
    await box.fill('abc');
    await box.press('ArrowLeft');
    assert.equal(await box.evaluate((input) => input.selectionStart), 2);
    assert.equal((await currentUrl(page)).searchParams.get('page'), null);
    // The same key turns the first page outside of the box: the key before has turned none.
    await page.locator('h1').focus();
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/page=\d+$/);
    assert.equal((await currentUrl(page)).searchParams.get('page'), '2');
  }));
});
