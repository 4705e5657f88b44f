// What reference managers read in the exports of an item is what its record says.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { plugins } from '@citation-js/core';
import '@citation-js/plugin-csl';
import '@citation-js/plugin-ris';
import { parse as parseBibtex } from '@retorquere/bibtex-parser';
import CSL from 'citeproc';

import { launch, open, visit } from './support/browser.mjs';
import { serve, siteAt, workFolder } from './support/site.mjs';

const port = 8187;
const url = `http://127.0.0.1:${port}/`;

// Titles and names that are markup in one of the formats, or that a parser may take for the end of a value.
const hostile = {
  quotes: ['The "House" of “Salt”, the weavers’ \'house\'', 'O’Brien, "Ann"'],
  braces: ['{a} }b{ {{c', '{Doe}, John}'],
  script: ['</script> & <x> &amp; <!-- c', 'A & B'],
  bidi: ['\u202eabc\u2067 مقلوب \u202d', '\u202ename'],
  backslashes: ['a\\b \\textbf c \\', 'Doe\\, John'],
  signs: ['100% # of $5_a ^b~c @d', 'Doe 100% #1'],
  and: ['This and that, and others', 'Doe and Sons'],
  tags: ['ER  - TY  - BOOK', 'TY  - BOOK'],
  long: ['ن'.repeat(10_000), 'x'.repeat(10_000)],
};

// The values of the records that every format has. A date is [year, month, day], and a year before the era is negative.
const items = {
  'kitab-al-nujum': { title: 'The Book of Stars', creators: ['The maker of tests'], date: [1906, 2] },
  'fasl-1': { title: 'Chapter one: Canopus', container: 'The Book of Stars', date: [1906], pages: '1-2' },
  'plate-cairo': { title: 'Plate for Cairo', date: [1240] },
  'maqam-rast': { title: 'Maqam Rast' },
  'letter-007': { title: 'Letter number 7', date: [1807] },
  'قطعة-خزف': { title: 'Blue shard', date: [1550], until: [1600] },
  // The names are those of a person, a French one with an article, an undivided one and that of a company.
  names: { title: 'Names', creators: ['Turner, Joseph Mallord William', 'Le Brun, Marie-Claire', 'محمد كرد علي', 'Quay Photo Co.'], date: [1931, 6, 4] },
  'before-era': { title: 'Before the era', date: [-100] },
};
for (const [id, values] of Object.entries(hostile)) {
  // Records have no controls of the direction, and a run of spaces is one space.
  const [title, creator] = values.map((value) => value.replace(/[\u202a-\u202e\u2066-\u2069]/g, '').replace(/ +/g, ' ').trim());
  items[id] = { title, creators: [creator], date: [1850] };
}

