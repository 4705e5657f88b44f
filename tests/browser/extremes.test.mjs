// Values and images as no curator should have them: every page is readable and fits the screen, and nothing moves.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, layoutSettled, open, visit } from './support/browser.mjs';
import { message } from './support/messages.mjs';
import { extremes, serve, site } from './support/site.mjs';

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(await site('extremes'));
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const lists = ['browse/', 'browse/?view=list', 'browse/?view=table', 'browse/?all=subject', 'collection/source/'];
const paths = [...extremes.map((id) => `item/${id}/`), ...lists, ''];

for (const width of [320, 1440]) {
  for (const lang of ['ar', 'en']) {
    describe(`${width} pixels wide in ${lang}`, () => {
      for (const path of paths) {
        it(`/${path} fits and does not shift`, () => visit(browser, server.address, async (page) => {
          await page.addInitScript(() => {
            window.shifts = 0;
            new PerformanceObserver((list) => {
              for (const entry of list.getEntries()) window.shifts += entry.value;
            }).observe({ type: 'layout-shift', buffered: true });
          });
          await open(page, `${server.address}${lang}/${path}`);
          await layoutSettled(page);
          const { content, screen, shifts, title } = await page.evaluate(() => ({
            content: document.documentElement.scrollWidth,
            screen: document.documentElement.clientWidth,
            shifts: window.shifts,
            title: document.querySelector('h1').getBoundingClientRect().height,
          }));
          assert.ok(content <= screen, `${content} pixels on a screen of ${screen}`);
          assert.ok(shifts < 0.05, `shifts by ${shifts}`);
          assert.ok(title > 0);
          // No image covers the text around it.
          for (const image of await page.locator('main img:visible').all()) {
            const box = await image.boundingBox();
            assert.ok(box.height <= 1440, `an image is ${box.height} pixels high`);
          }
        }, { viewport: { width, height: 800 } }));
      }
    });
  }
}

describe('a facet of 401 values', () => {
  it('displays the most frequent values first, and then 400', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/`);
    const menu = page.locator('details.facet').first();
    await menu.locator('summary').click();
    const values = menu.getByRole('listitem');
    assert.ok(await values.count() <= 51);
    await menu.getByRole('link', { name: message('en', 'show-most', { count: 400 }) }).click();
    await page.waitForFunction(() => document.querySelectorAll('details.facet[open] li').length >= 400);
  }));
});
