// Search as you type, excerpts, facets, the timeline, sorting and paging; all of it is in the URL.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  currentUrl, eventually, isSameDocument, launch, layoutSettled, loaded, markDocument, open, requestsHandled, viewerRunning,
  visit,
} from './support/browser.mjs';
import { message, number } from './support/messages.mjs';
import { changingSite, serve, site } from './support/site.mjs';

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(await site());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const cards = (page) => page.locator('main .card-link');
const box = (page) => page.getByRole('searchbox');
const parameter = async (page, name) => (await currentUrl(page)).searchParams.get(name);
const showsStatus = (page, text) => page.getByRole('status').filter({ hasText: text }).first().waitFor();
const decade = (lang, year) => message(lang, 'decade', { year: number(lang, year) });

// The number is waited for: a list before the query may already contain the item that a test waits for.
const showsCards = (page, expected) => eventually(async () => assert.equal(await cards(page).count(), expected));
const showsItem = (page, title) => page.locator('main .card-link', { hasText: title }).first().waitFor();

// Holds the timers of the worker of 100 ms and more, after which it completes results and fetches the next page of
// results ahead of time. Their callbacks are in `heldTimers` of the worker.
const holdWorkerTimers = (page) => page.route('**/worker_loader.js', async (route) => {
  const response = await route.fetch();
  const hold = `{
    const { setTimeout } = self;
    self.heldTimers = [];
    self.setTimeout = (callback, delay) => (delay < 100 ? setTimeout(callback, delay) : heldTimers.push(callback));
  }`;
  await route.fulfill({ response, body: `${hold}\n${await response.text()}` });
});

describe('search', () => {
  it('finds items while the visitor types', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/`);
    await markDocument(page);
    await box(page).pressSequentially('astro', { delay: 30 });
    await showsItem(page, 'Chapter two: the astrolabe');
    await page.waitForFunction(() => new URL(location.href).searchParams.get('q') === 'astro');
    assert.equal(await box(page).inputValue(), 'astro');
    assert.ok(await isSameDocument(page));
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'q', 'the search box keeps the focus');
  }));

  it('finds an Arabic word in the text of a page', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/`);
    await box(page).fill('التناسل');
    await box(page).press('Enter');
    await page.waitForSelector('main[data-view=browse]');
    await showsCards(page, 1);
    await showsItem(page, 'كتاب النجوم');
    assert.equal(await parameter(page, 'q'), 'التناسل');
  }));

  it('ignores vowel signs and the form of the alef', () => visit(browser, server.address, async (page) => {
    for (const query of ['الأُسْطُرْلاب', 'الاسطرلاب']) {
      await open(page, `${server.address}ar/browse/?q=${encodeURIComponent(query)}`);
      await showsItem(page, 'الفصل الثاني');
    }
  }));

  it('shows the number of results, or that there are none', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=qqqq`);
    await page.getByText(message('en', 'nothing-found'), { exact: true }).waitFor();
    await box(page).fill('letter');
    await showsStatus(page, '120 results');
  }));

  it('ignores the results of a query that was replaced', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/`);
    // The responses to the first query are held until the second one is typed.
    const held = [];
    await page.route('**/o/**', (route) => { held.push(route); });
    await box(page).fill('letter');
    await eventually(() => held.length > 0);
    await box(page).fill('shard');
    await page.unroute('**/o/**');
    for (const route of held) await route.continue().catch(() => {});
    await showsCards(page, 1);
    await showsItem(page, 'Blue shard');
    await requestsHandled(page);
    assert.equal(await cards(page).count(), 1);
    assert.equal(await parameter(page, 'q'), 'shard');
  }));

  it('restores query, order and page from the URL', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter&sort=date-descending&page=2`);
    const first = await cards(page).first().innerText();
    await page.reload();
    await viewerRunning(page);
    assert.equal(await cards(page).first().innerText(), first);
    assert.equal(await box(page).inputValue(), 'letter');
  }));

  it('does not interpret the query as HTML', () => visit(browser, server.address, async (page) => {
    const query = '<img src=x onerror=alert(1)>"\'&';
    await open(page, `${server.address}en/browse/?q=${encodeURIComponent(query)}`);
    assert.equal(await box(page).inputValue(), query);
    assert.equal(await page.locator('main img[src=x]').count(), 0);
  }));
});

describe('facets', () => {
  it('filter the results, and can be removed', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?collection=letters`);
    const before = await page.getByRole('status').first().innerText();
    await page.locator('a.facet-value', { hasText: 'Fez' }).first().click();
    await page.waitForURL(/f\.place=/);
    await loaded(page);
    await showsStatus(page, '40 results');
    const chip = page.getByRole('link', { name: message('en', 'filter-remove', { value: 'Fez' }) });
    await chip.click();
    await showsStatus(page, before);
    assert.equal(await chip.count(), 0);
  }));

  it('are in the language of the interface', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/browse/?collection=letters`);
    await page.locator('a.facet-value', { hasText: 'فاس' }).first().click();
    await page.getByRole('link', { name: message('ar', 'filter-remove', { value: 'فاس' }) }).waitFor();
    assert.equal(await page.locator('.facet-label', { hasText: 'Fez' }).count(), 0);
  }));

  it('follow the history of the browser', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/`);
    await markDocument(page);
    await box(page).fill('letter');
    await page.waitForURL(/q=letter/);
    await page.locator('a.facet-value', { hasText: 'Fez' }).first().click();
    await showsStatus(page, '40 results');
    await page.goBack();
    await showsStatus(page, '120 results');
    assert.equal(await box(page).inputValue(), 'letter');
    await page.goForward();
    await showsStatus(page, '40 results');
    assert.ok(await isSameDocument(page));
  }));
});

