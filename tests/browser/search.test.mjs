// Search as you type, facets, orders, pages: all of it in the address.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, live, mark, open, sameDocument, settled, visit } from './support/browser.mjs';
import { serve, site } from './support/site.mjs';
import { number, word } from './support/words.mjs';

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(site());
});
after(async () => {
  await browser?.close();
  server?.stop();
});

const cards = (page) => page.locator('main .card-link');
const box = (page) => page.getByRole('searchbox');
const parameter = (page, name) => new URL(page.url()).searchParams.get(name);

async function shows(page, title) {
  await page.locator('main .card-link', { hasText: title }).first().waitFor();
}

describe('search', () => {
  it('finds while one types', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/`);
    await mark(page);
    await box(page).pressSequentially('astro', { delay: 30 });
    await shows(page, 'Chapter two: the astrolabe');
    await page.waitForFunction(() => new URL(location.href).searchParams.get('q') === 'astro');
    assert.equal(await box(page).inputValue(), 'astro');
    assert.ok(await sameDocument(page));
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'q', 'the box keeps the focus');
  }));

  it('finds a word of a page’s text, in Arabic', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/`);
    await box(page).fill('التناسل');
    await box(page).press('Enter');
    await page.waitForSelector('main[data-view=browse]');
    await shows(page, 'كتاب النجوم');
    assert.equal(parameter(page, 'q'), 'التناسل');
    assert.equal(await cards(page).count(), 1);
  }));

  it('finds whatever the vowel signs and the form of the alif', () => visit(browser, server.address, async (page) => {
    for (const query of ['الأُسْطُرْلاب', 'الاسطرلاب']) {
      await open(page, `${server.address}ar/browse/?q=${encodeURIComponent(query)}`);
      await shows(page, 'الفصل الثاني');
    }
  }));

  it('says that nothing was found, and how many were', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=qqqq`);
    await page.getByText(word('en', 'nothing-found'), { exact: true }).waitFor();
    await box(page).fill('letter');
    await page.getByRole('status').filter({ hasText: '120 results' }).first().waitFor();
  }));

  it('drops what was asked before', () => visit(browser, server.address, async (page) => {
    // The first word's answer is held back; it must not replace the second word's.
    await open(page, `${server.address}en/browse/`);
    await box(page).fill('letter');
    await box(page).fill('shard');
    await shows(page, 'Blue shard');
    await page.waitForTimeout(500);
    assert.equal(await cards(page).count(), 1);
  }));

  it('takes an address as it is shared', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter&sort=date-descending&page=2`);
    const first = await cards(page).first().innerText();
    await page.reload();
    await live(page);
    assert.equal(await cards(page).first().innerText(), first);
    assert.equal(await box(page).inputValue(), 'letter');
  }));

  it('treats what is typed as text', () => visit(browser, server.address, async (page) => {
    const query = '<img src=x onerror=alert(1)>"\'&';
    await open(page, `${server.address}en/browse/?q=${encodeURIComponent(query)}`);
    assert.equal(await box(page).inputValue(), query);
    assert.equal(await page.locator('main img[src=x]').count(), 0);
  }));
});

