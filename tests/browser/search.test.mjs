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
const menu = (page, name) => page.locator('details.facet', { has: page.locator('summary', { hasText: name }) });
const place = { ar: 'المكان', en: 'Place' };

// Chooses a value in the menu of a facet, which is then closed.
async function choose(page, name, value) {
  const facet = menu(page, name);
  if (await facet.getAttribute('open') === null) await facet.locator('summary').click();
  await facet.locator('a.facet-value', { hasText: value }).first().click();
}

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
    await choose(page, place.en, 'Fez');
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
    await choose(page, place.ar, 'فاس');
    await page.getByRole('link', { name: message('ar', 'filter-remove', { value: 'فاس' }) }).waitFor();
    assert.equal(await page.locator('.facet-label', { hasText: 'Fez' }).count(), 0);
  }));

  it('follow the history of the browser', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/`);
    await markDocument(page);
    await box(page).fill('letter');
    await page.waitForURL(/q=letter/);
    await choose(page, place.en, 'Fez');
    await showsStatus(page, '40 results');
    await page.goBack();
    await showsStatus(page, '120 results');
    assert.equal(await box(page).inputValue(), 'letter');
    await page.goForward();
    await showsStatus(page, '40 results');
    assert.ok(await isSameDocument(page));
  }));
});

describe('the menus', () => {
  it('can be used with the keyboard', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter`);
    const facet = menu(page, place.en);
    await facet.locator('summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await facet.locator('a.facet-value').first().evaluate((link) => link === document.activeElement));
    await page.keyboard.press('Enter');
    await page.waitForURL(/f\.place=/);
    await loaded(page);
    assert.equal(await facet.getAttribute('open'), null, 'the menu does not cover the results');
    assert.equal(await facet.locator('.facet-selected').innerText(), '1');
    assert.ok(await facet.locator('summary').evaluate((summary) => summary === document.activeElement));
    await page.keyboard.press('Enter');
    assert.notEqual(await facet.getAttribute('open'), null);
    await page.keyboard.press('Escape');
    assert.equal(await facet.getAttribute('open'), null);
    assert.ok(await facet.locator('summary').evaluate((summary) => summary === document.activeElement));
  }));

  it('close when another one is opened or the page is clicked', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/`);
    const [first, second] = [0, 1].map((index) => page.locator('details.facet').nth(index));
    await first.locator('summary').click();
    await second.locator('summary').click();
    await eventually(async () => assert.equal(await first.getAttribute('open'), null));
    await page.locator('main h1').click();
    await eventually(async () => assert.equal(await second.getAttribute('open'), null));
  }));

  for (const width of [320, 768, 1024, 2560]) {
    it(`fit a screen ${width} pixels wide`, () => visit(browser, server.address, async (page) => {
      for (const lang of ['ar', 'en']) {
        await open(page, `${server.address}${lang}/browse/`);
        for (const menu of await page.locator('details.facet').all()) {
          await menu.locator('summary').click();
          const { x, width: size } = await menu.locator(':scope > ul, :scope > form').boundingBox();
          assert.ok(x >= -0.5 && x + size <= width + 0.5, `${lang}: ${x} ${size}`);
        }
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
      }
    }, { viewport: { width, height: 720 } }));
  }
});

describe('the layouts', () => {
  it('are a shelf, a list and a table, and are kept when the query changes', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=stars`);
    const layout = (name) => page.locator('.views').getByRole('link', { name: message('en', name) });
    await layout('layout-table').click();
    await page.waitForURL(/view=table/);
    const row = page.getByRole('row', { name: 'The Book of Stars' });
    await row.waitFor();
    assert.deepEqual(await page.getByRole('columnheader').allInnerTexts(), ['Title', 'Creator', 'Date', 'Collection']);
    await layout('layout-table').and(page.locator('[aria-current=true]')).waitFor();
    await box(page).fill('letter');
    await showsStatus(page, '120 results');
    assert.equal(await page.locator('main tbody tr').count(), 24);
    await layout('layout-list').click();
    await page.waitForSelector('main .lines');
    await layout('layout-shelf').click();
    await page.waitForSelector('main .shelf');
    assert.equal(await parameter(page, 'view'), 'shelf');
    await page.goBack();
    await page.waitForSelector('main .lines');
  }));
});