describe('result lists', () => {
  it('can be sorted by date, oldest or newest first', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter`);
    await page.getByRole('link', { name: message('en', 'sort-date'), exact: true }).click();
    await showsItem(page, 'Letter number 1');
    await page.waitForFunction(() => document.querySelector('main .card-link')?.innerText.trim() === 'Letter number 1');
    await page.getByRole('link', { name: message('en', 'sort-date-descending'), exact: true }).click();
    await page.waitForFunction(() => document.querySelector('main .card-link')?.innerText.trim() === 'Letter number 120');
    assert.equal(await parameter(page, 'sort'), 'date-descending');
  }));

  it('have pages', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/browse/?q=${encodeURIComponent('رسالة')}`);
    const first = await cards(page).allInnerTexts();
    await page.locator('a[rel=next]').first().click();
    await page.waitForURL(/page=2/);
    await page.waitForFunction((text) => document.querySelector('main .card-link')?.innerText !== text, first[0]);
    const second = await cards(page).allInnerTexts();
    assert.equal(new Set([...first, ...second]).size, first.length + second.length);
  }));
});

describe('results', () => {
  it('have the query marked in the title', () => visit(browser, server.address, async (page) => {
    for (const [lang, query, found] of [['en', 'stars', 'Stars'], ['ar', 'النجوم', 'النجوم']]) {
      await open(page, `${server.address}${lang}/browse/?q=${encodeURIComponent(query)}`);
      await page.locator('.card-title mark', { hasText: found }).first().waitFor();
    }
  }));

  it('show an excerpt if the title does not contain the query', () => visit(browser, server.address, async (page) => {
    await holdWorkerTimers(page);
    await open(page, `${server.address}en/browse/?q=pole`);
    const card = page.locator('main .card', { hasText: 'Plate for Cairo' });
    await card.waitFor();
    await layoutSettled(page);
    const before = await card.boundingBox();
    const excerpt = card.locator('.excerpt');
    assert.equal(await excerpt.locator('mark').count(), 0);
    for (const worker of page.workers()) {
      await worker.evaluate(() => { for (const callback of self.heldTimers.splice(0)) callback(); });
    }
    await excerpt.locator('mark', { hasText: 'pole' }).waitFor();
    await layoutSettled(page);
    assert.equal(await excerpt.innerText(), 'Circles drawn about the pole.');
    assert.equal(await excerpt.getAttribute('lang'), 'en');
    assert.deepEqual(await card.boundingBox(), before, 'the card keeps its place and size');
  }));

  it('link to the page of a book that contains the query', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=${encodeURIComponent('العنكبوت')}`);
    const card = page.locator('main .card', { hasText: 'The Book of Stars' });
    const excerpt = card.locator('.excerpt');
    await excerpt.locator('mark', { hasText: 'والعنكبوت' }).waitFor();
    assert.equal(await excerpt.getAttribute('dir'), 'rtl');
    await card.getByText(message('en', 'page-of', { page: 4, pages: 5 }), { exact: true }).waitFor();
    await card.locator('.card-link').click();
    await page.waitForSelector('main[data-view=item]');
    assert.equal(await parameter(page, 'page'), '4');
    await page.locator('.stage-text', { hasText: 'العنكبوت' }).waitFor();
  }));

  it('match a phrase in quotation marks in this order only', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=${encodeURIComponent('"book of stars"')}`);
    await showsCards(page, 1);
    await showsItem(page, 'The Book of Stars');
    await box(page).fill('"stars of book"');
    await page.getByText(message('en', 'nothing-found'), { exact: true }).waitFor();
  }));

  it('suggest a similar word that is in the archive', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=chaptr`);
    const line = page.locator('.suggestion', { hasText: message('en', 'did-you-mean') });
    await line.getByRole('link', { name: 'chapter' }).click();
    await page.waitForURL(/q=chapter/);
    await showsItem(page, 'Chapter two: the astrolabe');
    await line.waitFor({ state: 'detached' });
  }));

  it('are announced once, with their number', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/`);
    await box(page).fill('letter');
    await box(page).press('Enter');
    await showsStatus(page, '120 results');
    assert.equal(await page.locator('[aria-busy=true]').count(), 0);
    assert.equal(await page.locator('main [role=status]').count(), 1);
  }));

  it('link to all items if there are none', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/browse/?q=qqqqqqq&f.place=x&from=1800`);
    await page.getByRole('link', { name: message('ar', 'filters-clear') }).waitFor();
    await page.getByRole('link', { name: message('ar', 'browse-all') }).click();
    await page.waitForSelector('main[data-view=browse][data-state=ready]');
  }));
});

describe('the timeline', () => {
  for (const lang of ['ar', 'en']) {
    it(`filters the results by decade in ${lang}`, () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/browse/?collection=letters`);
      const value = page.locator('.timeline a.facet-value', { hasText: decade(lang, 1830) });
      assert.equal(await value.locator('.facet-count').innerText(), number(lang, 10));
      await value.focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/f\.date%3Adecade=1830/);
      await page.locator('main .count', { hasText: number(lang, 10) }).waitFor();
      await value.and(page.locator('[aria-current=true]')).waitFor();
      // The bars start at the inline start of the timeline.
      await layoutSettled(page);
      const [bar, line] = [await value.locator('.bar').boundingBox(), await value.boundingBox()];
      const offset = lang === 'ar' ? line.x + line.width - bar.x - bar.width : bar.x - line.x;
      assert.ok(Math.abs(offset) < 2, `${offset}`);
      // Two decades are combined with or, a decade and a place with and.
      await page.locator('.timeline a.facet-value', { hasText: decade(lang, 1840) }).click();
      await page.locator('main .count', { hasText: number(lang, 20) }).waitFor();
      await page.locator('a.facet-value', { hasText: lang === 'ar' ? 'فاس' : 'Fez' }).first().click();
      await page.locator('main .count', { hasText: number(lang, 7) }).waitFor();
      const name = message(lang, 'filter-remove', { value: decade(lang, 1830) });
      await page.getByRole('link', { name }).click();
      await page.getByRole('link', { name }).waitFor({ state: 'detached' });
    }));
  }

  it('filters the results by a range of years', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter`);
    await page.getByLabel(message('en', 'year-from'), { exact: true }).fill('1810');
    await page.getByLabel(message('en', 'year-to'), { exact: true }).fill('1805');
    await page.keyboard.press('Enter');
    await showsStatus(page, '6 results');
    assert.equal(await parameter(page, 'from'), '1805');
    assert.equal(await parameter(page, 'to'), '1810');
    assert.equal(await parameter(page, 'q'), 'letter');
    assert.equal(await page.getByLabel(message('en', 'year-from'), { exact: true }).inputValue(), '1805');
    await page.getByRole('link', { name: message('en', 'filter-remove', { value: '1805–1810' }) }).click();
    await showsStatus(page, '120 results');
    assert.equal(await page.getByLabel(message('en', 'year-from'), { exact: true }).inputValue(), '');
    await page.goBack();
    await showsStatus(page, '6 results');
  }));
});

describe('requests of the search', () => {
  it('are aborted if a new query does not need them', async () => {
    const needed = new Set();
    await visit(browser, server.address, async (page) => {
      await holdWorkerTimers(page);
      page.on('request', (request) => needed.add(new URL(request.url()).pathname));
      await open(page, `${server.address}en/browse/`);
      await box(page).fill('letter');
      await showsStatus(page, '120 results');
    });
    await visit(browser, server.address, async (page) => {
      await holdWorkerTimers(page);
      await open(page, `${server.address}en/browse/`);
      // The responses that the first query needs and the second one does not are held.
      const held = [];
      await page.route('**/o/**', (route) => {
        const { pathname } = new URL(route.request().url());
        if (needed.has(pathname)) return route.continue();
        return held.push(pathname);
      });
      const aborted = [];
      page.on('requestfailed', (request) => aborted.push(new URL(request.url()).pathname));
      await box(page).fill('"book of stars"');
      await page.waitForSelector('main section[aria-busy=true]');
      await eventually(() => held.length > 0);
      const waiting = [...held];
      await box(page).fill('letter');
      await showsStatus(page, '120 results');
      await eventually(() => assert.deepEqual(waiting.filter((path) => !aborted.includes(path)), []));
      assert.deepEqual(aborted.filter((path) => needed.has(path)), []);
    });
  });

  it('are not repeated when the visitor goes back', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter`);
    await page.locator('a.facet-value', { hasText: 'Fez' }).first().click();
    await showsStatus(page, '40 results');
    await requestsHandled(page);
    const requests = [];
    page.on('request', (request) => {
      if (request.url().includes('/o/')) requests.push(request.url());
    });
    await page.goBack();
    await showsStatus(page, '120 results');
    assert.deepEqual(requests, []);
  }));

  it('are answered from the cache without a connection', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter`);
    await showsStatus(page, '120 results');
    await requestsHandled(page);
    await page.context().setOffline(true);
    // The item is not in the cache. Its failure also releases the archive in memory.
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = new URL('../item/plate-cairo/', location.href).href;
      document.querySelector('main').append(link);
      link.click();
      link.remove();
    });
    await page.waitForSelector('main[data-state=failed]');
    await page.goBack();
    await showsStatus(page, '120 results');
    await page.context().setOffline(false);
  }, { expected: [/ERR_INTERNET_DISCONNECTED/, /Failed to load resource/] }));
});

describe('an open page', () => {
  it('continues with the new archive if the site is published again', async () => {
    // A query loads a part of these words only.
    const rows = (title) => Array.from({ length: 9000 }, (_, n) => `i${n},${title} ${n} word${n * 7919}`);
    const changing = await changingSite(rows('astrolabe'));
    const changed = await serve(changing.folder);
    try {
      // The first requests are for objects that were removed by the second publication.
      const expected = [/Failed to load resource.*404/];
      await visit(browser, changed.address, async (page) => {
        const missing = [];
        page.on('response', (response) => { if (response.status() === 404) missing.push(response.url()); });
        await open(page, `${changed.address}en/browse/?q=word7919`);
        await showsItem(page, 'astrolabe 1 word7919');
        await markDocument(page);
        await changing.publish(rows('compass'));
        await box(page).fill(`word${8000 * 7919}`);
        await showsItem(page, `compass 8000 word${8000 * 7919}`);
        assert.ok(missing.length > 0, 'the page has requested an object that was removed');
        assert.ok(await isSameDocument(page));
        assert.equal(await page.getByRole('alert').count(), 0);
      }, { expected });
    } finally {
      changed.stop();
    }
  });
});
