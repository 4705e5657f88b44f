// Comparing two images in the deep-zoom view, side by side and overlaid, with one viewport for both.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { currentUrl, launch, open, visit } from './support/browser.mjs';
import { message } from './support/messages.mjs';
import { large, serve, site } from './support/site.mjs';

let browser, server, books;
before(async () => {
  browser = await launch();
  server = await serve(await site('large'));
  books = await serve(await site());
});
after(async () => {
  await browser?.close();
  server?.stop();
  books?.stop();
});

const sharp = (page) => page.waitForSelector('dialog.zoom[data-state=sharp]');
const imageList = (page, lang) => page.getByLabel(message(lang, 'zoom-with'));
const openPanel = (page, lang) => page.getByRole('dialog').getByRole('button', { name: message(lang, 'zoom-compare'), exact: true }).click();
const hashIncludes = (page, text) => page.waitForFunction((part) => location.hash.includes(part), text);
const hash = async (page) => (await currentUrl(page)).hash;
// The colour in the middle of the left and of the right half of the canvas, and the number of colours around it.
const halves = (page) => page.evaluate(() => {
  const canvas = document.querySelector('.zoom-canvas');
  const context = canvas.getContext('2d');
  return [0.25, 0.75].map((part) => {
    const { data } = context.getImageData(Math.round(canvas.width * part) - 60, canvas.height / 2 - 60, 120, 120);
    const colours = new Set();
    for (let at = 0; at < data.length; at += 4) colours.add(data.slice(at, at + 4).join());
    return { count: colours.size, colour: [...data.slice(0, 4)] };
  });
});
// The black and white stripes across the middle of the canvas, a quarter of its length from its edge: from left
// to right if the images are side by side, otherwise from top to bottom.
const divider = (page, isSideBySide) => page.evaluate((isSideBySide) => {
  const canvas = document.querySelector('.zoom-canvas');
  const [x, y] = isSideBySide ? [canvas.width / 2 - 4, canvas.height / 4] : [canvas.width / 4, canvas.height / 2 - 4];
  const { data } = canvas.getContext('2d').getImageData(x, y, isSideBySide ? 8 : 1, isSideBySide ? 1 : 8);
  const stripes = [];
  for (let at = 0; at < data.length; at += 4) {
    const [r, g, b, a] = data.slice(at, at + 4);
    const stripe = a > 200 && Math.min(r, g, b) > 200 ? 'light' : a > 200 && Math.max(r, g, b) < 90 ? 'dark' : '';
    if (stripe && stripe !== stripes.at(-1)) stripes.push(stripe);
  }
  return stripes;
}, isSideBySide);
const isNear = (colour, expected) => expected.every((level, channel) => Math.abs(level - colour[channel]) < 12);

