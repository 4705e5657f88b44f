// The text of a page beside its image: each line linked to its place, what was searched for boxed.

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

const book = (lang, rest) => `${server.address}${lang}/item/kitab-al-nujum/${rest}`;
const ready = (page) => page.waitForSelector('.stage-text[data-state=ready] [data-line]');

// Where a box lies on the picture, in pixels of the fixture, which is 900 pixels wide.
const placed = (page, selector) => page.locator(selector).evaluateAll((boxes) => {
  const image = document.querySelector('.stage-link img').getBoundingClientRect();
  return boxes.map((box) => {
    const own = box.getBoundingClientRect();
    const scale = 900 / image.width;
    return [own.left - image.left, own.top - image.top, own.width, own.height].map((n) => Math.round(n * scale));
  });
});

const near = (found, expected) => {
  assert.equal(found.length, expected.length, JSON.stringify(found));
  found.forEach((box, i) => box.forEach((n, j) => {
    assert.ok(Math.abs(n - expected[i][j]) <= 3, `${JSON.stringify(found)} for ${JSON.stringify(expected)}`);
  }));
};

// The colour of the deep-zoom canvas at a pixel of the image, once it is drawn: red, green, blue.
const colour = (page, x, y) => page.locator('.zoom-canvas').evaluate((canvas, [x, y]) => {
  const scale = Math.min(canvas.width / 900, canvas.height / 1300);
  const at = [canvas.width / 2 + (x - 450) * scale, canvas.height / 2 + (y - 650) * scale];
  return [...canvas.getContext('2d').getImageData(at[0], at[1], 1, 1).data].slice(0, 3);
}, [x, y]);

