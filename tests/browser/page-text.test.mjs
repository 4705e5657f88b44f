// The text of a page next to its image: lines are linked to regions, and search results are marked in both.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  currentUrl, eventually, isSameDocument, launch, layoutSettled, markDocument, open, visit,
} from './support/browser.mjs';
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

const book = (lang, rest) => `${server.address}${lang}/item/kitab-al-nujum/${rest}`;
const textLoaded = (page) => page.waitForSelector('.stage-text[data-state=ready] [data-line]');
const searchParameter = async (page, name) => (await currentUrl(page)).searchParams.get(name);
const focusedLine = (page) => page.evaluate(() => document.activeElement.dataset.line);

// Asserts that elements have these boxes on the image, in pixels of the fixture, which is 900 pixels wide.
async function assertBoxes(elements, expected, select = (boxes) => boxes) {
  await layoutSettled(elements.page());
  const boxes = select(await elements.evaluateAll((all) => {
    const image = document.querySelector('.stage-link img').getBoundingClientRect();
    const scale = 900 / image.width;
    return all.map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return [left - image.left, top - image.top, width, height].map((n) => Math.round(n * scale));
    });
  }));
  assert.equal(boxes.length, expected.length, JSON.stringify(boxes));
  boxes.forEach((box, i) => box.forEach((n, j) => {
    assert.ok(Math.abs(n - expected[i][j]) <= 3, `${JSON.stringify(boxes)} for ${JSON.stringify(expected)}`);
  }));
}

// The colour (red, green, blue) of the deep-zoom canvas at a pixel of the image.
const colour = (page, x, y) => page.locator('.zoom-canvas').evaluate((canvas, [x, y]) => {
  const scale = Math.min(canvas.width / 900, canvas.height / 1300);
  const at = [canvas.width / 2 + (x - 450) * scale, canvas.height / 2 + (y - 650) * scale];
  return [...canvas.getContext('2d').getImageData(at[0], at[1], 1, 1).data].slice(0, 3);
}, [x, y]);

