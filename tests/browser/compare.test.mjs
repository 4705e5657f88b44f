// Two images in the deep-zoom view: beside each other and one over the other, with one zoom for both.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, open, visit } from './support/browser.mjs';
import { colour, largeSite } from './support/large.mjs';
import { serve, site } from './support/site.mjs';
import { word } from './support/words.mjs';

let browser, server, books;
before(async () => {
  browser = await launch();
  [server, books] = await Promise.all([serve(largeSite()), serve(site())]);
});
after(async () => {
  await browser?.close();
  server?.stop();
  books?.stop();
});

const sharp = (page) => page.waitForSelector('dialog.zoom[data-state=sharp]');
const choice = (page, lang) => page.getByLabel(word(lang, 'zoom-with'));
const unfold = (page, lang) => page.getByRole('button', { name: word(lang, 'zoom-compare'), exact: true }).click();
const hashHas = (page, text) => page.waitForFunction((part) => location.hash.includes(part), text);
// The colours in the middle of the left and of the right half of the screen, and how many there are around.
const halves = (page) => page.evaluate(() => {
  const canvas = document.querySelector('.zoom-canvas');
  const context = canvas.getContext('2d');
  return [0.25, 0.75].map((part) => {
    const { data } = context.getImageData(Math.round(canvas.width * part) - 60, canvas.height / 2 - 60, 120, 120);
    const found = new Set();
    for (let at = 0; at < data.length; at += 4) found.add(data.slice(at, at + 4).join());
    return { colours: found.size, one: [...data.slice(0, 4)] };
  });
});
// What is black or white across the middle of the screen, from left to right or from top to bottom, a
// quarter of its length from its edge.
const divided = (page, beside) => page.evaluate((beside) => {
  const canvas = document.querySelector('.zoom-canvas');
  const [x, y] = beside ? [canvas.width / 2 - 4, canvas.height / 4] : [canvas.width / 4, canvas.height / 2 - 4];
  const { data } = canvas.getContext('2d').getImageData(x, y, beside ? 8 : 1, beside ? 1 : 8);
  const all = [];
  for (let at = 0; at < data.length; at += 4) {
    const [r, g, b, a] = data.slice(at, at + 4);
    const one = a > 200 && Math.min(r, g, b) > 200 ? 'light' : a > 200 && Math.max(r, g, b) < 90 ? 'dark' : '';
    if (one && one !== all.at(-1)) all.push(one);
  }
  return all;
}, beside);
const near = (found, wanted) => wanted.every((part, i) => Math.abs(part - found[i]) < 12);

