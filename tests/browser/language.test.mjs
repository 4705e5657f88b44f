// The table of language cases in WebAssembly: what a word is in the index, it is in the browser.
// `cargo xtask test` builds what is loaded here, from tests/wasm.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, it } from 'node:test';

import { launch, visit } from './support/browser.mjs';
import { fromRoot, target } from './support/site.mjs';

// A table with fewer is no table of every script.
const LEAST = 300;

const files = {
  '/': ['text/html', () => '<!doctype html><link rel="icon" href="data:,"><title>Language</title>'],
  '/language.js': ['text/javascript', () => readFileSync(join(target, 'language/language.js'))],
  '/language_bg.wasm': ['application/wasm', () => readFileSync(join(target, 'language/language_bg.wasm'))],
};

let browser, server;
before(async () => {
  browser = await launch();
  server = createServer((request, response) => {
    const [type, content] = files[request.url] ?? [];
    response.writeHead(type ? 200 : 404, { 'Content-Type': type ?? 'text/plain' });
    response.end(content?.());
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
});
after(async () => {
  await browser?.close();
  server?.close();
});

it('every case of the table holds in the browser', async () => {
  const cases = readFileSync(fromRoot('crates/text/tests/cases.tsv'), 'utf8')
    .split('\n')
    .map((line, at) => ({ number: at + 1, columns: line.split('\t') }))
    .filter(({ columns: [first] }) => first !== '' && !first.startsWith('#'));
  assert.ok(cases.length >= LEAST, `${cases.length} cases`);

  const address = `http://127.0.0.1:${server.address().port}/`;
  await visit(browser, address, async (page) => {
    await page.goto(address);
    const found = await page.evaluate(async (cases) => {
      const language = await import('/language.js');
      await language.default();
      return cases.map(({ columns: [text, lang, query] }) =>
        language.matches(text, lang, query, lang) ?? null);
    }, cases);
    const wrong = cases
      .map(({ number, columns: [text, lang, query, expected, what] }, at) => {
        const said = found[at] === null ? 'none' : 'match';
        return said === expected
          ? null
          : `${number}: ${text} [${lang}] / ${query}: ${found[at]}, not ${expected} (${what})`;
      })
      .filter((line) => line !== null);
    assert.equal(wrong.length, 0, wrong.join('\n'));
    assert.equal(found.length, cases.length);
  });
});