describe('facets', () => {
  it('narrow the results, and let go of them again', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?collection=letters`);
    const before = await page.getByRole('status').first().innerText();
    await page.locator('a.facet-value', { hasText: 'Fez' }).first().click();
    await page.waitForURL(/f\.place=/);
    await settled(page);
    await page.getByRole('status').filter({ hasText: '40 results' }).first().waitFor();
    const chip = page.getByRole('link', { name: word('en', 'filter-remove', { value: 'Fez' }) });
    await chip.click();
    await page.getByRole('status').filter({ hasText: before }).first().waitFor();
    assert.equal(await chip.count(), 0);
  }));

  it('are in the words of the reader', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/browse/?collection=letters`);
    await page.locator('a.facet-value', { hasText: 'فاس' }).first().click();
    await page.getByRole('link', { name: word('ar', 'filter-remove', { value: 'فاس' }) }).waitFor();
    assert.equal(await page.locator('.facet-label', { hasText: 'Fez' }).count(), 0);
  }));

  it('go back and forward with the browser', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/`);
    await mark(page);
    await box(page).fill('letter');
    await page.waitForURL(/q=letter/);
    await page.locator('a.facet-value', { hasText: 'Fez' }).first().click();
    await page.getByRole('status').filter({ hasText: '40 results' }).first().waitFor();
    await page.goBack();
    await page.getByRole('status').filter({ hasText: '120 results' }).first().waitFor();
    assert.equal(await box(page).inputValue(), 'letter');
    await page.goForward();
    await page.getByRole('status').filter({ hasText: '40 results' }).first().waitFor();
    assert.ok(await sameDocument(page));
  }));
});

describe('orders', () => {
  it('sort by date, oldest and newest first', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter`);
    await page.getByRole('link', { name: word('en', 'sort-date'), exact: true }).click();
    await shows(page, 'Letter number 1');
    await page.waitForFunction(() => document.querySelector('main .card-link')?.innerText.trim() === 'Letter number 1');
    await page.getByRole('link', { name: word('en', 'sort-date-descending'), exact: true }).click();
    await page.waitForFunction(() => document.querySelector('main .card-link')?.innerText.trim() === 'Letter number 120');
    assert.equal(parameter(page, 'sort'), 'date-descending');
  }));

  it('go through pages', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/browse/?q=${encodeURIComponent('رسالة')}`);
    const first = await cards(page).allInnerTexts();
    await page.locator('a[rel=next]').first().click();
    await page.waitForURL(/page=2/);
    await page.waitForFunction((text) => document.querySelector('main .card-link')?.innerText !== text, first[0]);
    const second = await cards(page).allInnerTexts();
    assert.equal(new Set([...first, ...second]).size, first.length + second.length);
  }));
});

const results = (page, text) => page.getByRole('status').filter({ hasText: text }).first().waitFor();
const decade = (lang, year) => word(lang, 'decade', { year: number(lang, year) });
// Which objects the page asks for from now on, and what becomes of it.
function watch(page) {
  const seen = { asked: [], failed: [], came: [] };
  const note = (list) => (request) => {
    if (request.url().includes('/o/')) list.push(request.url());
  };
  page.on('request', note(seen.asked));
  page.on('requestfailed', note(seen.failed));
  page.on('requestfinished', note(seen.came));
  return seen;
}

describe('results', () => {
  it('mark in a title what was found', () => visit(browser, server.address, async (page) => {
    for (const [lang, query, found] of [['en', 'stars', 'Stars'], ['ar', 'النجوم', 'النجوم']]) {
      await open(page, `${server.address}${lang}/browse/?q=${encodeURIComponent(query)}`);
      await page.locator('.card-title mark', { hasText: found }).first().waitFor();
    }
  }));

  it('show the words in their context where the title has none of them', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=pole`);
    const card = page.locator('main .card', { hasText: 'Plate for Cairo' });
    await card.waitFor();
    const before = await card.boundingBox();
    const excerpt = card.locator('.excerpt');
    await excerpt.locator('mark', { hasText: 'pole' }).waitFor();
    assert.equal(await excerpt.innerText(), 'Circles drawn about the pole.');
    assert.equal(await excerpt.getAttribute('lang'), 'en');
    assert.deepEqual(await card.boundingBox(), before, 'nothing moves');
  }));

  it('open an item at the page on which the words stand', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=${encodeURIComponent('العنكبوت')}`);
    const card = page.locator('main .card', { hasText: 'The Book of Stars' });
    const excerpt = card.locator('.excerpt');
    await excerpt.locator('mark', { hasText: 'والعنكبوت' }).waitFor();
    assert.equal(await excerpt.getAttribute('dir'), 'rtl');
    const said = word('en', 'page-of', { page: 4, pages: 5 });
    await card.getByText(said, { exact: true }).waitFor();
    await card.locator('.card-link').click();
    await page.waitForSelector('main[data-view=item]');
    assert.equal(parameter(page, 'page'), '4');
    await page.locator('.stage-text', { hasText: 'العنكبوت' }).waitFor();
  }));

  it('find words that stand one after the other', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=${encodeURIComponent('"book of stars"')}`);
    await shows(page, 'The Book of Stars');
    assert.equal(await cards(page).count(), 1);
    await box(page).fill('"stars of book"');
    await page.getByText(word('en', 'nothing-found'), { exact: true }).waitFor();
  }));

  it('ask what may have been meant', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=chaptr`);
    const line = page.locator('.suggestion', { hasText: word('en', 'did-you-mean') });
    await line.getByRole('link', { name: 'chapter' }).click();
    await page.waitForURL(/q=chapter/);
    await shows(page, 'Chapter two: the astrolabe');
    await line.waitFor({ state: 'detached' });
  }));

  it('are told once, with their number', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/`);
    await box(page).fill('letter');
    await box(page).press('Enter');
    await results(page, '120 results');
    assert.equal(await page.locator('[aria-busy=true]').count(), 0);
    assert.equal(await page.locator('main [role=status]').count(), 1);
  }));

  it('help where there are none', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}ar/browse/?q=qqqqqqq&f.place=x&from=1800`);
    await page.getByRole('link', { name: word('ar', 'filters-clear') }).waitFor();
    await page.getByRole('link', { name: word('ar', 'browse-all') }).click();
    await page.waitForSelector('main[data-view=browse][data-state=ready]');
  }));
});

describe('years', () => {
  for (const lang of ['ar', 'en']) {
    it(`are a line of time that narrows the results, in ${lang}`, () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/browse/?collection=letters`);
      const value = page.locator('.timeline a.facet-value', { hasText: decade(lang, 1830) });
      assert.equal(await value.locator('.facet-count').innerText(), number(lang, 10));
      await value.focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/f\.date%3Adecade=1830/);
      await page.locator('main .count', { hasText: number(lang, 10) }).waitFor();
      await value.and(page.locator('[aria-current=true]')).waitFor();
      // The bars begin where the line begins.
      const [bar, line] = await Promise.all([value.locator('.bar').boundingBox(), value.boundingBox()]);
      const off = lang === 'ar' ? line.x + line.width - bar.x - bar.width : bar.x - line.x;
      assert.ok(Math.abs(off) < 2, `${off}`);
      // With another decade there are both, with a place fewer.
      await page.locator('.timeline a.facet-value', { hasText: decade(lang, 1840) }).click();
      await page.locator('main .count', { hasText: number(lang, 20) }).waitFor();
      await page.locator('a.facet-value', { hasText: lang === 'ar' ? 'فاس' : 'Fez' }).first().click();
      await page.locator('main .count', { hasText: number(lang, lang === 'ar' ? 7 : 7) }).waitFor();
      const name = word(lang, 'filter-remove', { value: decade(lang, 1830) });
      await page.getByRole('link', { name }).click();
      await page.getByRole('link', { name }).waitFor({ state: 'detached' });
    }));
  }

  it('lie between two that are typed', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter`);
    await page.getByLabel(word('en', 'year-from'), { exact: true }).fill('1810');
    await page.getByLabel(word('en', 'year-to'), { exact: true }).fill('1805');
    await page.keyboard.press('Enter');
    await results(page, '6 results');
    assert.equal(parameter(page, 'from'), '1805');
    assert.equal(parameter(page, 'to'), '1810');
    assert.equal(parameter(page, 'q'), 'letter');
    assert.equal(await page.getByLabel(word('en', 'year-from'), { exact: true }).inputValue(), '1805');
    await page.getByRole('link', { name: word('en', 'filter-remove', { value: '1805–1810' }) }).click();
    await results(page, '120 results');
    assert.equal(await page.getByLabel(word('en', 'year-from'), { exact: true }).inputValue(), '');
    await page.goBack();
    await results(page, '6 results');
  }));
});

describe('what is fetched', () => {
  it('is cancelled where it cannot serve any more', async () => {
    const served = new Set();
    await visit(browser, server.address, async (page) => {
      page.on('request', (request) => served.add(new URL(request.url()).pathname));
      await open(page, `${server.address}en/browse/`);
      await box(page).fill('letter');
      await results(page, '120 results');
    });
    await visit(browser, server.address, async (page) => {
      await open(page, `${server.address}en/browse/`);
      // What the first words need and the second do not is held back.
      const held = [];
      await page.route('**/o/**', (route) => {
        const { pathname } = new URL(route.request().url());
        if (served.has(pathname)) return route.continue();
        return held.push(pathname);
      });
      const cancelled = [];
      page.on('requestfailed', (request) => cancelled.push(new URL(request.url()).pathname));
      await box(page).fill('"book of stars"');
      await page.waitForSelector('main section[aria-busy=true]');
      const waiting = [...held];
      assert.ok(waiting.length > 0);
      await box(page).fill('letter');
      await results(page, '120 results');
      assert.deepEqual(waiting.filter((path) => !cancelled.includes(path)), []);
      assert.deepEqual(cancelled.filter((path) => served.has(path)), []);
    });
  });

  it('is not fetched again', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter`);
    await page.locator('a.facet-value', { hasText: 'Fez' }).first().click();
    await results(page, '40 results');
    const seen = watch(page);
    await page.goBack();
    await results(page, '120 results');
    assert.deepEqual(seen.asked, []);
  }));

  it('is there without a connection', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/browse/?q=letter`);
    await results(page, '120 results');
    await page.waitForTimeout(1_500);
    await page.context().setOffline(true);
    // What is not here fails, and what is in memory is given up with it.
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = new URL('../item/plate-cairo/', location.href).href;
      document.querySelector('main').append(link);
      link.click();
      link.remove();
    });
    await page.waitForSelector('main[data-state=failed]');
    await page.goBack();
    await results(page, '120 results');
    await page.context().setOffline(false);
  }, { expected: [/ERR_INTERNET_DISCONNECTED/, /Failed to load resource/] }));
});
