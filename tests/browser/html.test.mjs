// html-validate on every view, as it is published and as the viewer displays it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { HtmlValidate } from 'html-validate';

import { launch, open, visit } from './support/browser.mjs';
import { serve, site } from './support/site.mjs';
import { views } from './support/views.mjs';

// The rules about validity. Those about style do not apply to generated HTML.
const validator = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:browser'],
});

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(await site());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

// Returns the problems of an HTML document.
async function problems(html) {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) => messages)
    .map(({ ruleId, message, line, column }) => `${ruleId}: ${message} (${line}:${column}: ${html.split('\n')[line - 1].slice(column - 1, column + 80)})`);
}

async function published(path) {
  return (await fetch(server.address + path)).text();
}

it('finds a problem', async () => {
  assert.equal((await problems('<!DOCTYPE html><html lang="ar"><head><title>x</title></head><body><p><div></div></p></body></html>')).length > 0, true);
});

for (const lang of ['ar', 'en']) {
  describe(`is valid in ${lang}`, () => {
    for (const { name, path } of views) {
      it(`${name}, as published`, async () => {
        assert.deepEqual(await problems(await published(path(lang))), []);
      });
      it(`${name}, in the viewer`, () => visit(browser, server.address, async (page) => {
        await open(page, server.address + path(lang));
        assert.deepEqual(await problems(await page.content()), []);
      }));
    }
  });
}

describe('is valid', () => {
  for (const path of ['', '404.html', 'offline.html']) {
    it(path || 'choice of language', async () => {
      assert.deepEqual(await problems(await published(path)), []);
    });
  }
});