for (const lang of ['ar', 'en']) {
  describe(`two images, in ${lang}`, () => {
    it('stand beside each other, the first where reading begins', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/squares/#xywh=1000,1000,1600,900&with=plain,1`);
      await hashHas(page, '&with=plain,1');
      await sharp(page);
      const [left, right] = await halves(page);
      const [first, second] = lang === 'ar' ? [right, left] : [left, right];
      assert.ok(first.colours > 8, `squares: ${first.colours} colours`);
      assert.ok(near(second.one, colour) && second.colours < 8, `plain: ${second.one}, ${second.colours}`);
      const names = lang === 'ar' ? ['مربعات', 'لون واحد'] : ['Squares', 'Plain'];
      assert.equal(await page.locator('.zoom-canvas').getAttribute('aria-label'), names.join(' · '));
      // The wheel over the second moves both.
      const { width, height } = page.viewportSize();
      const before = await page.evaluate(() => location.hash);
      await page.mouse.move(width * (lang === 'ar' ? 0.25 : 0.75), height / 2);
      await page.mouse.wheel(0, -300);
      await page.waitForFunction((hash) => location.hash !== hash, before);
      await sharp(page);
      const [, x, y, wide] = /#xywh=(\d+),(\d+),(\d+)/.exec(await page.evaluate(() => location.hash)).map(Number);
      assert.ok(wide < 1500 && x > 1000 && y > 1000, `closer, on the middle of the half: ${page.url()}`);
    }));

    it('have a line between them, light within dark, in either position of the screen', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/squares/#xywh=1000,1000,1600,900&with=plain,1`);
      await hashHas(page, '&with=plain,1');
      await sharp(page);
      assert.deepEqual(await divided(page, true), ['dark', 'light', 'dark']);
      await page.setViewportSize({ width: 320, height: 640 });
      await page.waitForFunction(() => {
        const canvas = document.querySelector('.zoom-canvas');
        return canvas.width < canvas.height;
      });
      await sharp(page);
      assert.deepEqual(await divided(page, false), ['dark', 'light', 'dark']);
      // None where there is one image, or one over the other.
      await unfold(page, lang);
      await page.getByLabel(word(lang, 'zoom-over')).check();
      await hashHas(page, '&over=');
      await sharp(page);
      assert.deepEqual(await divided(page, false), []);
    }));

    it('lie one over the other, and as much is seen of the second as the reader likes', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/squares/#xywh=1000,1000,1600,900&with=plain,1&over=100`);
      await hashHas(page, '&over=100');
      await sharp(page);
      for (const half of await halves(page)) assert.ok(near(half.one, colour), `${half.one}`);
      await unfold(page, lang);
      assert.ok(await page.getByLabel(word(lang, 'zoom-over')).isChecked());
      await page.getByLabel(word(lang, 'zoom-part')).fill('0');
      await hashHas(page, '&over=0');
      await page.waitForFunction(() => {
        const canvas = document.querySelector('.zoom-canvas');
        const { data } = canvas.getContext('2d').getImageData(canvas.width / 4, canvas.height / 4, 140, 1);
        return new Set(data).size > 6;
      });
      await page.getByLabel(word(lang, 'zoom-over')).uncheck();
      await page.waitForFunction(() => !location.hash.includes('over'));
      await choice(page, lang).selectOption('');
      await page.waitForFunction(() => !location.hash.includes('with'));
      await sharp(page);
      for (const half of await halves(page)) assert.ok(half.colours > 8, `the first alone: ${half.colours}`);
      const alone = lang === 'ar' ? 'مربعات' : 'Squares';
      assert.equal(await page.locator('.zoom-canvas').getAttribute('aria-label'), alone);
    }));

    it('are pages of one book', () => visit(browser, books.address, async (page) => {
      await open(page, `${books.address}${lang}/item/kitab-al-nujum/?page=2`);
      await page.locator('.stage-link').click();
      await sharp(page);
      await unfold(page, lang);
      const offered = await choice(page, lang).locator('option').evaluateAll((all) => all.map((own) => own.value));
      assert.deepEqual(offered, ['', 'kitab-al-nujum,1', 'kitab-al-nujum,3', 'kitab-al-nujum,4', 'kitab-al-nujum,5']);
      await choice(page, lang).selectOption('kitab-al-nujum,4');
      await hashHas(page, '&with=kitab-al-nujum,4');
      await sharp(page);
      const [left, right] = await halves(page);
      assert.ok(left.one[3] === 255 && right.one[3] === 255, 'nothing is blank');
    }));
  });
}

describe('two images', () => {
  it('of two items: what was open before can be compared', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/plain/`);
    await page.locator('.stage-link').click();
    await sharp(page);
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog.zoom', { state: 'detached' });
    await page.evaluate(() => history.pushState(null, '', '../squares/'));
    await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate')));
    await page.getByRole('heading', { level: 1, name: 'Squares' }).waitFor();
    await page.locator('.stage-link').click();
    await sharp(page);
    await unfold(page, 'en');
    await choice(page, 'en').selectOption({ label: 'Plain' });
    await hashHas(page, '&with=plain,1');
    await sharp(page);
    assert.ok(near((await halves(page))[1].one, colour));
  }));

  it('an address that names none shows the first alone', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/squares/#xywh=1000,1000,1600,900&with=nowhere,1`);
    await page.waitForFunction((text) => document.querySelector('.zoom-scale')?.textContent === text, word('en', 'image-missing'));
    await page.waitForFunction(() => !location.hash.includes('with'));
    await sharp(page);
    for (const half of await halves(page)) assert.ok(half.colours > 8, `${half.colours}`);
  }));
});