describe('a query without results', () => {
  it('offers queries with fewer words, without filters, and in other languages', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter%20qqqqq&from=1800`);
    const offers = page.locator('.offers a');
    await offers.first().waitFor();
    const texts = await offers.locator('bdi').allInnerTexts();
    assert.ok(texts.includes('letter') && texts.includes('letter qqqqq'), texts.join());
    const other = page.locator('.advice a[hreflang=ar]');
    assert.match(await other.getAttribute('href'), /ar\/browse\/\?q=letter\+qqqqq&from=1800$/);
    await offers.filter({ hasText: message('en', 'offer-fewer', { word: 'qqqqq' }) }).click();
    await showsStatus(page, '120 results');
  }));
});

describe('the layout', () => {
  // Records the layout shifts from the beginning.
  const recordShifts = (page) => page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });

  for (const width of [360, 1440]) {
    for (const path of ['browse/', 'browse/?q=letter', 'browse/?q=stars', 'browse/?q=qqqqqqq', 'browse/collection/letters/']) {
      it(`does not shift on ${path}, ${width} pixels wide`, () => visit(browser, server.address, async (page) => {
        await recordShifts(page);
        for (const lang of ['ar', 'en']) {
          await open(page, `${server.address}${lang}/${path}`);
          await requestsHandled(page);
          await layoutSettled(page);
          const shift = await page.evaluate(() => window.shift);
          assert.ok(shift < 0.05, `${lang}: ${shift}`);
        }
      }, { viewport: { width, height: 800 } }));
    }
  }

  for (const [lang, width, path] of [['ar', 360, 'browse/?q=رسالة'], ['en', 1440, 'browse/?q=stars'], ['en', 360, 'browse/?q=letter&view=list']]) {
    it(`displays the first results of ${path} before the viewer runs, and they do not move, ${width} pixels wide`, () => visit(browser, server.address, async (page) => {
      let release;
      const released = new Promise((resolve) => { release = resolve; });
      await page.route('**/viewer_bg.wasm', async (route) => { await released; await route.continue(); });
      await recordShifts(page);
      await page.goto(`${server.address}${lang}/${path}`);
      await page.locator('.first-results .card').first().waitFor();
      await layoutSettled(page);
      const cards = (list) => page.locator(`${list} .card`).evaluateAll((cards) => cards.map((card) => {
        const { x, y, width } = card.getBoundingClientRect();
        return { content: [card.querySelector('a').href, card.querySelector('.card-title').textContent], box: [x, y, width] };
      }));
      const first = await cards('.first-results');
      release();
      await viewerRunning(page);
      await page.locator('.first-results').waitFor({ state: 'detached' });
      await requestsHandled(page);
      await layoutSettled(page);
      const last = await cards('.results');
      assert.deepEqual(last.map(({ content }) => content), first.map(({ content }) => content));
      for (const [i, { box }] of last.entries()) {
        for (const [at, value] of box.entries()) {
          assert.ok(Math.abs(value - first[i].box[at]) < 4, `card ${i} moves from ${first[i].box} to ${box}`);
        }
      }
      assert.ok(await page.evaluate(() => window.shift) < 0.05);
    }, { viewport: { width, height: 800 } }));
  }

  it('does not display the published results of another query first', () => visit(browser, server.address, async (page) => {
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    await page.route('**/o/**', async (route) => { await released; await route.continue(); });
    await page.goto(`${server.address}en/browse/?q=shard`);
    await page.waitForSelector('html[data-viewer=running]');
    assert.equal(await page.locator('main .card').first().isVisible(), false);
    assert.ok(await page.getByText(message('en', 'loading')).first().isVisible());
    assert.equal(await box(page).inputValue(), 'shard');
    release();
    await showsItem(page, 'Blue shard');
  }));
});

describe('result lists', () => {
  it('can be sorted by date, oldest or newest first', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter`);
    const order = menu(page, message('en', 'sort-by', { order: '' }));
    await order.locator('summary').click();
    await page.getByRole('link', { name: message('en', 'sort-date'), exact: true }).click();
    await showsItem(page, 'Letter number 1');
    await page.waitForFunction(() => document.querySelector('main .card-link')?.innerText.trim() === 'Letter number 1');
    await order.locator('summary').click();
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
    assert.equal(await page.locator('[role=status]').count(), 1);
  }));

  it('link to all items if there are none', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/browse/?q=qqqqqqq&f.place=x&from=1800`);
    await page.locator('.advice').getByRole('link', { name: message('ar', 'filters-clear') }).waitFor();
    await page.getByRole('main').getByRole('link', { name: message('ar', 'browse-all') }).click();
    await page.waitForSelector('main[data-view=browse][data-state=ready]');
  }));
});

describe('the timeline', () => {
  for (const lang of ['ar', 'en']) {
    it(`is a histogram with two marks in ${lang}`, () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/browse/?collection=letters`);
      await markDocument(page);
      const [left, right] = [page.locator('.brush [name=left]'), page.locator('.brush [name=right]')];
      const chosen = page.locator('.bars .on');
      assert.equal(await page.locator('.bars rect').count(), 13);
      assert.equal(await chosen.count(), 0);
      // The bars begin where the reading begins, and the marks are on their edges.
      await layoutSettled(page);
      const [bars, first] = [await page.locator('.bars').boundingBox(), await page.locator('.bars rect').first().boundingBox()];
      const offset = lang === 'ar' ? bars.x + bars.width - first.x - first.width : first.x - bars.x;
      assert.ok(Math.abs(offset) < 3, `${offset}`);
      await left.focus();
      for (const year of [1810, 1820, 1830]) {
        await page.keyboard.press('ArrowUp');
        await page.waitForURL(new RegExp(`from=${year}$`));
      }
      await page.locator('main .count', { hasText: number(lang, 91) }).waitFor();
      assert.equal(await left.getAttribute('aria-valuetext'), number(lang, 1830));
      assert.ok(await left.evaluate((mark) => mark === document.activeElement), 'the mark keeps the focus');
      assert.equal(await chosen.count(), 10);
      await right.focus();
      await page.keyboard.press('ArrowDown');
      await page.waitForURL(/from=1830&to=1919$/);
      await page.locator('main .count', { hasText: number(lang, 90) }).waitFor();
      assert.equal(await page.locator('.bars rect').count(), 13, 'the other years remain visible');
      await choose(page, place[lang], lang === 'ar' ? 'فاس' : 'Fez');
      await page.waitForURL(/f\.place=/);
      await loaded(page);
      assert.equal(await parameter(page, 'to'), '1919');
      assert.ok(await isSameDocument(page));
    }));

    it(`can be dragged in ${lang}`, () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/browse/?collection=letters`);
      await layoutSettled(page);
      const { x, y, width, height } = await page.locator('.bars').boundingBox();
      const at = (part) => x + width * (lang === 'ar' ? 1 - part : part);
      await page.mouse.move(at(1), y + height);
      await page.mouse.down();
      await page.mouse.move(at(6 / 13), y + height, { steps: 5 });
      await page.mouse.up();
      await page.waitForURL(/to=1859$/);
      await page.locator('main .count', { hasText: number(lang, 59) }).waitFor();
    }));
  }

  it('can be submitted without the viewer', () => visit(browser, server.address, async (page) => {
    await page.goto(`${server.address}en/browse/`);
    const address = await page.locator('form.span').evaluate((form) => {
      form.querySelector('[name=left]').value = '2';
      return `${form.action}?${new URLSearchParams(new FormData(form))}`;
    });
    await open(page, address);
    const [, from] = (await page.locator('.chip').innerText()).match(/from (\d+)/);
    assert.ok(Number(from) > 0, from);
  }));

  it('filters the results by a range of years', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter`);
    await menu(page, message('en', 'years')).locator('summary').click();
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
    await choose(page, place.en, 'Fez');
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