for (const lang of ['ar', 'en']) {
  describe(`the text of a page, in ${lang}`, () => {
    it('leads from a result to the word, boxed on the image', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/browse/?q=${encodeURIComponent('أسطرلاب')}`);
      await mark(page);
      // The second page is where it stands.
      const link = page.locator('.card-link[href*="kitab-al-nujum"][href*="page=2"]');
      await link.click();
      await ready(page);
      assert.equal(new URL(page.url()).searchParams.get('q'), 'أسطرلاب');
      assert.deepEqual(await page.locator('.page-text mark').allInnerTexts(), ['الأسطرلاب']);
      near(await placed(page, '.places .found'), [[600, 310, 204, 34]]);
      assert.match(await page.locator('.stage-text [role=status]').innerText(), /أسطرلاب/);
      assert.ok(await sameDocument(page));
    }));

    it('keeps the words while pages are turned, and lets them go', () => visit(browser, server.address, async (page) => {
      await open(page, book(lang, `?page=3&q=${encodeURIComponent('صفيحة')}`));
      await ready(page);
      await page.locator('.page-text mark').first().waitFor();
      // The word itself and the one with its pronoun may both answer; the last is at the end of its line.
      const boxes = await placed(page, '.places .found');
      near(boxes.slice(-1), [[130, 356, 130, 34]]);
      await page.keyboard.press('ArrowLeft');
      await page.waitForSelector('.page-text :text("شبكة")');
      assert.equal(new URL(page.url()).searchParams.get('q'), 'صفيحة');
      assert.equal(await page.locator('.places .found').count(), 0);
      await page.getByRole('link', { name: word(lang, 'found-clear') }).click();
      await page.waitForFunction(() => !location.search.includes('q='));
      await page.waitForSelector('.found', { state: 'detached' });
    }));

    it('shows a line where it is pointed at or in focus', () => visit(browser, server.address, async (page) => {
      await open(page, book(lang, '?page=2'));
      await ready(page);
      assert.equal(await page.locator('.page-text').getAttribute('dir'), 'rtl');
      assert.deepEqual(await page.locator('.page-text [data-line]').allInnerTexts(),
        ['الأسطرلاب آلة يُعرف بها', 'ارتفاع الكواكب ووقت الصلاة.']);
      await page.locator('.page-text [data-line="1"]').hover();
      near(await placed(page, '.places [data-at]'), [[183, 356, 621, 34]]);
      // And the other way round.
      await page.locator('.places [data-line="0"]').hover();
      assert.deepEqual(await page.locator('.page-text [data-at]').allInnerTexts(), ['الأسطرلاب آلة يُعرف بها']);
      await page.locator('h1').hover();
      assert.equal(await page.locator('[data-at]').count(), 0);
      // By keyboard: from the text down into its lines, and no further than the last.
      await page.locator('.stage-text').focus();
      for (const line of ['0', '1', '1']) {
        await page.keyboard.press('ArrowDown');
        assert.equal(await page.evaluate(() => document.activeElement.dataset.line), line);
        assert.equal(await page.locator('.places [data-at]').getAttribute('data-line'), line);
      }
      await page.keyboard.press('ArrowUp');
      assert.equal(await page.evaluate(() => document.activeElement.dataset.line), '0');
    }));

    it('goes from a line into the image and back to the line', () => visit(browser, server.address, async (page) => {
      await open(page, book(lang, '?page=4'));
      await ready(page);
      await page.locator('.stage-text').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog.zoom[data-state=sharp]');
      assert.match(new URL(page.url()).hash, /^#xywh=90,/);
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog.zoom', { state: 'detached' });
      assert.equal(await page.evaluate(() => document.activeElement.dataset.line), '0');
    }));
  });
}

describe('the text of a page', () => {
  it('is boxed in the deep-zoom view too', () => visit(browser, server.address, async (page) => {
    await open(page, book('ar', `?page=4&q=${encodeURIComponent('العنكبوت')}`));
    await page.locator('.places .found').waitFor();
    await page.locator('.stage-link').click();
    await page.waitForSelector('dialog.zoom[data-state=sharp]');
    // Beside the bar, within the box and outside of it: yellow is less blue.
    const [r, , b] = await colour(page, 700, 315);
    const [r2, , b2] = await colour(page, 480, 315);
    assert.ok(r - b > r2 - b2 + 30, `${r} ${b} in the box, ${r2} ${b2} outside`);
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog.zoom', { state: 'detached' });
    assert.ok(page.url().includes('q='));
  }));

  it('is boxed as search understands it', () => visit(browser, server.address, async (page) => {
    // Without the article, in Latin letters.
    await open(page, book('en', '?page=4&q=shabaka'));
    await page.locator('.places .found').waitFor();
    assert.deepEqual(await page.locator('.page-text mark').allInnerTexts(), ['شبكة']);
  }));

  it('can be selected and copied in lines', () => visit(browser, server.address, async (page) => {
    await open(page, book('en', '?page=2'));
    await ready(page);
    const copied = await page.locator('.page-text').evaluate((text) => {
      getSelection().selectAllChildren(text);
      return getSelection().toString();
    });
    assert.equal(copied.trim(), 'الأسطرلاب آلة يُعرف بها\nارتفاع الكواكب ووقت الصلاة.');
  }));

  it('is large enough to read', () => visit(browser, server.address, async (page) => {
    await open(page, book('en', '?page=2'));
    await ready(page);
    const [size, leading] = await page.locator('.page-text').evaluate((text) => {
      const style = getComputedStyle(text);
      return [parseFloat(style.fontSize), parseFloat(style.lineHeight)];
    });
    assert.ok(size >= 18 && leading / size >= 1.7, `${size} px, ${leading} px`);
  }));

  it('is damaged: the image stays, the text is refused', () => visit(browser, server.address, async (page) => {
    await open(page, book('en', ''));
    await page.route('**/o/**', async (route) => {
      const answer = await route.fetch();
      const body = await answer.body();
      body[body.length - 1] ^= 1;
      await route.fulfill({ response: answer, body });
    });
    await page.goto(book('en', '?page=2'));
    await page.waitForSelector('.stage-text[data-state=failed]');
    await page.unroute('**/o/**');
    await page.getByRole('button', { name: word('en', 'try-again') }).click();
    await ready(page);
  }));

  it('of the first page can be read without JavaScript', () => visit(browser, server.address, async (page) => {
    await page.goto(book('ar', ''));
    const text = page.locator('.page-text');
    assert.match(await text.innerText(), /النجوم في السماء/);
    assert.equal(await text.getAttribute('dir'), 'rtl');
    assert.equal(await text.locator('p').count(), 2);
  }, { javaScriptEnabled: false }));
});
