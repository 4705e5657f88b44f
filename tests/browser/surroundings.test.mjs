// What the page of an item leads to: its neighbours, related items and its place on a map.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { isSameDocument, launch, markDocument, open, visit } from './support/browser.mjs';
import { message } from './support/messages.mjs';
import { serve, site } from './support/site.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const titles = {
  ar: { book: 'كتاب النجوم', plate: 'صفيحة القاهرة', sound: 'مقام راست', chapter: 'الفصل الثاني: الأسطرلاب', subject: 'فلك', place: 'القاهرة' },
  en: { book: 'The Book of Stars', plate: 'Plate for Cairo', sound: 'Maqam Rast', chapter: 'Chapter two: the astrolabe', subject: 'Astronomy', place: 'Cairo' },
};

// Checks the surroundings of the plate on a page that displays it.
async function checkPlate(page, lang) {
  const { book, sound, chapter, subject, place } = titles[lang];
  const neighbour = (rel, name) => page.locator(`nav.neighbours a[rel=${rel}]`, { hasText: name });
  await neighbour('prev', book).waitFor();
  await neighbour('next', sound).waitFor();
  const related = page.getByRole('region', { name: message(lang, 'related') }).getByRole('listitem');
  assert.equal(await related.count(), 1);
  assert.match(await related.innerText(), new RegExp(chapter));
  assert.match(await related.innerText(), new RegExp(`${message(lang, 'same-subject')}\\s+${subject}`));
  const map = page.getByRole('img', { name: message(lang, 'map-of', { place }) });
  await map.scrollIntoViewIfNeeded();
  const image = map.locator('img');
  await image.evaluate((img) => img.decode());
  // The spot is on the map, on the image of the land.
  const [frame, spot] = [await image.boundingBox(), await map.locator('circle').boundingBox()];
  assert.ok(frame.width > 200 && frame.height > 100);
  assert.ok(spot.x > frame.x && spot.x + spot.width < frame.x + frame.width);
  assert.ok(spot.y > frame.y && spot.y + spot.height < frame.y + frame.height);
  await page.getByText(message(lang, 'location'), { exact: true }).click();
  await page.locator('.map details p', { hasText: '°' }).waitFor();
}

for (const lang of ['ar', 'en']) {
  describe(`the page of an item in ${lang}`, () => {
    let server;
    before(async () => {
      server = await serve(await site());
    });
    after(() => server?.stop());

    it('has its neighbours, related items and place without JavaScript', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/item/plate-cairo/`);
      await checkPlate(page, lang);
      await page.locator('nav.neighbours a[rel=next]').click();
      await page.getByRole('heading', { level: 1, name: titles[lang].sound }).waitFor();
    }, { javaScriptEnabled: false }));

    it('leads to the next and the previous item in the viewer', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/plate-cairo/`);
      await checkPlate(page, lang);
      await markDocument(page);
      await page.locator('nav.neighbours a[rel=next]').click();
      await page.getByRole('heading', { level: 1, name: titles[lang].sound }).waitFor();
      await page.locator('nav.neighbours a[rel=prev]').click();
      await page.getByRole('heading', { level: 1, name: titles[lang].plate }).waitFor();
      await checkPlate(page, lang);
      assert.ok(await isSameDocument(page));
    }));

    it('leads from a part to the next part of the same item', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/item/fasl-1/`);
      await page.locator('nav.neighbours a[rel=next]', { hasText: titles[lang].chapter }).click();
      await page.getByRole('heading', { level: 1, name: titles[lang].chapter }).waitFor();
      assert.equal(await page.locator('nav.neighbours a[rel=next]').count(), 0);
    }));
  });
}

describe('an archive without pages of items', () => {
  let server;
  before(async () => {
    server = await serve(await site('fixtures', { pages: 'none' }));
  });
  after(() => server?.stop());

  it('displays the neighbours, related items and place of an item', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/?id=plate-cairo`);
    await checkPlate(page, 'en');
  }));
});