for (const lang of ['ar', 'en']) {
  describe(`two images in ${lang}`, () => {
    it('are side by side in reading direction', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/squares/#xywh=1000,1000,1600,900&with=plain,1`);
      await hashIncludes(page, '&with=plain,1');
      await sharp(page);
      const [left, right] = await halves(page);
      const [first, second] = lang === 'ar' ? [right, left] : [left, right];
      assert.ok(first.count > 8, `squares: ${first.count} colours`);
      assert.ok(isNear(second.colour, large.colour) && second.count < 8, `plain: ${second.colour}, ${second.count}`);
      const names = lang === 'ar' ? ['مربعات', 'لون واحد'] : ['Squares', 'Plain'];
      assert.equal(await page.locator('.zoom-canvas').getAttribute('aria-label'), names.join(' · '));
      // The wheel over the second image zooms both.
      const { width, height } = page.viewportSize();
      const before = await hash(page);
      await page.mouse.move(width * (lang === 'ar' ? 0.25 : 0.75), height / 2);
      await page.mouse.wheel(0, -300);
      await page.waitForFunction((hash) => location.hash !== hash, before);
      await sharp(page);
      const [, x, y, wide] = /#xywh=(\d+),(\d+),(\d+)/.exec(await hash(page)).map(Number);
      assert.ok(wide < 1500 && x > 1000 && y > 1000, `zoomed in on the middle of the half: ${await hash(page)}`);
    }));

    it('have a divider of light within dark in either orientation of the screen', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/squares/#xywh=1000,1000,1600,900&with=plain,1`);
      await hashIncludes(page, '&with=plain,1');
      await sharp(page);
      assert.deepEqual(await divider(page, true), ['dark', 'light', 'dark']);
      await page.setViewportSize({ width: 320, height: 640 });
      await page.waitForFunction(() => {
        const canvas = document.querySelector('.zoom-canvas');
        return canvas.width < canvas.height;
      });
      await sharp(page);
      assert.deepEqual(await divider(page, false), ['dark', 'light', 'dark']);
      // Overlaid images have none.
      await openPanel(page, lang);
      await page.getByLabel(message(lang, 'zoom-over'), { exact: true }).check();
      await hashIncludes(page, '&over=');
      await sharp(page);
      assert.deepEqual(await divider(page, false), []);
    }));

    it('are overlaid with an adjustable opacity', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/squares/#xywh=1000,1000,1600,900&with=plain,1&over=100`);
      await hashIncludes(page, '&over=100');
      await sharp(page);
      for (const half of await halves(page)) assert.ok(isNear(half.colour, large.colour), `${half.colour}`);
      await openPanel(page, lang);
      assert.ok(await page.getByLabel(message(lang, 'zoom-over'), { exact: true }).isChecked());
      await page.getByLabel(message(lang, 'zoom-part')).fill('0');
      await hashIncludes(page, '&over=0');
      await page.waitForFunction(() => {
        const canvas = document.querySelector('.zoom-canvas');
        const { data } = canvas.getContext('2d').getImageData(canvas.width / 4, canvas.height / 4, 140, 1);
        return new Set(data).size > 6;
      });
      await page.getByLabel(message(lang, 'zoom-over'), { exact: true }).uncheck();
      await page.waitForFunction(() => !location.hash.includes('over'));
      await imageList(page, lang).selectOption('');
      await page.waitForFunction(() => !location.hash.includes('with'));
      await sharp(page);
      for (const half of await halves(page)) assert.ok(half.count > 8, `the first image alone: ${half.count} colours`);
      const name = lang === 'ar' ? 'مربعات' : 'Squares';
      assert.equal(await page.locator('.zoom-canvas').getAttribute('aria-label'), name);
    }));

    it('can be pages of one book', () => visit(browser, books.address, async (page) => {
      await open(page, `${books.address}${lang}/item/kitab-al-nujum/?page=2`);
      await page.locator('.stage-link').click();
      await sharp(page);
      await openPanel(page, lang);
      const values = await imageList(page, lang).locator('option').evaluateAll((options) => options.map((option) => option.value));
      assert.deepEqual(values, ['', 'kitab-al-nujum,1', 'kitab-al-nujum,3', 'kitab-al-nujum,4', 'kitab-al-nujum,5']);
      await imageList(page, lang).selectOption('kitab-al-nujum,4');
      await hashIncludes(page, '&with=kitab-al-nujum,4');
      await sharp(page);
      const [left, right] = await halves(page);
      assert.ok(left.colour[3] === 255 && right.colour[3] === 255, 'nothing is blank');
    }));
  });
}

describe('comparing images', () => {
  it('offers images of other items that were opened before', () => visit(browser, server.address, async (page) => {
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
    await openPanel(page, 'en');
    await imageList(page, 'en').selectOption({ label: 'Plain' });
    await hashIncludes(page, '&with=plain,1');
    await sharp(page);
    assert.ok(isNear((await halves(page))[1].colour, large.colour));
  }));

  it('shows the first image alone if the second does not exist', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/squares/#xywh=1000,1000,1600,900&with=nowhere,1`);
    await page.waitForFunction((text) => document.querySelector('.zoom-scale')?.textContent === text, message('en', 'image-missing'));
    await page.waitForFunction(() => !location.hash.includes('with'));
    await sharp(page);
    for (const half of await halves(page)) assert.ok(half.count > 8, `${half.count} colours`);
  }));
});