for (const lang of ['ar', 'en']) {
  describe(`the text of a page in ${lang}`, () => {
    it('marks the word of a search result on the image', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/browse/?q=${encodeURIComponent('أسطرلاب')}`);
      await markDocument(page);
      // The word is on the second page.
      const link = page.locator('.card-link[href*="kitab-al-nujum"][href*="page=2"]');
      await link.click();
      await textLoaded(page);
      assert.equal(await searchParameter(page, 'q'), 'أسطرلاب');
      await page.locator('.page-text mark').first().waitFor();
      assert.deepEqual(await page.locator('.page-text mark').allInnerTexts(), ['الأسطرلاب']);
      await assertBoxes(page.locator('.places .found'), [[600, 310, 204, 34]]);
      assert.match(await page.locator('.stage-text [role=status]').innerText(), /أسطرلاب/);
      assert.ok(await isSameDocument(page));
    }));

    it('keeps the query while pages are turned, until it is removed', () => visit(browser, server.address, async (page) => {
      await open(page, book(lang, `?page=3&q=${encodeURIComponent('صفيحة')}`));
      await textLoaded(page);
      await page.locator('.page-text mark').first().waitFor();
      // The word with a pronoun may match too; the last match is at the end of its line.
      await assertBoxes(page.locator('.places .found'), [[130, 356, 130, 34]], (boxes) => boxes.slice(-1));
      await page.keyboard.press('ArrowLeft');
      await page.waitForSelector('.page-text :text("شبكة")');
      assert.equal(await searchParameter(page, 'q'), 'صفيحة');
      assert.equal(await page.locator('.places .found').count(), 0);
      await page.getByRole('link', { name: message(lang, 'found-clear') }).click();
      await page.waitForFunction(() => !location.search.includes('q='));
      await page.waitForSelector('.found', { state: 'detached' });
    }));

    it('marks the line that has the pointer or the focus', () => visit(browser, server.address, async (page) => {
      await open(page, book(lang, '?page=2'));
      await textLoaded(page);
      assert.equal(await page.locator('.page-text').getAttribute('dir'), 'rtl');
      assert.deepEqual(await page.locator('.page-text [data-line]').allInnerTexts(),
        ['الأسطرلاب آلة يُعرف بها', 'ارتفاع الكواكب ووقت الصلاة.']);
      await page.locator('.page-text [data-line="1"]').hover();
      await page.locator('.places [data-at]').waitFor();
      await assertBoxes(page.locator('.places [data-at]'), [[183, 356, 621, 34]]);
      // The region on the image marks the line of the text.
      await page.locator('.places [data-line="0"]').hover();
      await page.locator('.page-text [data-line="0"][data-at]').waitFor();
      assert.deepEqual(await page.locator('.page-text [data-at]').allInnerTexts(), ['الأسطرلاب آلة يُعرف بها']);
      await page.locator('h1').hover();
      await eventually(async () => assert.equal(await page.locator('[data-at]').count(), 0));
      // The arrow keys go from the text to its lines, and no further than the last.
      await page.locator('.stage-text').focus();
      for (const line of ['0', '1', '1']) {
        await page.keyboard.press('ArrowDown');
        assert.equal(await focusedLine(page), line);
        assert.equal(await page.locator('.places [data-at]').getAttribute('data-line'), line);
      }
      await page.keyboard.press('ArrowUp');
      assert.equal(await focusedLine(page), '0');
    }));

    it('opens the deep-zoom view at a line and returns to the line', () => visit(browser, server.address, async (page) => {
      await open(page, book(lang, '?page=4'));
      await textLoaded(page);
      await page.locator('.stage-text').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog.zoom[data-state=sharp]');
      assert.match((await currentUrl(page)).hash, /^#xywh=90,/);
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog.zoom', { state: 'detached' });
      assert.equal(await focusedLine(page), '0');
    }));
  });
}

describe('the text of a page', () => {
  it('has its search results marked in the deep-zoom view', () => visit(browser, server.address, async (page) => {
    await open(page, book('ar', `?page=4&q=${encodeURIComponent('العنكبوت')}`));
    await page.locator('.places .found').waitFor();
    await page.locator('.stage-link').click();
    await page.waitForSelector('dialog.zoom[data-state=sharp]');
    // Next to the letters, within the mark and outside of it: yellow has less blue.
    const [r, , b] = await colour(page, 700, 315);
    const [r2, , b2] = await colour(page, 480, 315);
    assert.ok(r - b > r2 - b2 + 30, `${r} ${b} within the mark, ${r2} ${b2} outside`);
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog.zoom', { state: 'detached' });
    assert.ok((await currentUrl(page)).search.includes('q='));
  }));

  it('is marked by the rules of the search', () => visit(browser, server.address, async (page) => {
    // The query has no article and is in Latin letters.
    await open(page, book('en', '?page=4&q=shabaka'));
    await page.locator('.places .found').waitFor();
    assert.deepEqual(await page.locator('.page-text mark').allInnerTexts(), ['شبكة']);
  }));

  it('can be copied with its line breaks', () => visit(browser, server.address, async (page) => {
    await open(page, book('en', '?page=2'));
    await textLoaded(page);
    const copied = await page.locator('.page-text').evaluate((text) => {
      getSelection().selectAllChildren(text);
      return getSelection().toString();
    });
    assert.equal(copied.trim(), 'الأسطرلاب آلة يُعرف بها\nارتفاع الكواكب ووقت الصلاة.');
  }));

  it('is large enough to read', () => visit(browser, server.address, async (page) => {
    await open(page, book('en', '?page=2'));
    await textLoaded(page);
    const [fontSize, lineHeight] = await page.locator('.page-text').evaluate((text) => {
      const style = getComputedStyle(text);
      return [parseFloat(style.fontSize), parseFloat(style.lineHeight)];
    });
    assert.ok(fontSize >= 18 && lineHeight / fontSize >= 1.7, `${fontSize} px, ${lineHeight} px`);
  }));

  it('can be loaded again after a failure', () => visit(browser, server.address, async (page) => {
    await open(page, book('en', ''));
    await page.route('**/o/**', async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      body[body.length - 1] ^= 1;
      await route.fulfill({ response, body });
    });
    await page.goto(book('en', '?page=2'));
    await page.waitForSelector('.stage-text[data-state=failed]');
    await page.unroute('**/o/**');
    await page.getByRole('button', { name: message('en', 'try-again') }).click();
    await textLoaded(page);
  }));

  it('can be read without JavaScript on the first page', () => visit(browser, server.address, async (page) => {
    await page.goto(book('ar', ''));
    const text = page.locator('.page-text');
    assert.match(await text.innerText(), /النجوم في السماء/);
    assert.equal(await text.getAttribute('dir'), 'rtl');
    assert.equal(await text.locator('p').count(), 2);
  }, { javaScriptEnabled: false }));
});
