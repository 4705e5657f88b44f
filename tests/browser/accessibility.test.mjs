// axe-core on every view in both text directions and colour schemes, and the layout of the narrowest screen.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { axeViolations } from './support/axe.mjs';
import { launch, layoutSettled, open, visit } from './support/browser.mjs';
import { serve, site } from './support/site.mjs';
import { views } from './support/views.mjs';

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(await site());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

for (const lang of ['ar', 'en']) {
  for (const colorScheme of ['light', 'dark']) {
    describe(`axe-core finds no violation in ${lang}, ${colorScheme}`, () => {
      for (const { name, path } of views) {
        it(name, () => visit(browser, server.address, async (page) => {
          await open(page, server.address + path(lang));
          for (const width of [320, 1280, 2560]) {
            // On a low screen, the tools cover what is behind them until the page is scrolled.
            await page.setViewportSize({ width, height: width === 320 ? 2400 : 900 });
            assert.deepEqual(await axeViolations(page, rules), [], `${width} pixels wide`);
          }
        }, { colorScheme, reducedMotion: 'reduce' }));
      }
      for (const [name, path] of [['menu of a facet', `${lang}/browse/`], ['menu on a narrow screen', `${lang}/browse/?q=cairo`]]) {
        it(name, () => visit(browser, server.address, async (page) => {
          await open(page, server.address + path);
          if (name !== 'menu of a facet') await page.setViewportSize({ width: 320, height: 640 });
          for (const menu of [0, 1]) {
            await page.locator('details.facet summary').nth(menu).click();
            assert.deepEqual(await axeViolations(page, rules), []);
          }
        }, { colorScheme, reducedMotion: 'reduce' }));
      }
      for (const [name, path] of [['choice of language', ''], ['not found', `${lang}/nowhere/`]]) {
        it(name, () => visit(browser, server.address, async (page) => {
          await page.goto(server.address + path);
          assert.deepEqual(await axeViolations(page, rules), []);
        }, { colorScheme, expected: [/404/], javaScriptEnabled: true, locale: lang }));
      }
      it('failed', () => visit(browser, server.address, async (page) => {
        await page.route('**/archive.json', (route) => route.fulfill({ status: 500 }));
        await page.goto(`${server.address}${lang}/browse/?q=x`);
        await page.waitForSelector('main[data-state=failed]');
        assert.deepEqual(await axeViolations(page, rules), []);
      }, { colorScheme, expected: [/500/] }));
    });
  }

  describe(`fits a screen 320 pixels wide in ${lang}`, () => {
    for (const { name, path } of views) {
      it(name, () => visit(browser, server.address, async (page) => {
        await open(page, server.address + path(lang));
        await layoutSettled(page);
        const { content, screen } = await page.evaluate(() => ({
          content: document.documentElement.scrollWidth,
          screen: document.documentElement.clientWidth,
        }));
        assert.ok(content <= screen, `${content} pixels on a screen of ${screen}`);
        // Touch targets are 44 pixels high. WCAG 2.5.8 excepts links within a line of text.
        const small = await page.locator('button:visible, summary:visible, input:visible, nav a:visible').evaluateAll((targets) => targets
          .map((target) => ({ height: target.getBoundingClientRect().height, name: target.outerHTML.slice(0, 80) }))
          .filter(({ height }) => height < 43.5)
          .map(({ height, name }) => `${Math.round(height)}: ${name}`));
        assert.deepEqual(small, []);
      }, { viewport: { width: 320, height: 640 }, hasTouch: true }));
    }
  });
}
