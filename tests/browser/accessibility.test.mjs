// axe-core on every view, in both directions, light and dark; and the narrowest screen.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { launch, open, visit } from './support/browser.mjs';
import { fromRoot, serve, site } from './support/site.mjs';
import { views } from './support/views.mjs';

const axe = readFileSync(fromRoot('node_modules/axe-core/axe.min.js'), 'utf8');

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(site());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

async function violations(page) {
  // Evaluated by the browser itself: the page's policy allows no script of others.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join('; ')}`);
}

for (const lang of ['ar', 'en']) {
  for (const colorScheme of ['light', 'dark']) {
    describe(`axe-core in ${lang}, ${colorScheme}`, () => {
      for (const { name, path } of views) {
        it(name, () => visit(browser, server.address, async (page) => {
          await open(page, server.address + path(lang));
          assert.deepEqual(await violations(page), []);
        }, { colorScheme, reducedMotion: 'reduce' }));
      }
      for (const [name, path] of [['choice of language', ''], ['not found', `${lang}/nowhere/`]]) {
        it(name, () => visit(browser, server.address, async (page) => {
          await page.goto(server.address + path);
          assert.deepEqual(await violations(page), []);
        }, { colorScheme, expected: [/404/], javaScriptEnabled: true, locale: lang }));
      }
      it('failed', () => visit(browser, server.address, async (page) => {
        await page.route('**/archive.json', (route) => route.fulfill({ status: 500 }));
        await page.goto(`${server.address}${lang}/browse/`);
        await page.waitForSelector('main[data-state=failed]');
        assert.deepEqual(await violations(page), []);
      }, { colorScheme, expected: [/500/] }));
    });
  }

  describe(`320 pixels in ${lang}`, () => {
    for (const { name, path } of views) {
      it(name, () => visit(browser, server.address, async (page) => {
        await open(page, server.address + path(lang));
        const { content, screen } = await page.evaluate(() => ({
          content: document.documentElement.scrollWidth,
          screen: document.documentElement.clientWidth,
        }));
        assert.ok(content <= screen, `${content} pixels on a screen of ${screen}`);
        // What is touched by itself is 44 pixels high; links within a line of text are excepted, as
        // in WCAG 2.5.8.
        const small = await page.locator('button:visible, input:visible, nav a:visible').evaluateAll((all) => all
          .map((one) => ({ height: one.getBoundingClientRect().height, name: one.outerHTML.slice(0, 80) }))
          .filter(({ height }) => height < 43.5)
          .map(({ height, name }) => `${Math.round(height)}: ${name}`));
        assert.deepEqual(small, []);
      }, { viewport: { width: 320, height: 640 }, hasTouch: true }));
    }
  });
}
