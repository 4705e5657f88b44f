// Every published IIIF document, checked by an independent validator.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';

import validator from '@hyperion-framework/validator';

import { demonstration } from './support/iiif.mjs';
import { siteAt } from './support/site.mjs';

const address = 'https://example.org/archive/';
const kinds = { Manifest: 'manifest', Collection: 'collection', AnnotationPage: 'annotationPage' };

// The errors of a document; empty if it is valid.
function validationErrors(document) {
  const { validators } = new validator.Validator();
  const validate = validators[kinds[document.type]];
  assert.ok(validate, `the validator does not know ${document.type}`);
  return validate(document) ? [] : validate.errors.map((error) => `${error.dataPath} ${error.message}`);
}

// The paths and contents of all documents below a folder of a site.
function documents(site, folder) {
  const files = readdirSync(join(site, folder), { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  return paths.sort().map((path) => [path, JSON.parse(readFileSync(path, 'utf8'))]);
}

let fixtures, demonstrationSite;
before(async () => {
  fixtures = await siteAt(address, { archive: 'fixtures' });
  demonstrationSite = await siteAt(address, { name: 'demonstration', sources: demonstration() });
});

const sites = [
  { name: 'the fixtures', site: () => fixtures, manifests: 4, collections: 2, texts: 3 },
  { name: 'the demonstration', site: () => demonstrationSite, manifests: 30, collections: 4, texts: 0 },
];

for (const { name, site, ...expected } of sites) {
  describe(`the manifests of ${name}`, () => {
    it('are valid', () => {
      const found = { Manifest: 0, Collection: 0, AnnotationPage: 0 };
      for (const [path, document] of documents(site(), 'manifests')) {
        if (path.includes('/manifests/record/')) continue;
        assert.deepEqual(validationErrors(document), [], path);
        found[document.type] += 1;
      }
      assert.ok(found.Manifest >= expected.manifests, `${found.Manifest} manifests`);
      assert.equal(found.Collection, expected.collections);
      assert.equal(found.AnnotationPage, expected.texts);
    });

    it('link to published files only', () => {
      const urls = new Set();
      for (const [path, document] of documents(site(), 'manifests')) {
        if (!path.includes('/manifests/record/')) collectUrls(document, urls);
      }
      assert.ok(urls.size > 40, `${urls.size} URLs`);
      for (const url of urls) {
        const path = decodeURIComponent(url.slice(address.length));
        const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
        assert.doesNotThrow(() => readFileSync(join(site(), file)), url);
      }
    });
  });
}

// Resources whose URLs are identifiers only. An annotation page has a file unless it is embedded in a manifest.
const identifiers = new Set(['Canvas', 'Annotation', 'AnnotationPage', 'Range']);

// Adds the URLs of this site in a document to a set; of an image service, that of its `info.json`.
function collectUrls(value, urls) {
  if (Array.isArray(value)) {
    for (const element of value) collectUrls(element, urls);
  } else if (value && typeof value === 'object') {
    const isIdentifier = identifiers.has(value.type) && !(value.type === 'AnnotationPage' && !value.items);
    if (typeof value.id === 'string' && value.id.startsWith(address) && !isIdentifier) {
      urls.add(value.type === 'ImageService3' ? `${value.id}/info.json` : value.id);
    }
    for (const member of Object.values(value)) collectUrls(member, urls);
  }
}

describe('the validator', () => {
  let book;
  before(() => {
    book = readFileSync(join(fixtures, 'manifests/item/kitab-al-nujum.json'), 'utf8');
  });

  it('accepts the manifest of a book with a table of contents', () => {
    const manifest = JSON.parse(book);
    assert.deepEqual(validationErrors(manifest), []);
    assert.deepEqual(manifest.structures.map((range) => range.items.length), [2, 2, 1]);
    assert.deepEqual(manifest.structures[1].label, { ar: ['في الأسطرلاب'], en: ['On the astrolabe'] });
    assert.equal(manifest.viewingDirection, 'right-to-left');
    const { profile, physicalScale, physicalUnits } = manifest.items[1].service[0];
    assert.equal(profile, 'http://iiif.io/api/annex/services/physdim');
    assert.deepEqual([physicalScale, physicalUnits], [1 / 300, 'in']);
  });

  // Shows that the validator checks what the manifests rely on.
  const defects = {
    'a label that is not a language map': (manifest) => { manifest.label = 'كتاب'; },
    'a language map whose values are not arrays': (manifest) => { manifest.label = { ar: 'كتاب' }; },
    'a missing label': (manifest) => { delete manifest.label; },
    'a canvas without a width': (manifest) => { delete manifest.items[0].width; },
    'a canvas whose id is not a URL': (manifest) => { manifest.items[0].id = 'canvas-1'; },
    'an annotation without a target': (manifest) => { delete manifest.items[0].items[0].items[0].target; },
    'an unknown viewing direction': (manifest) => { manifest.viewingDirection = 'rtl'; },
    'an unknown behavior': (manifest) => { manifest.behavior = ['bound']; },
    'a rights statement that is not a URL': (manifest) => { manifest.rights = 'CC0'; },
    'a range with an invalid item': (manifest) => { manifest.structures[0].items = [{}]; },
    'an unknown property': (manifest) => { manifest.contents = []; },
  };
  for (const [name, damage] of Object.entries(defects)) {
    it(`rejects ${name}`, () => {
      const manifest = JSON.parse(book);
      damage(manifest);
      assert.notDeepEqual(validationErrors(manifest), []);
    });
  }
});
