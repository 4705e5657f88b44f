// Sound and film: the player and its keys, transcripts, chapters, the waveform, and links to a time.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { axeViolations } from './support/axe.mjs';
import { currentUrl, eventually, launch, layoutSettled, loaded, open, visit } from './support/browser.mjs';
import { message } from './support/messages.mjs';
import { serve, site } from './support/site.mjs';

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(await site('recordings'));
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const media = (page) => page.locator('.player :is(audio, video)');
const currentTime = (page) => media(page).evaluate((element) => element.currentTime);
const pause = (page) => media(page).evaluate((element) => element.pause());
const cues = (page) => page.locator('#said li');
// The words that are marked in the transcript.
const marks = (page) => page.locator('#said mark').allInnerTexts();
const metadataLoaded = (page) => page.waitForFunction(() => document.querySelector('.player :is(audio, video)')?.readyState >= 1);
const isAtTime = (page, seconds) => page.waitForFunction(
  (expected) => Math.abs(document.querySelector('.player :is(audio, video)').currentTime - expected) < 0.02,
  seconds,
);
const hashIs = (page, hash) => eventually(async () => assert.equal((await currentUrl(page)).hash, hash));
const openSound = async (page, lang, rest = '') => {
  await open(page, `${server.address}${lang}/item/tone/${rest}`);
  await cues(page).nth(2).waitFor();
  await metadataLoaded(page);
};

// Texts of the fixture: the first cue, a word of the second one, and the chapters.
const texts = {
  ar: ['أوّل ما يُسمع', 'سيكاه', 'صعودًا', 'هبوطًا'],
  en: ['The first that is heard', 'sikah', 'Up', 'Down'],
};

