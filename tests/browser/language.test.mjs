// The table of language cases in WebAssembly: the browser normalises and matches words like the index does.
// `cargo xtask test` builds the module that is loaded here, from tests/wasm.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, it } from 'node:test';

import { launch, visit } from './support/browser.mjs';
import { fromRoot, target } from './support/site.mjs';

// The table covers every script with at least this number of cases.
const MIN_CASES = 300;

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
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  await browser?.close();
  server?.close();
});

it('every language case holds in the browser', async () => {
  const cases = readFileSync(fromRoot('crates/text/tests/cases.tsv'), 'utf8')
    .split('\n')
    .map((line, at) => ({ number: at + 1, columns: line.split('\t') }))
    .filter(({ columns: [first] }) => first !== '' && !first.startsWith('#'));
  assert.ok(cases.length >= MIN_CASES, `${cases.length} cases`);

  const address = `http://127.0.0.1:${server.address().port}/`;
  await visit(browser, address, async (page) => {
    await page.goto(address);
    const matches = await page.evaluate(async (cases) => {
      const language = await import('/language.js');
      await language.default();
      return cases.map(({ columns: [text, lang, query] }) =>
        language.matches(text, lang, query, lang) ?? null);
    }, cases);
    const failures = cases
      .map(({ number, columns: [text, lang, query, expected, comment] }, at) => {
        const actual = matches[at] === null ? 'none' : 'match';
        return actual === expected
          ? null
          : `${number}: ${text} [${lang}] / ${query}: ${matches[at]}, not ${expected} (${comment})`;
      })
      .filter((line) => line !== null);
    assert.equal(failures.length, 0, failures.join('\n'));
    assert.equal(matches.length, cases.length);
  });
});
