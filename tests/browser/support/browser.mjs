// Starts Chromium and opens pages in it that fail a test if they do what no page may do.
//
// KHIZANA_CPU_SLOWDOWN=6 slows every page down six times, which brings out tests that do not wait for the
// state that they read.

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import { chromium } from 'playwright-core';

// The fetches of each page that have not ended.
const pendingFetches = new WeakMap();

const slowdown = Number(process.env.KHIZANA_CPU_SLOWDOWN ?? 1);
const timeout = 30_000 * slowdown;

export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Starts Chromium with a new profile. Each test file has one.
export async function launch() {
  return chromium.launch({ executablePath, args });
}

// Opens a page and passes it to `work`. Fails if the page requests anything from another host than those of
// `address` and `hosts`, violates its content security policy, or writes an error to the console (such as a
// failed hydration or a panic) that none of `expected` matches.
export async function visit(browser, address, work, { expected = [], hosts = [], ...options } = {}) {
  // A service worker would make requests that `page.route` does not see.
  const context = await browser.newContext({ locale: 'en-GB', serviceWorkers: 'block', ...options });
  context.setDefaultTimeout(timeout);
  const page = await context.newPage();
  await slowDown(page);
  const problems = [];
  const report = (problem) => {
    if (!expected.some((pattern) => pattern.test(problem))) problems.push(problem);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') report(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => report(`error: ${error.message}`));
  const allowedHosts = [address, ...hosts].map((allowed) => new URL(allowed).host);
  const pending = new Set();
  pendingFetches.set(page, pending);
  page.on('requestfinished', (request) => pending.delete(request));
  page.on('requestfailed', (request) => pending.delete(request));
  page.on('request', (request) => {
    if (request.resourceType() === 'fetch') pending.add(request);
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && !allowedHosts.includes(url.host)) report(`request: ${url}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  try {
    await work(page);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

async function slowDown(page) {
  if (slowdown === 1) return;
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
}

// Opens an address and waits until the viewer runs and has loaded the view.
export async function open(page, address) {
  await page.goto(address);
  await viewerRunning(page);
}

// Waits until the viewer runs and has loaded the view.
export async function viewerRunning(page) {
  await page.waitForSelector('html[data-viewer=running]');
  await loaded(page);
}

// Waits until the view is not loading.
export async function loaded(page) {
  await page.waitForSelector('main[data-state]:not([data-state="loading"])');
}

// Waits until positions can be compared: fonts and the images on the screen have loaded, no animation or
// transition runs, and neither a box nor a scroll position has changed for some frames.
export async function layoutSettled(page) {
  await page.evaluate(async (timeout) => {
    const isOnScreen = (element) => {
      const { top, right, bottom, left } = element.getBoundingClientRect();
      return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    };
    const isRunning = (animation) => animation.playState === 'running'
      && animation.effect?.getComputedTiming().endTime !== Infinity;
    const isPending = () => document.fonts.status !== 'loaded'
      || [...document.images].some((image) => !image.complete && isOnScreen(image))
      || document.getAnimations().some(isRunning);
    const layout = () => JSON.stringify([scrollX, scrollY, ...[...document.querySelectorAll('*')].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x, y, width, height, element.scrollLeft, element.scrollTop];
    })]);
    const end = performance.now() + timeout;
    let before;
    for (let stable = 0; stable < 4;) {
      await new Promise(requestAnimationFrame);
      const now = layout();
      stable = now === before && !isPending() ? stable + 1 : 0;
      before = now;
      if (performance.now() > end) throw new Error('the layout does not settle');
    }
  }, timeout);
}

// Waits until no fetch is under way, and the page and its workers have handled the responses: what happens then
// is no consequence of a response.
export async function requestsHandled(page) {
  const pending = pendingFetches.get(page);
  const tasks = () => new Promise((resolve) => { setTimeout(resolve); });
  for (let idle = 0; idle < 2;) {
    await eventually(() => pending.size === 0);
    for (const worker of page.workers()) await worker.evaluate(tasks);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    idle = pending.size === 0 ? idle + 1 : 0;
  }
}

// Repeats `check` until it neither throws nor returns `false`, and returns what it returns. Fails like the last
// repetition.
export async function eventually(check) {
  const end = performance.now() + timeout;
  for (;;) {
    try {
      const result = await check();
      if (result !== false) return result;
      if (performance.now() > end) assert.fail(`does not become true: ${check}`);
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await delay(20);
  }
}

// The URL of the document. `page.url()` is late if the page has just changed its URL.
export const currentUrl = async (page) => new URL(await page.evaluate(() => document.URL));

// Marks the document, so that `isSameDocument` can tell if another one was loaded.
export const markDocument = (page) => page.evaluate(() => { window.isMarked = true; });
export const isSameDocument = (page) => page.evaluate(() => window.isMarked === true);
