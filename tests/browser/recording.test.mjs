// Sound and film: the player, its keys, what is said, the chapters, the waveform, a link to a moment.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { launch, open, settled, visit } from './support/browser.mjs';
import { recordingsSite } from './support/recordings.mjs';
import { fromRoot, serve } from './support/site.mjs';
import { word } from './support/words.mjs';

const axe = readFileSync(fromRoot('node_modules/axe-core/axe.min.js'), 'utf8');

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(recordingsSite());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const media = (page) => page.locator('.player :is(audio, video)');
const time = (page) => media(page).evaluate((own) => own.currentTime);
const said = (page) => page.locator('#said li');
// What is marked in what is said.
const found = (page) => page.locator('#said mark').allInnerTexts();
const current = (page, list = '#said') => page.locator(`${list} li[aria-current]`);
const ready = (page) => page.waitForFunction(() => document.querySelector('.player :is(audio, video)')?.readyState >= 1);
const at = (page, seconds) => page.waitForFunction(
  (wanted) => Math.abs(document.querySelector('.player :is(audio, video)').currentTime - wanted) < 0.02,
  seconds,
);
const toSound = async (page, lang, rest = '') => {
  await open(page, `${server.address}${lang}/item/tone/${rest}`);
  await said(page).nth(2).waitFor();
  await ready(page);
};

const words = {
  ar: ['أوّل ما يُسمع', 'سيكاه', 'صعودًا', 'هبوطًا'],
  en: ['The first that is heard', 'sikah', 'Up', 'Down'],
};

