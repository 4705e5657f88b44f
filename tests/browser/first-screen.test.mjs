// The first screen of a page: what a visitor sees without scrolling, and that it stays in place.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { currentUrl, eventually, launch, layoutSettled, open, visit } from './support/browser.mjs';
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

const sizes = [[320, 640], [360, 740], [768, 1024], [1440, 900], [2560, 1300]];

// Returns the selectors of the elements that are not wholly in the first screen.
const below = (page, selectors) => page.evaluate((all) => all.filter((selector) => {
  const box = document.querySelector(selector)?.getBoundingClientRect();
  return !box || box.top < 0 || box.bottom > innerHeight || box.left < 0 || box.right > innerWidth;
}), selectors);

// Records the layout shifts of a page from its beginning, without those after an input.
async function recordShifts(page) {
  await page.addInitScript(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

for (const lang of ['ar', 'en']) {
  describe(`the page of an item in ${lang}`, () => {
    it('has its title, date and tools in the first screen at every width', () => visit(browser, server.address, async (page) => {
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        for (const item of ['plate-cairo', 'kitab-al-nujum', 'fasl-2']) {
          await open(page, `${server.address}${lang}/item/${item}/`);
          await layoutSettled(page);
          assert.deepEqual(await below(page, ['h1', '.attribution', '.tools']), [], `${item}, ${width} pixels wide`);
        }
      }
    }));

    it('shows a page of a book in the width of a phone', () => visit(browser, server.address, async (page) => {
      await page.setViewportSize({ width: 360, height: 740 });
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/`);
      await layoutSettled(page);
      assert.equal((await page.locator('main .stage-object img').first().boundingBox()).width, 360);
    }));

    it('opens the parent at the page of the part', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/fasl-2/`);
      await page.locator('.stage .part-link').click();
      await page.waitForURL(/kitab-al-nujum\/\?page=3$/);
      await page.locator('nav.turning p', { hasText: message(lang, 'page-of', { page: 3, pages: 5 }) }).waitFor();
    }));

    it('keeps values in other languages behind a toggle', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/`);
      const other = page.getByText('Le Livre des étoiles', { exact: true }).first();
      assert.ok(!await other.isVisible());
      await page.getByText(message(lang, 'other-languages'), { exact: true }).click();
      assert.ok(await other.isVisible());
    }));

    it('copies the URL of what is displayed', () => visit(browser, server.address, async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await open(page, `${server.address}${lang}/item/kitab-al-nujum/?page=2`);
      await page.getByText(message(lang, 'share'), { exact: true }).click();
      await page.getByRole('button', { name: message(lang, 'copy-link') }).click();
      await eventually(async () => assert.equal(
        await page.evaluate(() => navigator.clipboard.readText()),
        String(await currentUrl(page)),
      ));
    }));
  });

  describe(`pages in ${lang}`, () => {
    it('do not shift while they load', async () => {
      for (const path of ['', 'collection/cabinet/', 'item/plate-cairo/', 'item/kitab-al-nujum/', 'item/maqam-rast/']) {
        for (const [width, height] of [[360, 740], [1440, 900]]) {
          await visit(browser, server.address, async (page) => {
            await recordShifts(page);
            // The viewer and the fonts arrive late, as on a slow line.
            await page.route(/\.(wasm|woff2)$/, async (route) => {
              await new Promise((resolve) => { setTimeout(resolve, 400); });
              await route.continue();
            });
            await open(page, `${server.address}${lang}/${path}`);
            await layoutSettled(page);
            const shifts = await page.evaluate(() => window.shifts);
            assert.ok(shifts < 0.05, `${path || 'home'}, ${width} pixels wide: ${shifts}`);
          }, { viewport: { width, height } });
        }
      }
    });
  });
}

describe('an image that cannot be loaded', () => {
  const expected = [/Failed to load resource/];

  it('is replaced by a message, and is loaded again on request', () => visit(browser, server.address, async (page) => {
    await page.route('**/iiif/**', (route) => route.abort());
    await open(page, `${server.address}en/item/plate-cairo/`);
    const notice = page.locator('.stage .lost');
    await notice.waitFor();
    assert.match(await notice.innerText(), new RegExp(message('en', 'failure-image')));
    await page.unroute('**/iiif/**');
    await notice.getByRole('button').click();
    await notice.waitFor({ state: 'hidden' });
    await page.locator('.stage-link img').waitFor();
  }, { expected }));

  it('is reported without the viewer, too', () => visit(browser, server.address, async (page) => {
    await page.route(/iiif|\.wasm/, (route) => route.abort());
    await page.goto(`${server.address}en/item/plate-cairo/`);
    await page.locator('.stage .lost').waitFor();
  }, { expected: [...expected, /TypeError/, /fetch/] }));
});