for (const lang of ['ar', 'en']) {
  describe(`a sound in ${lang}`, () => {
    it('has captions, a duration and a waveform', () => visit(browser, server.address, async (page) => {
      await openSound(page, lang);
      assert.match(await cues(page).first().innerText(), new RegExp(texts[lang][0]));
      assert.match(await cues(page).first().locator('span').last().innerText(), lang === 'ar' ? /^فاطمة: / : /^Fatima: /);
      assert.equal(await cues(page).first().locator('span').last().getAttribute('dir'), lang === 'ar' ? 'rtl' : 'ltr');
      const tracks = await page.locator('audio track').evaluateAll((elements) => elements.map(({ kind, srclang, label }) => [kind, srclang, label]));
      assert.deepEqual(tracks, ['ar', 'en'].map((tag) => ['captions', tag, message(lang, `language-${tag}`)]));
      // The browser can read the captions.
      await page.evaluate(() => { document.querySelector('audio').textTracks[0].mode = 'hidden'; });
      await page.waitForFunction(() => document.querySelector('audio').textTracks[0].cues?.length === 3);
      const waveform = page.locator('.waveform img');
      await waveform.evaluate((img) => img.decode());
      await layoutSettled(page);
      const area = await waveform.boundingBox();
      assert.ok(area.width > 300 && area.height >= 44, `${area.width} × ${area.height}`);
      await page.getByText(message(lang, 'duration'), { exact: true }).waitFor();
    }));

    it('is controlled by keys in every keyboard layout', () => visit(browser, server.address, async (page) => {
      await openSound(page, lang);
      await page.locator('main h1').focus();
      await page.keyboard.press('ArrowRight');
      await isAtTime(page, 1);
      await page.keyboard.press('KeyJ');
      await isAtTime(page, 0);
      await page.keyboard.press('Period');
      await isAtTime(page, 0.04);
      await page.keyboard.press('Comma');
      await isAtTime(page, 0);
      await page.keyboard.press('KeyL');
      await isAtTime(page, 1);
      await page.keyboard.press('ArrowLeft');
      await isAtTime(page, 0);
      // So slow that it does not end between the keys.
      await media(page).evaluate((element) => { element.playbackRate = 0.0625; });
      await page.keyboard.press('Space');
      await page.waitForFunction(() => !document.querySelector('audio').paused);
      await page.keyboard.press('Space');
      await page.waitForFunction(() => document.querySelector('audio').paused);
      // Typed characters do not control the player.
      await page.keyboard.press('KeyJ');
      await page.locator('#find').focus();
      await page.keyboard.type('l ');
      assert.equal(await page.locator('#find').inputValue(), 'l ');
      assert.equal(await currentTime(page), 0);
    }));

    it('marks the current cue and chapter', () => visit(browser, server.address, async (page) => {
      await openSound(page, lang);
      for (const [seconds, cue, chapter] of [[0.1, 0, 0], [0.4, 1, 0], [0.7, 2, 1], [0.2, 0, 0]]) {
        await media(page).evaluate((element, time) => { element.currentTime = time; }, seconds);
        await page.waitForFunction(([cue, chapter]) => {
          const isCurrent = (list, at) => document.querySelectorAll(`${list} li`)[at].getAttribute('aria-current') === 'true';
          return isCurrent('#said', cue) && isCurrent('.player .cues', chapter);
        }, [cue, chapter]);
        assert.equal(await page.locator('#said li[aria-current]').count(), 1);
      }
      const cursor = page.locator('.waveform span');
      await eventually(async () => {
        const perMille = await cursor.evaluate((element) => element.style.getPropertyValue('--at'));
        assert.ok(Math.abs(Number(perMille) - 200) < 5, perMille);
      });
    }));

    it('has a transcript that can be searched in any spelling', () => visit(browser, server.address, async (page) => {
      await openSound(page, lang);
      await page.getByRole('searchbox', { name: message(lang, 'transcript-find') }).fill(lang === 'ar' ? 'اول' : 'FIRST');
      await cues(page).nth(1).waitFor({ state: 'hidden' });
      assert.ok(await cues(page).first().isVisible());
      await page.locator('[role=status]', { hasText: lang === 'ar' ? 'نتيجة واحدة' : '1 result' }).waitFor();
      await page.locator('#find').fill('');
      await cues(page).nth(1).waitFor();
    }));

    it('seeks to a cue, a chapter, a place in the waveform and the time in the URL', () => visit(browser, server.address, async (page) => {
      await openSound(page, lang);
      await cues(page).nth(1).getByRole('link').click();
      await page.waitForFunction(() => document.querySelector('audio').currentTime >= 0.3);
      await hashIs(page, '#t=0.3');
      await pause(page);
      await page.getByRole('navigation', { name: message(lang, 'chapters') }).getByRole('listitem')
        .filter({ hasText: texts[lang][3] }).getByRole('link').click();
      await hashIs(page, '#t=0.5');
      await pause(page);
      await layoutSettled(page);
      const area = await page.locator('.waveform').boundingBox();
      // Time runs from left to right in every language.
      await page.mouse.click(area.x + area.width / 4, area.y + area.height / 2);
      await isAtTime(page, 0.25);
      await page.goto('about:blank');
      await openSound(page, lang, '#t=0.7');
      await isAtTime(page, 0.7);
      await page.evaluate(() => { location.hash = '#t=0.1'; });
      await isAtTime(page, 0.1);
    }));

    it('plays at another speed', () => visit(browser, server.address, async (page) => {
      await openSound(page, lang);
      await page.getByLabel(message(lang, 'speed')).selectOption('150');
      await eventually(async () => assert.equal(await media(page).evaluate((element) => element.playbackRate), 1.5));
    }));

    it('has a transcript in another language', () => visit(browser, server.address, async (page) => {
      await openSound(page, lang);
      const other = lang === 'ar' ? 'en' : 'ar';
      await page.locator('#track').selectOption({ label: message(lang, `language-${other}`) });
      await cues(page).filter({ hasText: texts[other][0] }).waitFor();
      assert.equal(await cues(page).last().locator('span').last().getAttribute('lang'), other);
    }));

    it('is accessible, and so is a film', () => visit(browser, server.address, async (page) => {
      for (const item of ['tone', 'film']) {
        await open(page, `${server.address}${lang}/item/${item}/`);
        await cues(page).first().waitFor();
        assert.deepEqual(await axeViolations(page), []);
        await layoutSettled(page);
        const small = await page.locator('#said a, .player .cues a, .speed select, .cue-tools > *').evaluateAll((targets) => targets
          .map((target) => target.getBoundingClientRect())
          .filter(({ width, height }) => width < 43.5 || height < 43.5).length);
        assert.equal(small, 0);
      }
    }));

    it('has its transcript and player without JavaScript', () => visit(browser, server.address, async (page) => {
      await page.goto(`${server.address}${lang}/item/tone/`);
      assert.match(await page.locator('#said').innerText(), new RegExp(texts[lang][0]));
      assert.match(await page.getByRole('navigation', { name: message(lang, 'chapters') }).innerText(), new RegExp(texts[lang][2]));
      assert.equal(await page.locator('audio[controls] track').count(), 2);
      for (const element of ['audio', 'audio track', '.waveform img']) {
        const source = await page.locator(element).first().evaluate(({ src }) => src);
        assert.equal((await page.request.get(source)).status(), 200, element);
      }
      // The controls that need the viewer are missing.
      assert.equal(await page.locator('.speed, .cue-tools, a[href^="#t="]').count(), 0);
    }, { javaScriptEnabled: false }));
  });
}

