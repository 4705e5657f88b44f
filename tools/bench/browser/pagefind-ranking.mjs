// Runs the judged queries with Pagefind.
//
//   node pagefind-ranking.mjs PAGEFIND RECORDS.jsonl LANGUAGE QUERIES.json FOLDER OUT.json
//
// PAGEFIND is the folder of its npm package, and FOLDER receives its index. Each record becomes a page: its title is
// the heading, to which Pagefind gives the weight 7, and its creators have the weight 5. OUT contains the
// identifiers of the first ten results of each query. Started by `cargo xtask bench ranking`.

import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { launch } from '../../../tests/browser/support/browser.mjs';
import { serve } from './line.mjs';

const [folder, recordsFile, language, queriesFile, site, out] = process.argv.slice(2);
const { createIndex, close } = await import(pathToFileURL(resolve(join(folder, 'lib/index.js'))));

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const page = ({ title, creators, rest }) => [
  `<!doctype html><html lang="${language}"><title>${escape(title)}</title><body>`,
  `<h1>${escape(title)}</h1>`,
  ...creators.map((creator) => `<p data-pagefind-weight="5">${escape(creator)}</p>`),
  ...rest.map((value) => `<p>${escape(value)}</p>`),
].join('\n');

function check(response) {
  if (response.errors.length > 0) throw new Error(response.errors.join('; '));
  return response;
}

const { index } = check(await createIndex({ forceLanguage: language }));
const records = readFileSync(recordsFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const BATCH_SIZE = 64;
for (let i = 0; i < records.length; i += BATCH_SIZE) {
  const added = records.slice(i, i + BATCH_SIZE).map((record) => (
    index.addHTMLFile({ url: `/${encodeURIComponent(record.id)}/`, content: page(record) })));
  (await Promise.all(added)).forEach(check);
}
check(await index.writeFiles({ outputPath: resolve(join(site, 'pagefind')) }));
await close();

const browser = await launch();
const server = await serve(resolve(site));
const tab = await browser.newPage();
await tab.goto(server.address);
const results = await tab.evaluate(async (queries) => {
  const folder = '/pagefind/';
  const pagefind = await import(`${folder}pagefind.js`);
  const found = [];
  for (const query of queries) {
    const { results } = await pagefind.search(query);
    const ten = await Promise.all(results.slice(0, 10).map((result) => result.data()));
    found.push(ten.map(({ url }) => decodeURIComponent(url.split('/').at(-2))));
  }
  return found;
}, JSON.parse(readFileSync(queriesFile, 'utf8')));
writeFileSync(out, JSON.stringify(results));
await browser.close();
server.stop();
