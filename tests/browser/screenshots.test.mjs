// Screenshots of every view for the review of changes: KHIZANA_SCREENSHOTS=1 writes them to target/screenshots.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { launch, layoutSettled, open, visit } from './support/browser.mjs';
import { screenshots, serve, site } from './support/site.mjs';
import { views } from './support/views.mjs';

const skip = process.env.KHIZANA_SCREENSHOTS !== '1';

describe('screenshots', { skip }, () => {
  let browser, server;
  before(async () => {
    mkdirSync(screenshots, { recursive: true });
    browser = await launch();
    server = await serve(await site());
  });
  after(async () => {
    await browser?.close();
    server?.stop();
  });

  for (const { name, path } of views) {
    it(name, async () => {
      for (const lang of ['ar', 'en']) {
        for (const colorScheme of ['light', 'dark']) {
          for (const width of [320, 768, 1440]) {
            await visit(browser, server.address, async (page) => {
              await open(page, server.address + path(lang));
              await layoutSettled(page);
              const file = join(screenshots, `${name}-${lang}-${colorScheme}-${width}.png`);
              await page.screenshot({ path: file, fullPage: true });
            }, { colorScheme, viewport: { width, height: 900 } });
          }
        }
      }
    });
  }
});
