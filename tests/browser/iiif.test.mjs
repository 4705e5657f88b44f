// Every IIIF document that is published, before a validator of other people's.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';

import validator from '@hyperion-framework/validator';

import { demonstration, fixtures, siteAt } from './support/iiif.mjs';

const address = 'https://example.org/archive/';
const kinds = { Manifest: 'manifest', Collection: 'collection', AnnotationPage: 'annotationPage' };

// What is wrong with a document; nothing where it is valid.
function flaws(document) {
  const { validators } = new validator.Validator();
  const validate = validators[kinds[document.type]];
  assert.ok(validate, `the validator knows no ${document.type}`);
  return validate(document) ? [] : validate.errors.map((error) => `${error.dataPath} ${error.message}`);
}

// Every document below a folder of a site: its path and what it says.
function documents(site, folder) {
  const files = readdirSync(join(site, folder), { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  return paths.sort().map((path) => [path, JSON.parse(readFileSync(path, 'utf8'))]);
}

const sites = [
  { name: 'the fixtures', folder: 'iiif-fixtures', sources: () => fixtures, manifests: 4, collections: 2, texts: 3 },
  { name: 'the demonstration', folder: 'iiif-demonstration', sources: demonstration, manifests: 30, collections: 4, texts: 0 },
];

for (const { name, folder, sources, ...expected } of sites) {
  describe(`the manifests of ${name}`, () => {
    let site;
    before(() => { site = siteAt(address, folder, sources()); });

    it('are valid, each of them', () => {
      const found = { Manifest: 0, Collection: 0, AnnotationPage: 0 };
      for (const [path, document] of documents(site, 'manifests')) {
        if (path.includes('/manifests/record/')) continue;
        assert.deepEqual(flaws(document), [], path);
        found[document.type] += 1;
      }
      assert.ok(found.Manifest >= expected.manifests, `${found.Manifest} manifests`);
      assert.equal(found.Collection, expected.collections);
      assert.equal(found.AnnotationPage, expected.texts);
    });

    it('lead to what there is', () => {
      const named = new Set();
      for (const [path, document] of documents(site, 'manifests')) {
        if (!path.includes('/manifests/record/')) addresses(document, named);
      }
      assert.ok(named.size > 40, `${named.size} addresses`);
      for (const url of named) {
        const path = decodeURIComponent(url.slice(address.length));
        const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
        assert.doesNotThrow(() => readFileSync(join(site, file)), url);
      }
    });
  });
}

// Canvases, annotations and ranges are named by addresses that lead nowhere, and so are pages of annotations that
// stand in the manifest; an image service is a folder.
const names = new Set(['Canvas', 'Annotation', 'AnnotationPage', 'Range']);

function addresses(value, into) {
  if (Array.isArray(value)) {
    for (const own of value) addresses(own, into);
  } else if (value && typeof value === 'object') {
    const isName = names.has(value.type) && !(value.type === 'AnnotationPage' && !value.items);
    if (typeof value.id === 'string' && value.id.startsWith(address) && !isName) {
      into.add(value.type === 'ImageService3' ? `${value.id}/info.json` : value.id);
    }
    for (const own of Object.values(value)) addresses(own, into);
  }
}

describe('the validator', () => {
  let book;
  before(() => {
    const site = siteAt(address, 'iiif-broken', [fixtures[0]]);
    book = readFileSync(join(site, 'manifests/item/kitab-al-nujum.json'), 'utf8');
  });

  it('takes the book as it is, with its table of contents', () => {
    const manifest = JSON.parse(book);
    assert.deepEqual(flaws(manifest), []);
    assert.deepEqual(manifest.structures.map((range) => range.items.length), [2, 2, 1]);
    assert.deepEqual(manifest.structures[1].label, { ar: ['في الأسطرلاب'], en: ['On the astrolabe'] });
    assert.equal(manifest.viewingDirection, 'right-to-left');
    const { profile, physicalScale, physicalUnits } = manifest.items[1].service[0];
    assert.equal(profile, 'http://iiif.io/api/annex/services/physdim');
    assert.deepEqual([physicalScale, physicalUnits], [1 / 300, 'in']);
  });

  const breaks = {
    'a label that is no language map': (manifest) => { manifest.label = 'كتاب'; },
    'a label without a list': (manifest) => { manifest.label = { ar: 'كتاب' }; },
    'no label': (manifest) => { delete manifest.label; },
    'a canvas without a size': (manifest) => { delete manifest.items[0].width; },
    'a canvas whose address is none': (manifest) => { manifest.items[0].id = 'canvas-1'; },
    'an annotation without a target': (manifest) => { delete manifest.items[0].items[0].items[0].target; },
    'a direction that is none': (manifest) => { manifest.viewingDirection = 'rtl'; },
    'a behaviour that is none': (manifest) => { manifest.behavior = ['bound']; },
    'rights in words': (manifest) => { manifest.rights = 'CC0'; },
    'a section of nothing': (manifest) => { manifest.structures[0].items = [{}]; },
    'a property that is none': (manifest) => { manifest.contents = []; },
  };
  for (const [what, spoil] of Object.entries(breaks)) {
    it(`refuses ${what}`, () => {
      const manifest = JSON.parse(book);
      spoil(manifest);
      assert.notDeepEqual(flaws(manifest), []);
    });
  }
});
