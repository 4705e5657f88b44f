// What search engines, reference managers, feed readers and link previews read: it is valid, and it is what the page
// displays.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { parse as parseBibtex } from '@retorquere/bibtex-parser';
import { RelaxNGValidator, XmlDocument, XsdValidator } from 'libxml2-wasm';
import ts from 'typescript';

import { eventually, launch, open, visit } from './support/browser.mjs';
import { message } from './support/messages.mjs';
import { fromRoot, serve, site, siteAt } from './support/site.mjs';

const port = 8186;
const url = `http://127.0.0.1:${port}/`;
const items = ['kitab-al-nujum', 'fasl-1', 'plate-cairo', 'maqam-rast', 'letter-007', encodeURIComponent('قطعة-خزف')];

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(await siteAt(url, { archive: 'fixtures' }), port);
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const text = async (path) => (await fetch(url + path)).text();

// Returns the structured data of a page.
async function structuredData(path) {
  const json = (await text(path)).match(/<script type="application\/ld\+json">(.*?)<\/script>/s)?.[1];
  return JSON.parse(json);
}

// Replaces values that have a language with their text, which is what the types of schema.org describe.
function withoutLanguages(value) {
  if (Array.isArray(value)) return value.map(withoutLanguages);
  if (value === null || typeof value !== 'object') return value;
  if ('@value' in value) return value['@value'];
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutLanguages(member)]));
}

