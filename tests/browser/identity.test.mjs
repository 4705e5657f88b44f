// The identity of an institution: logo, menu, colours, pages, and both looks.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { axeViolations } from './support/axe.mjs';
import { eventually, launch, open, viewerRunning, visit } from './support/browser.mjs';
import { message } from './support/messages.mjs';
import { fromRoot, serve, siteAt } from './support/site.mjs';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const looks = ['khizana', 'newspaper'];
const paths = ['', 'about/', 'visit/', 'browse/', 'collection/letters/', 'item/plate-cairo/', 'item/kitab-al-nujum/'];
const servers = {};

let browser;
before(async () => {
  browser = await launch();
  for (const look of looks) {
    const folder = await siteAt('http://127.0.0.1/', {
      archive: 'fixtures',
      name: look,
      files: fromRoot('tests/fixtures/institution'),
      change: (settings) => settings.replace('[identity]', `[identity]\nlook = "${look}"`),
    });
    servers[look] = await serve(folder);
  }
});
before(async () => {
  const folder = await siteAt('http://127.0.0.1/', {
    archive: 'fixtures',
    name: 'typefaces',
    files: fromRoot('tests/fixtures/typefaces'),
    change: (settings) => `${settings}\n[identity.typefaces]\ntext = "house.ttf"\nheadings.ar = "house.ttf"\n`,
  });
  servers.typefaces = await serve(folder);
});
after(async () => {
  await browser?.close();
  for (const server of Object.values(servers)) server.stop();
});

for (const [look, lang, colorScheme] of [
  ['khizana', 'ar', 'light'], ['khizana', 'en', 'dark'], ['newspaper', 'ar', 'dark'], ['newspaper', 'en', 'light'],
]) {
  it(`axe-core finds no violation in the look ${look} in ${lang}, ${colorScheme}`, () => visit(browser, servers[look].address, async (page) => {
    for (const path of paths) {
      await open(page, `${servers[look].address}${lang}/${path}`);
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: width === 320 ? 2400 : 900 });
        assert.deepEqual(await axeViolations(page, rules), [], `${path}, ${width} pixels wide`);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${path}, ${width} pixels wide`);
      }
    }
  }, { colorScheme, reducedMotion: 'reduce' }));
}

describe('an institution', () => {
  const address = () => servers.khizana.address;

  it('has its logo, which depends on the colour scheme', async () => {
    const sources = [];
    for (const colorScheme of ['light', 'dark']) {
      await visit(browser, address(), async (page) => {
        await open(page, `${address()}en/`);
        const logo = page.locator('.site-name img');
        sources.push(await logo.evaluate((image) => image.currentSrc));
        assert.ok(await logo.evaluate((image) => image.naturalWidth > 0 && image.getBoundingClientRect().height === 40));
        assert.equal(await page.locator('.site-name').innerText(), 'House of Manuscripts');
      }, { colorScheme });
    }
    assert.notEqual(sources[0], sources[1]);
  });

  it('has a menu that marks the current page', () => visit(browser, address(), async (page) => {
    await open(page, `${address()}ar/about/`);
    const menu = page.getByRole('navigation', { name: message('ar', 'menu') });
    assert.deepEqual(await menu.locator('a').allInnerTexts(), ['عن الدار', 'خزانة صغيرة', 'كتب', 'Library']);
    assert.equal(await menu.locator('[aria-current=page]').innerText(), 'عن الدار');
    await menu.getByText('كتب').click();
    await page.waitForURL(/browse\/\?q=/);
    await page.locator('main .card').first().waitFor();
  }));

  it('describes itself in the footer', () => visit(browser, address(), async (page) => {
    await open(page, `${address()}en/item/plate-cairo/`);
    const footer = page.getByRole('contentinfo');
    await footer.getByText('An imaginary house.').waitFor();
    assert.equal(await footer.getByRole('link', { name: 'archive@example.org' }).getAttribute('href'), 'mailto:archive@example.org');
    assert.equal(await footer.getByRole('link', { name: 'Example Library' }).getAttribute('href'), 'https://example.org/');
    await footer.locator('a[rel=license]').waitFor();
  }));

  it('chooses what the home page displays', () => visit(browser, address(), async (page) => {
    await open(page, `${address()}en/`);
    assert.equal(await page.locator('.welcome-object figcaption').innerText(), 'Plate for Cairo');
    await page.getByText('Welcome.').waitFor();
    const featured = page.getByRole('region', { name: message('en', 'featured') });
    assert.deepEqual(await featured.locator('.card-title').allInnerTexts(), ['The Book of Stars']);
    const collections = await page.locator('.cabinet h3').allInnerTexts();
    assert.equal(collections[0], await page.locator('.cabinet h3').first().innerText());
    assert.equal(collections.indexOf('A small cabinet'), 1);
  }));
});

describe('a page of an institution', () => {
  const address = () => servers.khizana.address;

  for (const javaScriptEnabled of [true, false]) {
    it(`displays items ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => visit(browser, address(), async (page) => {
      await page.goto(`${address()}ar/about/`);
      if (javaScriptEnabled) await page.waitForSelector('html[data-viewer=running]');
      const images = page.locator('.embedded img, .embedded image');
      assert.equal(await images.count(), 3);
      for (const image of await images.all()) {
        const source = await image.evaluate((element) => new URL(element.getAttribute('src') ?? element.getAttribute('href'), document.baseURI).href);
        assert.equal((await page.request.get(source)).status(), 200);
      }
      assert.equal(await page.locator('.written .shelf, .written .lines').count(), 3);
      assert.ok(await page.locator('.written .card').count() > 10);
      for (const link of await page.locator('.written a').evaluateAll((links) => links.map((a) => a.href))) {
        assert.equal((await page.request.get(link)).status(), 200, link);
      }
    }, { javaScriptEnabled }));
  }

  it('is displayed again after the reader has gone to an item and back', () => visit(browser, address(), async (page) => {
    await open(page, `${address()}ar/about/`);
    await page.locator('.written a', { hasText: 'كتاب النجوم' }).first().click();
    await page.locator('main[data-view=item]').waitFor();
    await page.goBack();
    await page.locator('main[data-view=text] .written').waitFor();
    assert.equal(await page.locator('h1').innerText(), 'عن الدار');
    await viewerRunning(page);
    await page.goForward();
    await page.locator('main[data-view=item]').waitFor();
    // The menu leads from a page that the viewer has rendered to a document.
    await page.getByRole('navigation', { name: message('ar', 'menu') }).getByText('عن الدار').click();
    await page.locator('main[data-view=text] .written').waitFor();
    // So does the link to the home page, which has a text.
    await page.locator('.written a', { hasText: 'كتاب النجوم' }).first().click();
    await page.locator('main[data-view=item]').waitFor();
    await page.locator('.site-name').click();
    await page.getByRole('region', { name: message('ar', 'featured') }).waitFor();
  }));

  it('is in another language if it must be, and says so', () => visit(browser, address(), async (page) => {
    await open(page, `${address()}fr/visit/`);
    await page.getByText(message('fr', 'page-in-other-language', { language: message('fr', 'language-en') })).waitFor();
    assert.equal(await page.locator('.written').getAttribute('lang'), 'en');
    await page.locator('.languages a[hreflang=en]').click();
    await page.waitForURL(/\/en\/visit\/$/);
    await eventually(async () => (await page.locator('.notice').count()) === 0);
  }));

  it('introduces a collection on its first page', () => visit(browser, address(), async (page) => {
    await open(page, `${address()}en/browse/`);
    await page.goto(`${address()}en/collection/letters/`);
    await page.getByText('An introduction to the letters.').waitFor();
    await page.locator('.pager a').last().click();
    await page.waitForURL(/page\/2\/$/);
    await eventually(async () => (await page.getByText('An introduction to the letters.').count()) === 0);
    await page.goBack();
    await page.getByText('An introduction to the letters.').waitFor();
  }));
});

