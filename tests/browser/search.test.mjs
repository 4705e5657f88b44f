// Search as you type, facets, orders, pages: all of it in the address.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, live, mark, open, sameDocument, settled, visit } from './support/browser.mjs';
import { serve, site } from './support/site.mjs';
import { word } from './support/words.mjs';

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