// Returns the errors of the compiler if documents are values of the types of schema.org.
function schemaErrors(documents) {
  const file = fromRoot('node_modules/.schema-check.ts');
  const lines = documents.map((data, i) => `const document${i}: WithContext<Thing> = ${JSON.stringify(withoutLanguages(data))};`);
  const source = `import type { Thing, WithContext } from 'schema-dts';\n${lines.join('\n')}\n`;
  const options = {
    noEmit: true, strict: true, skipLibCheck: true, types: [], module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile.call(host, name, ...rest));
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('structured data', () => {
  it('has only classes and properties of schema.org', async () => {
    const documents = [];
    for (const lang of ['ar', 'en', 'fr']) {
      for (const path of ['', 'collection/cabinet/', ...items.map((id) => `item/${id}/`)]) {
        documents.push(await structuredData(`${lang}/${path}`));
      }
    }
    assert.deepEqual(schemaErrors(documents), []);
    const misspelt = { ...documents.at(-1), descripton: 'x' };
    assert.notDeepEqual(schemaErrors([misspelt]), []);
    const wrongClass = { ...documents.at(-1), '@type': 'Bok' };
    assert.notDeepEqual(schemaErrors([wrongClass]), []);
  });

  for (const lang of ['ar', 'en', 'fr']) {
    it(`is what the page displays in ${lang}`, () => visit(browser, url, async (page) => {
      for (const id of items) {
        const data = await structuredData(`${lang}/item/${id}/`);
        await page.goto(`${url}${lang}/item/${id}/`);
        const title = await page.locator('h1').innerText();
        const names = JSON.stringify(withoutLanguages(data.name));
        assert.ok(names.includes(JSON.stringify(title)), `${names}: ${title}`);
        const head = await page.evaluate(() => {
          const meta = (name) => document.querySelector(`meta[name="${name}"], meta[property="${name}"]`)?.content;
          return {
            canonical: document.querySelector('link[rel=canonical]').href,
            ogUrl: meta('og:url'), ogTitle: meta('og:title'), dcTitle: meta('DC.title'), cite: document.querySelector('link[rel=cite-as]').href,
            image: meta('og:image'), kind: meta('z.itemType'),
          };
        });
        assert.equal(head.canonical, data.url);
        assert.equal(head.ogUrl, data.url);
        assert.equal(head.cite, data.url);
        assert.equal(head.ogTitle, title);
        assert.equal(head.dcTitle, title);
        assert.ok(head.kind);
        if (head.image) assert.equal((await fetch(head.image)).status, 200);
        assert.ok((await page.locator('#citation').innerText()).includes(title));
      }
    }, { javaScriptEnabled: false }));
  }
});

describe('the description of a page that the viewer opens', () => {
  // Returns what describes the page in a document, and the address of the page.
  const described = (page, root = url) => page.evaluate(async (root) => {
    const read = (document) => [
      ...document.querySelectorAll('meta[name], meta[property], link:not([rel=stylesheet], [rel=icon], [rel=manifest], [rel=search]), script[type="application/ld+json"]'),
    ].map((element) => element.outerHTML).filter((html) => !html.includes('fonts.css')).sort();
    const response = await fetch(location.href);
    const published = new DOMParser().parseFromString(await response.text(), 'text/html');
    const { href } = location;
    return { path: href.slice(root.length), displayed: read(document), published: read(published) };
  }, root);
  // Counts the events with which Zotero is notified.
  const countEvents = (page) => page.addInitScript(() => {
    window.updates = 0;
    document.addEventListener('ZoteroItemUpdated', () => { window.updates += 1; });
  });
  const updates = (page, count) => eventually(() => page.evaluate((count) => window.updates === count, count));

  it('is that of its published document', () => visit(browser, url, async (page) => {
    await countEvents(page);
    await open(page, `${url}en/item/plate-cairo/`);
    assert.equal(await page.evaluate(() => window.updates), 0);
    await page.locator('.breadcrumb a').last().click();
    await updates(page, 1);
    const collection = await described(page);
    assert.equal(collection.path, 'en/collection/cabinet/');
    assert.ok(collection.published.some((html) => html.includes('rel="canonical"')));
    assert.deepEqual(collection.displayed, collection.published);
    await page.locator('main .card-link[href*="kitab-al-nujum"]').first().click();
    await updates(page, 2);
    const item = await described(page);
    assert.equal(item.path, 'en/item/kitab-al-nujum/');
    assert.ok(item.published.some((html) => html.includes('z.itemType')));
    assert.deepEqual(item.displayed, item.published);
    // The other pages of a book have the same description.
    await page.locator('.turning a[rel=next]').click();
    await page.waitForURL(/page=2/);
    await page.goBack();
    await page.goBack();
    await updates(page, 3);
    assert.deepEqual(await described(page), collection);
  }));

  it('is what is displayed if the document cannot be loaded', () => visit(browser, url, async (page) => {
    await countEvents(page);
    await open(page, `${url}en/item/plate-cairo/`);
    await page.route('**/en/item/*/', (route) => route.abort());
    await page.locator('nav.neighbours a[rel=next]').click();
    await updates(page, 1);
    const { canonical, title, stale, data } = await page.evaluate(() => ({
      canonical: [...document.querySelectorAll('link[rel=canonical]')].map((link) => link.href),
      title: [...document.querySelectorAll('meta[property="og:title"]')].map((meta) => meta.content),
      stale: document.querySelectorAll('meta[name^="DC."], meta[name^="citation_"], link[hreflang], link[rel=cite-as]').length,
      data: document.querySelectorAll('script[type="application/ld+json"]').length,
    }));
    assert.deepEqual(canonical, [page.url()]);
    assert.deepEqual(title, [await page.locator('h1').innerText()]);
    assert.equal(stale + data, 0);
  }, { expected: [/ERR_FAILED/] }));

  it('is what is displayed if items have no documents', async () => {
    const other = await serve(await site('fixtures', { pages: 'none' }));
    try {
      await visit(browser, other.address, async (page) => {
        await countEvents(page);
        await open(page, `${other.address}en/item/?id=kitab-al-nujum`);
        await updates(page, 1);
        const head = () => page.evaluate(() => ({
          canonical: document.querySelector('link[rel=canonical]').href,
          description: document.querySelector('meta[name=description]')?.content ?? '',
        }));
        const first = await head();
        assert.equal(first.canonical, `${other.address}en/item/?id=kitab-al-nujum`);
        assert.match(first.description, /^Five pages, read from right to left\. Drawn/);
        await page.locator('nav.neighbours a').first().click();
        await updates(page, 2);
        assert.notDeepEqual(await head(), first);
      });
    } finally {
      other.stop();
    }
  });
});

describe('the files of the site', () => {
  const atomGrammar = readFileSync(fromRoot('tests/browser/support/atom.rng'));
  const grammar = RelaxNGValidator.fromDoc(XmlDocument.fromBuffer(atomGrammar));

  it('are feeds that a validator accepts, and not with faults', async () => {
    const feed = await text('en/feed.xml');
    grammar.validate(XmlDocument.fromString(feed));
    const faults = [
      ['<updated>', '</updated>', 'yesterday'],
      ['<id>', '</id>', 'item/1'],
      ['<author>', '</author>', ''],
      ['<title>', '</title>', '<b>bold</b>'],
    ];
    for (const [start, end, content] of faults) {
      const broken = feed.replace(new RegExp(`${start}.*?${end}`), start + content + end);
      assert.notEqual(broken, feed);
      assert.throws(() => grammar.validate(XmlDocument.fromString(broken)), start);
    }
    for (const removed of [/<updated>.*?<\/updated>/, /<author>.*?<\/author>/, /<id>.*?<\/id>/]) {
      assert.throws(() => grammar.validate(XmlDocument.fromString(feed.replace(removed, ''))), String(removed));
    }
    assert.throws(() => grammar.validate(XmlDocument.fromString(feed.replaceAll('summary>', 'sumary>'))));
  });

  it('are listed in a valid sitemap, without broken links', async () => {
    const folder = fromRoot('node_modules/sitemap/schema/');
    const schema = XmlDocument.fromBuffer(readFileSync(`${folder}sitemap.xsd`));
    const validator = XsdValidator.fromDoc(schema);
    const sitemap = await text('sitemap.xml');
    // The package has no schema of the image extension.
    const withoutImages = sitemap.replace(/<image:image>.*?<\/image:image>/g, '');
    validator.validate(XmlDocument.fromString(withoutImages));
    const broken = withoutImages.replace('<loc>', '<location>').replace('</loc>', '</location>');
    assert.throws(() => validator.validate(XmlDocument.fromString(broken)));
    const locations = [...sitemap.matchAll(/<(?:image:)?loc>([^<]+)</g)].map((match) => match[1]);
    assert.ok(locations.length > 100);
    for (const location of locations) assert.equal((await fetch(location)).status, 200, location);
    assert.match(await text('robots.txt'), new RegExp(`^Sitemap: ${url}sitemap.xml$`, 'm'));
  });

  for (const lang of ['ar', 'en', 'fr']) {
    it(`describe feed, search and application in ${lang}`, async () => {
      const feed = XmlDocument.fromString(await text(`${lang}/feed.xml`));
      const find = (document, path, namespaces) => document.find(path, namespaces).map((node) => node.content);
      const atom = { a: 'http://www.w3.org/2005/Atom' };
      grammar.validate(feed);
      assert.deepEqual(find(feed, '/a:feed/a:link[@rel="self"]/@href', atom), [`${url}${lang}/feed.xml`]);
      const entries = find(feed, '//a:entry/a:id', atom);
      assert.ok(entries.length > 0);
      assert.equal(new Set(entries).size, entries.length);
      for (const entry of entries) assert.equal((await fetch(entry)).status, 200, entry);
      const search = XmlDocument.fromString(await text(`${lang}/opensearch.xml`));
      const [name] = find(search, '/o:OpenSearchDescription/o:ShortName', { o: 'http://a9.com/-/spec/opensearch/1.1/' });
      assert.ok(name.length > 0 && name.length <= 16);
      const opensearch = { o: 'http://a9.com/-/spec/opensearch/1.1/' };
      const [size] = find(search, '/o:OpenSearchDescription/o:Image/@width', opensearch);
      assert.equal(size, '32');
      const [example] = find(search, '/o:OpenSearchDescription/o:Query[@role="example"]/@searchTerms', opensearch);
      assert.ok(example.length > 0);
      const manifest = JSON.parse(await text(`${lang}/site.webmanifest`));
      assert.equal(manifest.lang, lang);
      for (const { src } of manifest.icons) assert.equal((await fetch(new URL(src, `${url}${lang}/`))).status, 200);
    });
  }
});

for (const [lang, digits, page15] of [['ar', '٠١٢٣٤٥٦٧٨٩', 'ص'], ['en', '0123456789', 'p.'], ['fr', '0123456789', 'p.']]) {
  describe(`the citation in ${lang}`, () => {
    it('names the displayed page and the day, in four styles and three formats', () => visit(browser, url, async (page) => {
      await open(page, `${url}${lang}/item/kitab-al-nujum/?page=3`);
      const citation = page.locator('#citation');
      await eventually(async () => (await citation.innerText()).includes('?page=3'));
      const text = await citation.innerText();
      assert.ok(text.includes(page15), text);
      const year = String(new Date().getFullYear()).replace(/\d/g, (digit) => digits[digit]);
      assert.ok(text.includes(year), text);
      assert.match(await page.title(), new RegExp(`${page15.replace('.', '\\.')} [${digits}]`));
      await page.locator('.citations > summary').click();
      await page.locator('.citations .citation').nth(2).waitFor();
      for (const other of await page.locator('.citations .citation').allInnerTexts()) {
        assert.ok(other.includes('?page=3') && other.includes(year), other);
      }
      const files = await page.locator('.formats a').evaluateAll((links) => links.map((link) => [link.download, decodeURIComponent(link.href.replace(/^[^,]*,/, ''))]));
      assert.deepEqual(files.map(([name]) => name), ['kitab-al-nujum.bib', 'kitab-al-nujum.ris', 'kitab-al-nujum.json']);
      const title = await page.locator('h1').innerText();
      const { entries: [entry], errors } = parseBibtex(files[0][1], { sentenceCase: false });
      assert.deepEqual(errors, []);
      assert.equal(entry.fields.title, title);
      assert.ok(files[1][1].includes(`TI  - ${title}`));
      assert.equal(JSON.parse(files[2][1])[0].title, title);
      // The citation follows the page.
      await page.locator('.turning a[rel=next]').click();
      await eventually(async () => (await citation.innerText()).includes('?page=4'));
      await page.locator('.citations > summary').click();
      await eventually(async () => (await page.locator('.citations .citation').first().innerText()).includes('?page=4'));
    }));
  });
}

describe('print', () => {
  for (const lang of ['ar', 'en']) {
    it(`is one sheet with the image, the citation and the QR code of the URL in ${lang}`, () => visit(browser, url, async (page) => {
      await open(page, `${url}${lang}/item/plate-cairo/`);
      await page.locator('.stage img').first().evaluate((img) => img.decode());
      await page.emulateMedia({ media: 'print' });
      const code = page.locator('.qr-code');
      assert.ok((await code.boundingBox()).width > 40);
      assert.ok(await code.evaluate((img) => img.naturalWidth) > 20);
      assert.equal(await page.locator('#citation').isVisible(), true);
      for (const hidden of ['.tools', 'header.site', '.related', '#downloads']) assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
      const sheet = (await page.pdf({ format: 'A4', margin: { top: '12mm', bottom: '12mm', left: '8mm', right: '8mm' } })).toString('latin1');
      assert.equal(sheet.match(/\/Type\s*\/Page[^s]/g).length, 1);
    }));
  }

  it('has the code of the page that the viewer displays', () => visit(browser, url, async (page) => {
    await open(page, `${url}en/item/plate-cairo/`);
    const code = page.locator('.qr-code');
    const first = await code.getAttribute('src');
    await page.locator('nav.neighbours a[rel=next]').click();
    await eventually(async () => (await code.count()) === 1 && (await code.getAttribute('src')) !== first);
  }));
});

describe('embedding', () => {
  // A page of another site that displays `source` in a frame.
  async function inFrame(source, work, options) {
    const other = createServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end(`<!doctype html><title>Other</title><iframe src="${source.replaceAll('&', '&amp;')}" width="640" height="480"></iframe>`);
    });
    await new Promise((resolve) => { other.listen(0, '127.0.0.1', resolve); });
    const address = `http://127.0.0.1:${other.address().port}/`;
    try {
      await visit(browser, address, async (page) => {
        await page.goto(address);
        await work(page);
      }, { hosts: [url], ...options });
    } finally {
      other.close();
    }
  }

  it('displays a detail of an item on another site, with a link to it', () => inFrame(`${url}embed/?id=plate-cairo&lang=ar#xywh=10,10,60,40`, async (page) => {
    const frame = page.frameLocator('iframe');
    await frame.getByRole('link', { name: 'صفيحة القاهرة' }).last().waitFor();
    const image = frame.locator('img');
    await eventually(() => image.evaluate((img) => img.complete && img.naturalWidth > 0));
    const { detail, whole, href } = await image.evaluate((img) => ({
      detail: img.parentElement.getBoundingClientRect().width, whole: img.getBoundingClientRect().width, href: img.closest('a').href,
    }));
    assert.ok(whole > detail * 1.2, `${whole} ${detail}`);
    assert.equal(href, `${url}ar/item/plate-cairo/#xywh=10,10,60,40`);
  }));

  it('says that an item does not exist', () => inFrame(`${url}embed/?id=nothing`, async (page) => {
    await page.frameLocator('iframe').locator('[data-failed]').waitFor();
  }, { expected: [/404/] }));

  it('is refused for all other pages', () => inFrame(`${url}en/item/plate-cairo/`, async (page) => {
    await eventually(() => page.frames().length === 2 && !page.frames()[1].url().startsWith(url));
  }, { expected: [/frame-ancestors|refused|blocked/i] }));

  for (const [lang, title] of [['en', 'Plate for Cairo'], ['ar', 'صفيحة القاهرة']]) {
    it(`is described for the item that is linked in ${lang}`, async () => {
      const html = await text(`${lang}/item/plate-cairo/`);
      const link = html.match(/<link rel="alternate" type="application\/json\+oembed"[^>]* href="([^"]+)"/)[1];
      const description = await (await fetch(link)).json();
      assert.equal(description.version, '1.0');
      assert.equal(description.type, 'rich');
      assert.equal(description.title, title);
      assert.equal(description.provider_name, html.match(/property="og:site_name" content="([^"]+)"/)[1]);
      const source = new URL(description.html.match(/src="([^"]+)"/)[1].replaceAll('&amp;', '&'));
      assert.equal(source.searchParams.get('lang'), lang);
      assert.equal((await fetch(source)).status, 200);
      assert.equal((await fetch(description.thumbnail_url)).status, 200);
    });
  }
});