describe('the typefaces of an institution', () => {
  const address = () => servers.typefaces.address;
  const loaded = (page) => page.evaluate(async () => {
    await document.fonts.ready;
    const faces = [...document.fonts].filter((face) => face.status === 'loaded');
    return [...new Set(faces.map((face) => face.family.replaceAll('"', '')))];
  });

  for (const lang of ['ar', 'en']) {
    it(`display texts and headings in ${lang}`, () => visit(browser, address(), async (page) => {
      const requested = [];
      page.on('request', (request) => { if (request.url().endsWith('.woff2')) requested.push(new URL(request.url()).pathname); });
      await open(page, `${address()}${lang}/item/kitab-al-nujum/`);
      const text = lang === 'ar' ? 'House text ar' : 'House text en fr';
      await eventually(async () => (await loaded(page)).includes(text));
      assert.equal((await loaded(page)).includes('House headings ar'), lang === 'ar');
      // The typefaces of the viewer are not loaded for characters that these have.
      assert.ok(requested.some((path) => path.startsWith('/f/')), requested);
      assert.ok(!requested.some((path) => /serif-latin\.|naskh-arabic/.test(path)), requested);
    }));
  }

  it('join Arabic letters', () => visit(browser, address(), async (page) => {
    await open(page, `${address()}ar/`);
    const width = (word) => page.evaluate(async (text) => {
      const span = document.createElement('span');
      span.textContent = text;
      span.style.font = '100px var(--text)';
      span.style.position = 'absolute';
      document.querySelector('main').append(span);
      await document.fonts.load('100px "House text ar"', text);
      const { width } = span.getBoundingClientRect();
      span.remove();
      return Math.round(width);
    }, word);
    await eventually(async () => (await loaded(page)).includes('House text ar'));
    // The widths of the forms in tests/fixtures/typefaces/house.ttf: alone; at the beginning, in the middle and at the end.
    assert.equal(await width('ب'), 60);
    assert.equal(await width('ببب'), 30 + 20 + 40);
    assert.equal(await width('abc'), 180);
  }));

  it('are displayed without JavaScript, and delay no rendering', () => visit(browser, address(), async (page) => {
    const font = page.waitForRequest(/\/f\/[0-9a-f]+\.woff2$/);
    await page.goto(`${address()}ar/item/plate-cairo/`);
    assert.equal((await (await font).response()).status(), 200);
    assert.equal(await page.locator('link[rel=preload]').count(), 0);
    const styles = await page.locator('head > link[rel=stylesheet]').evaluateAll((links) => links.map((link) => link.href));
    for (const style of styles.filter((href) => !href.endsWith('fonts.css'))) {
      assert.ok(!(await (await page.request.get(style)).text()).includes('House text'), style);
    }
  }, { javaScriptEnabled: false }));
});