// Writes a source with the items that no fixture has, and returns its folder.
function source() {
  const folder = join(workFolder, 'source');
  mkdirSync(folder, { recursive: true });
  const records = Object.entries(hostile).map(([id, [title, creator]]) => ({ id, type: 'Book', title, creator, date: '1850' }));
  records.push({ id: 'names', type: 'Book', title: 'Names', creator: items.names.creators, date: '1931-06-04' });
  records.push({ id: 'before-era', type: 'Coin', title: 'Before the era', date: '-0099' });
  writeFileSync(join(folder, 'metadata.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return folder;
}

let browser, server;
const exportsOf = {};
before(async () => {
  browser = await launch();
  server = await serve(await siteAt(url, { archive: 'fixtures', sources: [source()] }), port);
  await visit(browser, url, async (page) => {
    for (const id of Object.keys(items)) {
      await open(page, `${url}en/item/${encodeURIComponent(id)}/`);
      await page.locator('.citations > summary').click();
      await page.locator('.citations .citation').nth(2).waitFor();
      const links = await page.locator('.formats a').evaluateAll((links) => links.map((link) => [link.download, link.href]));
      const files = links.map(([name, href]) => [name.split('.').at(-1), decodeURIComponent(href.replace(/^[^,]*,/, ''))]);
      exportsOf[id] = { ...Object.fromEntries(files), apa: await page.locator('.citations .citation').first().textContent() };
    }
  });
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const { styles, locales } = plugins.config.get('@csl');

// Returns the citation that citeproc composes in the style of the APA.
function apa(item) {
  const system = { retrieveLocale: (lang) => locales.get(lang), retrieveItem: () => item };
  const engine = new CSL.Engine(system, styles.get('apa'), 'en-US', true);
  engine.setOutputFormat('text');
  engine.updateItems([item.id]);
  return engine.makeBibliography()[1][0].trim();
}

// Returns a name of CSL-JSON as it is in the record.
const name = ({ family, given, literal }) => literal ?? [family, given].filter(Boolean).join(', ');
const oneSpace = (text) => text.replace(/ +/g, ' ');
const address = (id) => `${url}en/item/${encodeURIComponent(id)}/`;
const readRis = (file) => plugins.input.chain(file, { generateGraph: false });

// Fails unless an item of CSL-JSON has the values of the record.
function assertSame(actual, id, dates) {
  const { title, creators = [], container, pages } = items[id];
  assert.equal(oneSpace(actual.title), title);
  assert.deepEqual((actual.author ?? []).map(name).map(oneSpace), creators);
  assert.deepEqual(actual.issued?.['date-parts'] ?? [], dates);
  assert.equal(actual['container-title'], container);
  assert.equal(actual.page, pages);
  assert.equal(actual.URL, address(id));
}

// The differences between the citations of citeproc and ours: brackets belong to the title, also if it is in the place
// of the creator, and they name the kind more precisely than the types of CSL.
const brackets = {
  'plate-cairo': ['. (ca. 1240). [Graphic].', ' [Image]. (ca. 1240).'],
  'maqam-rast': ['. (n.d.). [Audio recording].', ' [Audio recording]. (n.d.).'],
  'letter-007': ['. (1807). [Letter].', ' [Letter]. (1807).'],
  'قطعة-خزف': ['. (1550–1600). [Graphic].', ' [Image]. (1550–1600).'],
  'before-era': ['. (100 B.C.E.). [Graphic].', ' [Object]. (100 B.C.E.).'],
  // citeproc changes the quotation marks in titles.
  quotes: ['O’Brien, “Ann.” (1850). The “House” of “Salt”, the weavers’ ‘house.’', 'O’Brien, A. (1850). The "House" of “Salt”, the weavers’ \'house\'.'],
};

for (const id of Object.keys(items)) {
  describe(`the exports of ${id}`, () => {
    it('are read by citeproc, which cites them as we do', () => {
      const [item, ...others] = JSON.parse(exportsOf[id].json);
      assert.deepEqual(others, []);
      assertSame(item, id, [items[id].date, items[id].until].filter(Boolean));
      // Our citation also has the displayed page and the day, but not the identifier.
      const ours = exportsOf[id].apa.replace(/ \(p\. 1\)(?=\. A small)/, '').replace(/Retrieved \w+ \d+, \d+, from /, '').trim();
      let theirs = apa(item).replace(` (${id}), My archive`, ', My archive').replace(/Retrieved \w+ \d+, \d+, from /, '');
      const [before, after] = brackets[id] ?? ['', ''];
      assert.ok(theirs.includes(before), theirs);
      theirs = theirs.replace(before, () => after);
      assert.equal(ours, theirs);
    });

    it('are read as RIS', () => {
      const [item, ...others] = readRis(exportsOf[id].ris);
      assert.deepEqual(others, []);
      // RIS has neither years before the era nor intervals.
      const { date } = items[id];
      assertSame(item, id, date?.[0] > 0 ? [date] : []);
    });

    it('are read as BibTeX', () => {
      const { entries: [entry, ...others], errors } = parseBibtex(exportsOf[id].bib, { sentenceCase: false });
      assert.deepEqual([...errors, ...others], []);
      const { title, creators = [], container, date: [year, month] = [], until = [], pages } = items[id];
      // Parentheses take the place of braces, which cannot be escaped.
      const text = (value) => value?.replaceAll('{', '(').replaceAll('}', ')');
      const { fields } = entry;
      assert.equal(oneSpace(fields.title), text(title));
      const names = (fields.author ?? []).map(({ name, lastName, firstName }) => name ?? `${lastName}, ${firstName}`);
      assert.deepEqual(names.map(oneSpace), creators.map(text));
      assert.equal(fields.booktitle ?? fields.journal, container);
      // The year before the era is as the curator wrote it, with a year 0.
      const years = year < 0 ? String(year + 1) : [year, ...until].join('–');
      assert.equal(fields.year ?? '', years);
      assert.equal(fields.month, month && String(month));
      assert.equal(fields.pages, pages?.replace('-', '–'));
      assert.equal(fields.url, address(id));
    });
  });
}

it('is a wrong value that fails', () => {
  const [item] = readRis(exportsOf.names.ris);
  assertSame(item, 'names', [items.names.date]);
  for (const other of [{ title: 'x' }, { author: [] }, { issued: {} }, { page: '1' }, { URL: 'x' }]) {
    assert.throws(() => assertSame({ ...item, ...other }, 'names', [items.names.date]), JSON.stringify(other));
  }
});