describe('a film', () => {
  it('has its size, its poster and its transcript', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/item/film/`);
    await cues(page).filter({ hasText: 'ثم نغمة' }).waitFor();
    const film = media(page);
    assert.deepEqual(await film.evaluate((element) => [element.getAttribute('width'), element.getAttribute('height')]), ['64', '48']);
    const poster = await film.evaluate((element) => element.poster);
    assert.equal((await page.request.get(poster)).headers()['content-type'], 'image/jpeg');
    await metadataLoaded(page);
    assert.equal(await film.evaluate((element) => element.videoWidth), 64);
  }));

  it('leaves the arrow keys to the pages unless the player has the focus', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/item/film/`);
    await cues(page).first().waitFor();
    await metadataLoaded(page);
    await page.keyboard.press('KeyL');
    await page.waitForFunction(() => document.querySelector('video').currentTime > 0.5);
    await page.locator('#said a').first().focus();
    await page.keyboard.press('ArrowLeft');
    await isAtTime(page, 0);
    await page.locator('nav.turning a').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.player audio');
    assert.equal((await currentUrl(page)).searchParams.get('page'), '2');
    assert.equal(await cues(page).count(), 0);
  }));
});

describe('a search', () => {
  it('finds the words of a transcript and marks them in it', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=marmalade`);
    const card = page.locator('main .card', { hasText: 'A tone that is told' });
    await card.locator('.excerpt mark', { hasText: 'marmalade' }).waitFor();
    await card.getByRole('link').first().click();
    await loaded(page);
    await page.locator('#said mark').waitFor();
    assert.deepEqual(await marks(page), ['marmalade']);
  }));

  // Folded, without the article, by the beginning of a word, and in Latin letters; the last query is in another
  // language than the interface.
  for (const [lang, query, words, seconds] of [
    ['ar', 'اول', ['أوّل'], '0'],
    ['ar', 'مقام', ['المقام'], '0.3'],
    ['ar', 'كرد', ['كردان'], '0.6'],
    ['ar', 'sikah', ['سيكاه'], '0.3'],
    ['en', 'MARM', ['marmalade'], '0.6'],
    ['en', 'أوّل', ['أوّل'], '0'],
  ]) {
    it(`for ${query} marks the cue in ${lang} and links to its time`, () => visit(browser, server.address, async (page) => {
      await page.setViewportSize({ width: 640, height: 300 });
      await open(page, `${server.address}${lang}/item/tone/?q=${encodeURIComponent(query)}`);
      const mark = page.locator('#said mark').first();
      await mark.waitFor();
      assert.deepEqual(await marks(page), words);
      assert.match(await page.locator('.stage-text .found').innerText(), new RegExp(query));
      // The transcript scrolls to the mark; the page does not scroll.
      await layoutSettled(page);
      const [markBox, textBox] = [await mark.boundingBox(), await page.locator('.stage-text').boundingBox()];
      assert.ok(
        markBox.y >= textBox.y && markBox.y + markBox.height <= textBox.y + textBox.height,
        JSON.stringify([markBox, textBox]),
      );
      assert.equal(await page.evaluate(() => scrollY), 0);
      if (/[\u0600-\u06ff]/.test(words[0])) {
        assert.equal(await page.locator('#track').evaluate((select) => select.selectedOptions[0].label), message(lang, 'language-ar'));
      }
      await metadataLoaded(page);
      await cues(page).filter({ has: page.locator('mark') }).getByRole('link').click();
      await page.waitForFunction((from) => document.querySelector('audio').currentTime >= from, Number(seconds));
      await hashIs(page, `#t=${seconds}`);
      await pause(page);
      // The URL leads to the marks and to the time.
      await page.reload();
      await mark.waitFor();
      await isAtTime(page, Number(seconds));
      await page.locator('.found a').click();
      await page.locator('#said mark').first().waitFor({ state: 'detached' });
      assert.equal(await cues(page).count(), 3);
      assert.ok(!(await currentUrl(page)).search.includes('q='));
    }));
  }

  it('reports a transcript without results in the language that the visitor has chosen', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/item/tone/?q=marmalade`);
    await page.locator('#said mark').waitFor();
    await page.locator('#track').selectOption({ label: message('ar', 'language-ar') });
    await cues(page).filter({ hasText: 'كردان' }).waitFor();
    assert.equal(await page.locator('#said mark').count(), 0);
    await page.locator('.stage-text .found', { hasText: 'لا توجد نتائج' }).waitFor();
  }));
});