for (const lang of ['ar', 'en']) {
  describe(`a sound in ${lang}`, () => {
    it('has its captions, its length and its waveform', () => visit(browser, server.address, async (page) => {
      await toSound(page, lang);
      assert.match(await said(page).first().innerText(), new RegExp(words[lang][0]));
      assert.match(await said(page).first().locator('span').last().innerText(), lang === 'ar' ? /^فاطمة: / : /^Fatima: /);
      assert.equal(await said(page).first().locator('span').last().getAttribute('dir'), lang === 'ar' ? 'rtl' : 'ltr');
      // What is left below it, beside a tall player, is of its own colour.
      const ground = (part) => page.locator(part).evaluate((own) => getComputedStyle(own).backgroundColor);
      assert.equal(await ground('.stage'), await ground('.stage-text'));
      const tracks = await page.locator('audio track').evaluateAll((all) => all.map((own) => [own.kind, own.srclang, own.label]));
      assert.deepEqual(tracks, ['ar', 'en'].map((own) => ['captions', own, word(lang, `language-${own}`)]));
      // The captions themselves are read by the browser, too.
      await page.evaluate(() => { document.querySelector('audio').textTracks[0].mode = 'hidden'; });
      await page.waitForFunction(() => document.querySelector('audio').textTracks[0].cues?.length === 3);
      const waveform = page.locator('.waveform img');
      await waveform.evaluate((img) => img.decode());
      const area = await waveform.boundingBox();
      assert.ok(area.width > 300 && area.height >= 44, `${area.width} × ${area.height}`);
      await page.getByText(word(lang, 'duration'), { exact: true }).waitFor();
    }));

    it('is led by its keys, in any layout', () => visit(browser, server.address, async (page) => {
      await toSound(page, lang);
      const rest = () => page.locator('main h1').focus();
      await rest();
      await page.keyboard.press('ArrowRight');
      await at(page, 1);
      await page.keyboard.press('KeyJ');
      await at(page, 0);
      await page.keyboard.press('Period');
      await at(page, 0.04);
      await page.keyboard.press('Comma');
      await at(page, 0);
      await page.keyboard.press('KeyL');
      await at(page, 1);
      await page.keyboard.press('ArrowLeft');
      await at(page, 0);
      await page.keyboard.press('Space');
      await page.waitForFunction(() => !document.querySelector('audio').paused);
      // Where there is no sound card the browser may never come to the end by itself.
      await page.keyboard.press('Space');
      await page.waitForFunction(() => document.querySelector('audio').paused);
      // What is typed is no key of the player's.
      await page.keyboard.press('KeyJ');
      await page.locator('#find').focus();
      await page.keyboard.type('l ');
      assert.equal(await time(page), 0);
    }));

    it('follows what is heard', () => visit(browser, server.address, async (page) => {
      await toSound(page, lang);
      for (const [seconds, line, chapter] of [[0.1, 0, 0], [0.4, 1, 0], [0.7, 2, 1], [0.2, 0, 0]]) {
        await media(page).evaluate((own, to) => { own.currentTime = to; }, seconds);
        await page.waitForFunction(([line, chapter]) => {
          const is = (list, at) => document.querySelectorAll(`${list} li`)[at].getAttribute('aria-current') === 'true';
          return is('#said', line) && is('.player .cues', chapter);
        }, [line, chapter]);
        assert.equal(await current(page).count(), 1);
      }
      const cursor = page.locator('.waveform span');
      const at = await cursor.evaluate((own) => own.style.getPropertyValue('--at'));
      assert.ok(Math.abs(Number(at) - 200) < 5, at);
    }));

    it('is searched in what is said, however it is spelt', () => visit(browser, server.address, async (page) => {
      await toSound(page, lang);
      await page.getByRole('searchbox', { name: word(lang, 'transcript-find') }).fill(lang === 'ar' ? 'اول' : 'FIRST');
      await said(page).nth(1).waitFor({ state: 'hidden' });
      assert.ok(await said(page).first().isVisible());
      await page.locator('[role=status]', { hasText: lang === 'ar' ? 'نتيجة واحدة' : '1 result' }).waitFor();
      await page.locator('#find').fill('');
      await said(page).nth(1).waitFor();
    }));

    it('leads to a moment from what is said, a chapter, the waveform and the address', () => visit(browser, server.address, async (page) => {
      await toSound(page, lang);
      await said(page).nth(1).getByRole('link').click();
      await page.waitForFunction(() => document.querySelector('audio').currentTime >= 0.3);
      assert.equal(new URL(page.url()).hash, '#t=0.3');
      await media(page).evaluate((own) => own.pause());
      await page.getByRole('navigation', { name: word(lang, 'chapters') }).getByRole('listitem')
        .filter({ hasText: words[lang][3] }).getByRole('link').click();
      assert.equal(new URL(page.url()).hash, '#t=0.5');
      await media(page).evaluate((own) => own.pause());
      const area = await page.locator('.waveform').boundingBox();
      // Time runs from left to right in every language.
      await page.mouse.click(area.x + area.width / 4, area.y + area.height / 2);
      await at(page, 0.25);
      await page.goto('about:blank');
      await toSound(page, lang, '#t=0.7');
      await at(page, 0.7);
      await page.evaluate(() => { location.hash = '#t=0.1'; });
      await at(page, 0.1);
    }));

    it('is heard at another speed', () => visit(browser, server.address, async (page) => {
      await toSound(page, lang);
      await page.getByLabel(word(lang, 'speed')).selectOption('150');
      assert.equal(await media(page).evaluate((own) => own.playbackRate), 1.5);
    }));

    it('is read in another language', () => visit(browser, server.address, async (page) => {
      await toSound(page, lang);
      const other = lang === 'ar' ? 'en' : 'ar';
      await page.locator('#track').selectOption({ label: word(lang, `language-${other}`) });
      await said(page).filter({ hasText: words[other][0] }).waitFor();
      assert.equal(await said(page).last().locator('span').last().getAttribute('lang'), other);
    }));

    it('can be used by everybody', () => visit(browser, server.address, async (page) => {
      for (const item of ['tone', 'film']) {
        await open(page, `${server.address}${lang}/item/${item}/`);
        await said(page).first().waitFor();
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run(document));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
        const small = await page.locator('#said a, .player .cues a, .speed select, .cue-tools > *').evaluateAll((all) => all
          .map((own) => own.getBoundingClientRect())
          .filter((own) => own.width < 43.5 || own.height < 43.5).length);
        assert.equal(small, 0);
      }
    }));

    it('is read, and played, without JavaScript', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/item/tone/`);
      assert.match(await page.locator('#said').innerText(), new RegExp(words[lang][0]));
      assert.match(await page.getByRole('navigation', { name: word(lang, 'chapters') }).innerText(), new RegExp(words[lang][2]));
      assert.equal(await page.locator('audio[controls] track').count(), 2);
      for (const element of ['audio', 'audio track', '.waveform img']) {
        const source = await page.locator(element).first().evaluate((own) => own.src);
        assert.equal((await page.request.get(source)).status(), 200, element);
      }
      // Nothing that needs the viewer is there without it.
      assert.equal(await page.locator('.speed, .cue-tools, a[href^="#t="]').count(), 0);
    }, { javaScriptEnabled: false }));
  });
}

describe('a film', () => {
  it('has its size, its poster and its transcript', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/item/film/`);
    await said(page).filter({ hasText: 'ثم نغمة' }).waitFor();
    const film = media(page);
    assert.deepEqual(await film.evaluate((own) => [own.getAttribute('width'), own.getAttribute('height')]), ['64', '48']);
    const poster = await film.evaluate((own) => own.poster);
    assert.equal((await page.request.get(poster)).headers()['content-type'], 'image/jpeg');
    await ready(page);
    assert.equal(await film.evaluate((own) => own.videoWidth), 64);
  }));

  it('leaves the arrows to the pages, unless the player has the focus', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/film/`);
    await said(page).first().waitFor();
    await ready(page);
    await page.keyboard.press('KeyL');
    await page.waitForFunction(() => document.querySelector('video').currentTime > 0.5);
    await page.locator('#said a').first().focus();
    await page.keyboard.press('ArrowLeft');
    await at(page, 0);
    await page.locator('nav.turning a').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.player audio');
    assert.equal(new URL(page.url()).searchParams.get('page'), '2');
    assert.equal(await said(page).count(), 0);
  }));
});

describe('a search', () => {
  it('finds what is said, and shows it', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=marmalade`);
    const card = page.locator('main .card', { hasText: 'A tone that is told' });
    await card.locator('.excerpt mark', { hasText: 'marmalade' }).waitFor();
    await card.getByRole('link').first().click();
    await settled(page);
    await page.locator('#said mark').waitFor();
    assert.deepEqual(await found(page), ['marmalade']);
  }));

  // Folded, without its article, at the beginning of a word, and in Latin letters; the last in other words
  // than those of the page.
  for (const [lang, query, words, moment] of [
    ['ar', 'اول', ['أوّل'], '0'],
    ['ar', 'مقام', ['المقام'], '0.3'],
    ['ar', 'كرد', ['كردان'], '0.6'],
    ['ar', 'sikah', ['سيكاه'], '0.3'],
    ['en', 'MARM', ['marmalade'], '0.6'],
    ['en', 'أوّل', ['أوّل'], '0'],
  ]) {
    it(`for ${query} is marked in what is said, in ${lang}, and heard from there`, () => visit(browser, server.address, async (page) => {
      await page.setViewportSize({ width: 640, height: 300 });
      await open(page, `${server.address}${lang}/item/tone/?q=${encodeURIComponent(query)}`);
      const first = page.locator('#said mark').first();
      await first.waitFor();
      assert.deepEqual(await found(page), words);
      assert.match(await page.locator('.stage-text .found').innerText(), new RegExp(query));
      // It is in sight where the text is; the page itself stays where it was.
      const [own, text] = await Promise.all([first.boundingBox(), page.locator('.stage-text').boundingBox()]);
      assert.ok(own.y >= text.y && own.y + own.height <= text.y + text.height, JSON.stringify([own, text]));
      assert.equal(await page.evaluate(() => scrollY), 0);
      if (/[\u0600-\u06ff]/.test(words[0])) {
        assert.equal(await page.locator('#track').evaluate((own) => own.selectedOptions[0].label), word(lang, 'language-ar'));
      }
      await ready(page);
      await said(page).filter({ has: page.locator('mark') }).getByRole('link').click();
      await page.waitForFunction((from) => document.querySelector('audio').currentTime >= from, Number(moment));
      assert.equal(new URL(page.url()).hash, `#t=${moment}`);
      await media(page).evaluate((own) => own.pause());
      // The address leads back to both, the words and the moment.
      await page.reload();
      await first.waitFor();
      await at(page, Number(moment));
      await page.locator('.found a').click();
      await page.locator('#said mark').first().waitFor({ state: 'detached' });
      assert.equal(await said(page).count(), 3);
      assert.ok(!page.url().includes('q='));
    }));
  }

  it('says where nothing of it is said, and leaves the language to the reader', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/item/tone/?q=marmalade`);
    await page.locator('#said mark').waitFor();
    await page.locator('#track').selectOption({ label: word('ar', 'language-ar') });
    await said(page).filter({ hasText: 'كردان' }).waitFor();
    assert.equal(await page.locator('#said mark').count(), 0);
    await page.locator('.stage-text .found', { hasText: 'لا توجد نتائج' }).waitFor();
  }));
});