describe('sharing', () => {
  it('passes the title and the URL to the programs of the device', () => visit(browser, url, async (page) => {
    await page.addInitScript(() => {
      navigator.share = async (data) => { window.shared = data; };
    });
    await open(page, `${url}en/item/plate-cairo/`);
    await page.locator('.tools summary').click();
    await page.getByRole('button', { name: message('en', 'share-with') }).click();
    await eventually(() => page.evaluate(() => window.shared?.url === location.href && window.shared.title === document.title));
  }));

  it('passes the URL of a detail', () => visit(browser, url, async (page) => {
    await page.addInitScript(() => {
      navigator.share = async (data) => { window.shared = data; };
    });
    await open(page, `${url}en/item/plate-cairo/`);
    await page.locator('.stage-link').click();
    await page.locator('[data-zoom=in]').click();
    await eventually(() => page.evaluate(() => location.hash.startsWith('#xywh=')));
    await page.locator('[data-zoom=share]').click();
    await eventually(() => page.evaluate(() => /#xywh=/.test(window.shared?.url)));
    // The link opens the detail.
    const shared = await page.evaluate(() => window.shared.url);
    await page.goto('about:blank');
    await page.goto(shared);
    await page.waitForSelector('dialog.zoom[data-state=sharp]');
    assert.equal(await page.evaluate(() => location.hash), new URL(shared).hash);
  }));

  it('copies a citation of a detail', () => visit(browser, url, async (page) => {
    await open(page, `${url}en/item/plate-cairo/`);
    await page.locator('.stage-link').click();
    await eventually(() => page.evaluate(() => location.hash.startsWith('#xywh=')));
    const whole = await page.evaluate(() => location.hash);
    // The citation is of the view at the end of the animation, which both clicks precede.
    await page.evaluate(() => {
      for (const action of ['in', 'cite']) document.querySelector(`[data-zoom=${action}]`).click();
    });
    await eventually(async () => (await page.locator('.zoom-scale').innerText()) === message('en', 'copied'));
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(copied.includes(`, ${message('en', 'cite-detail')}`), copied);
    assert.ok(copied.includes(await page.evaluate(() => location.href)), copied);
    assert.notEqual(await page.evaluate(() => location.hash), whole);
    // The message remains when the animation would have ended.
    await page.waitForTimeout(1_000);
    assert.equal(await page.locator('.zoom-scale').innerText(), message('en', 'copied'));
  }, { permissions: ['clipboard-read', 'clipboard-write'] }));
});

describe('a IIIF content state', () => {
  const item = `${url}manifests/item/plate-cairo`;
  const manifest = { id: `${item}.json`, type: 'Manifest' };
  const encode = (state) => Buffer.from(encodeURIComponent(JSON.stringify(state))).toString('base64url');
  const canvas = (fragment) => ({ id: `${item}/canvas/1${fragment}`, type: 'Canvas', partOf: [manifest] });
  const annotation = (target) => ({ id: 'https://example.org/1', type: 'Annotation', motivation: ['contentState'], target });
  const region = { type: 'FragmentSelector', value: 'xywh=pixel:10.4,20,30,40' };
  const book = { id: `${url}manifests/item/kitab-al-nujum/canvas/2`, type: 'Canvas' };
  const states = [
    ['a manifest', manifest.id, 'en/item/plate-cairo/'],
    ['JSON that is not encoded', JSON.stringify(manifest), 'en/item/plate-cairo/'],
    ['encoded JSON', encode(manifest), 'en/item/plate-cairo/'],
    ['a region', encode(canvas('#xywh=10,20,30,40')), 'en/item/plate-cairo/#xywh=10,20,30,40'],
    ['an annotation', encode(annotation(canvas('#xywh=10,20,30,40'))), 'en/item/plate-cairo/#xywh=10,20,30,40'],
    ['a selector', encode(annotation({ source: canvas(''), selector: region })), 'en/item/plate-cairo/#xywh=10,20,30,40'],
    ['several targets', encode([canvas('#xywh=1,2,3,4'), canvas('')]), 'en/item/plate-cairo/#xywh=1,2,3,4'],
    ['a page', encode(annotation(book)), 'en/item/kitab-al-nujum/?page=2'],
    ['a collection', `${url}manifests/collection/cabinet.json`, 'en/collection/cabinet/'],
  ];
  for (const [name, state, target] of states) {
    it(`with ${name} opens its page`, () => visit(browser, url, async (page) => {
      for (const start of ['', 'en/', 'en/browse/']) {
        await page.goto(`${url}${start}?iiif-content=${encodeURIComponent(state)}`);
        await page.waitForURL((current) => `${current.origin}/${target.split('#')[0]}` === current.href.split('#')[0]);
        // The viewer rounds the region to the proportions of the window.
        if (target.includes('#')) await page.waitForSelector('dialog.zoom');
      }
    }));
  }

  it('of another site, or that is damaged, leaves the page as it is', () => visit(browser, url, async (page) => {
    for (const state of ['https://elsewhere.example/manifests/item/plate-cairo.json', 'e30', '!', encode({ id: 7 })]) {
      await open(page, `${url}en/?iiif-content=${encodeURIComponent(state)}`);
      assert.equal(await page.locator('main').getAttribute('data-view'), 'home');
    }
  }, { expected: [/SyntaxError|TypeError|InvalidCharacterError|null/] }));
});
