// The deep-zoom view: tiles by HTTP range requests, keys, pointer and touch, its URL, and how it is closed.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { currentUrl, eventually, launch, layoutSettled, open, requestsHandled, visit } from './support/browser.mjs';
import { message, number } from './support/messages.mjs';
import { large, serve, site } from './support/site.mjs';

let browser, server, books;
before(async () => {
  browser = await launch();
  server = await serve(await site('large'));
  books = await serve(await site());
});
after(async () => {
  await browser?.close();
  server?.stop();
  books?.stop();
});

const ITEM = 'item/squares/';
// The view is sharp once it has come to rest and all its tiles are drawn; its URL is up to date then.
const sharp = (page) => page.waitForSelector('dialog.zoom[data-state=sharp]');
const closed = (page) => page.waitForSelector('dialog.zoom', { state: 'detached' });
const isZoomedIn = (page) => page.waitForFunction(() => /#xywh=[1-9]/.test(location.hash));
const hash = async (page) => (await currentUrl(page)).hash;
// The part of the image that the URL names.
const viewport = async (page) => {
  const [x, y, width, height] = /#xywh=([\d,]+)/.exec(await hash(page))[1].split(',').map(Number);
  return { x, y, width, height };
};
// Presses a key that moves the view, and waits until the view has come to rest. Returns the new viewport.
async function pressAndMove(page, key) {
  const before = await hash(page);
  await page.keyboard.press(key);
  await page.waitForFunction((hash) => location.hash !== hash, before);
  return viewport(page);
}
// Collects the ranges of tile packs that are requested.
function tileRequests(page) {
  const ranges = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/tiles.pack')) ranges.push(request.headers().range);
  });
  return ranges;
}
const isIndex = (range) => range.startsWith('bytes=0-');

for (const lang of ['ar', 'en']) {
  describe(`the deep-zoom view in ${lang}`, () => {
    it('opens with the whole image and requests tiles when they are needed', () => visit(browser, server.address, async (page) => {
      const ranges = tileRequests(page);
      await open(page, `${server.address}${lang}/${ITEM}`);
      await page.locator('.stage-link').click();
      await sharp(page);
      assert.deepEqual(await viewport(page), { x: 0, y: 0, width: large.width, height: large.height });
      // The whole image is sharp without tiles; the index is requested once the worker runs.
      await eventually(() => ranges.length > 0);
      await requestsHandled(page);
      assert.equal(ranges.length, 1, `the index and nothing else: ${ranges}`);
      for (let step = 0; step < 5; step += 1) await page.keyboard.press('+');
      await isZoomedIn(page);
      await sharp(page);
      assert.ok(ranges.length > 1 && ranges.every((range) => /^bytes=\d+-\d+$/.test(range)), `${ranges}`);
      assert.ok((await viewport(page)).width < 2000, await hash(page));
      // The canvas shows the image everywhere.
      const { blank, colours } = await page.evaluate(() => {
        const canvas = document.querySelector('.zoom-canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const colours = new Set();
        let blank = 0;
        for (let at = 0; at < data.length; at += 4 * 97) {
          if (data[at + 3] < 255) blank += 1;
          colours.add(`${data[at] >> 4} ${data[at + 1] >> 4} ${data[at + 2] >> 4}`);
        }
        return { blank, colours: colours.size };
      });
      assert.equal(blank, 0, 'nothing is blank');
      assert.ok(colours > 3, `${colours} colours`);
    }));

    it('opens at the viewport in the URL and returns to the page on Escape', () => visit(browser, server.address, async (page) => {
      const address = `${server.address}${lang}/${ITEM}`;
      await open(page, `${address}#xywh=2000,1500,800,450&turn=90&mirror`);
      await sharp(page);
      await page.keyboard.press('r');
      await page.waitForURL(/turn=180&mirror$/);
      // Keys of an Arabic keyboard are known by their position. A mirrored image turns in the other direction.
      await page.evaluate(() => {
        for (const [key, code] of [['ق', 'KeyR'], ['ة', 'KeyM']]) {
          document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true }));
        }
      });
      await page.waitForURL(/turn=90$/);
      const buttons = page.locator('.zoom-tools [aria-keyshortcuts]');
      const shortcuts = await buttons.evaluateAll((all) => all.map((button) => button.getAttribute('aria-keyshortcuts')));
      assert.deepEqual(shortcuts, ['+', '-', '0', 'R', 'M', 'F']);
      await page.keyboard.press('Escape');
      await closed(page);
      assert.equal((await currentUrl(page)).href, address);
    }));

    it('has a scale bar if the resolution is known', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${ITEM}`);
      await page.locator('.stage-link').click();
      await sharp(page);
      const scaleBar = page.locator('.zoom-ruler');
      // The resolution is 300 dots per inch, and the whole image is on the screen.
      await layoutSettled(page);
      const screen = page.viewportSize();
      const dots = (await scaleBar.boundingBox()).width / Math.min(screen.width / large.width, screen.height / large.height);
      const length = Math.round((dots / 300) * 2.54);
      assert.equal(await scaleBar.textContent(), message(lang, 'length-cm', { number: number(lang, length) }));
      await page.goto(`${server.address}${lang}/item/plain/#xywh=0,0,500,500`);
      await sharp(page);
      assert.ok(await page.locator('.zoom-ruler').isHidden());
    }));

    it('is closed by going back and opened at its viewport by going forward', () => visit(browser, server.address, async (page) => {
      const address = `${server.address}${lang}/${ITEM}`;
      await open(page, address);
      await page.locator('.stage-link').click();
      await sharp(page);
      await page.getByRole('button', { name: message(lang, 'zoom-in'), exact: true }).click();
      await isZoomedIn(page);
      const before = await viewport(page);
      await page.goBack();
      await closed(page);
      assert.equal((await currentUrl(page)).href, address);
      await page.goForward();
      await sharp(page);
      const after = await viewport(page);
      for (const side of ['x', 'y', 'width', 'height']) {
        assert.ok(Math.abs(after[side] - before[side]) <= 20, `${side}: ${after[side]}, ${before[side]}`);
      }
      await page.getByRole('button', { name: message(lang, 'zoom-close'), exact: true }).click();
      await closed(page);
    }));

    it('is dragged, zoomed at the pointer, and moved by the navigator', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${ITEM}#xywh=2000,1500,1280,720`);
      await sharp(page);
      const { width, height } = page.viewportSize();
      await page.mouse.move(width / 2, height / 2);
      await page.mouse.down();
      await page.mouse.move(width / 2 + 100, height / 2, { steps: 4 });
      // A pointer that rests before it is released does not throw the image.
      const moved = await page.evaluate(() => performance.now());
      await page.waitForFunction((moved) => performance.now() - moved > 100, moved);
      await page.mouse.up();
      await sharp(page);
      const dragged = await viewport(page);
      assert.ok(dragged.x < 1990 && Math.abs(dragged.y - 1500) < 200, await hash(page));
      const point = { x: width * 0.25, y: height * 0.25 };
      const atPointer = (view) => view.x + (view.width * point.x) / width;
      await page.mouse.move(point.x, point.y);
      await page.mouse.wheel(0, -300);
      await page.waitForFunction((before) => !location.hash.includes(before), `xywh=${dragged.x},`);
      const closer = await viewport(page);
      assert.ok(closer.width < dragged.width);
      assert.ok(Math.abs(atPointer(closer) - atPointer(dragged)) < 10, `${atPointer(closer)}, ${atPointer(dragged)}`);
      await layoutSettled(page);
      const navigator = await page.locator('.zoom-navigator').boundingBox();
      await page.mouse.click(navigator.x + navigator.width * 0.8, navigator.y + navigator.height * 0.8);
      await page.waitForFunction(() => Number(/#xywh=(\d+)/.exec(location.hash)?.[1]) > 2500);
    }));
  });
}

describe('the deep-zoom view', () => {
  it('opens at a page of a book and a viewport in the URL', () => visit(browser, books.address, async (page) => {
    const address = `${books.address}en/item/kitab-al-nujum/?page=3`;
    await open(page, `${address}#xywh=100,200,300,200`);
    await sharp(page);
    const label = await page.locator('.zoom-canvas').getAttribute('aria-label');
    assert.match(label, new RegExp(message('en', 'page-of', { page: 3, pages: 5 })));
    await page.keyboard.press('Escape');
    await closed(page);
    assert.equal((await currentUrl(page)).href, address);
  }));

  it('opens when the visitor goes back to it from another item', () => visit(browser, books.address, async (page) => {
    await open(page, `${books.address}en/item/kitab-al-nujum/`);
    await page.locator('.stage-link').click();
    await sharp(page);
    const before = await hash(page);
    await page.evaluate(() => history.pushState(null, '', '../plate-cairo/'));
    await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate')));
    await closed(page);
    await page.getByRole('heading', { level: 1, name: 'Plate for Cairo' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'The Book of Stars', includeHidden: true }).waitFor();
    await sharp(page);
    assert.equal(await hash(page), before);
    const label = await page.locator('.zoom-canvas').getAttribute('aria-label');
    assert.match(label, /The Book of Stars/);
  }));

  it('aborts requests of tiles that are no longer needed', () => visit(browser, server.address, async (page) => {
    const failures = [];
    page.on('requestfailed', (request) => failures.push(request.failure()?.errorText));
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    let held = 0;
    await page.route('**/tiles.pack', async (route) => {
      if (!isIndex(route.request().headers().range)) {
        held += 1;
        await released;
      }
      await route.continue().catch(() => {});
    });
    await open(page, `${server.address}en/${ITEM}#xywh=2000,1500,800,450`);
    await page.waitForSelector('dialog.zoom[data-state=loading]');
    await eventually(() => held > 0);
    await page.keyboard.press('0');
    await sharp(page);
    await eventually(() => failures.length > 0);
    release();
    assert.ok(failures.every((text) => text === 'net::ERR_ABORTED'), `${failures}`);
  }));

  it('is moved by the arrow keys, which do not turn pages, and inverts the canvas only', () => visit(browser, books.address, async (page) => {
    await open(page, `${books.address}en/item/kitab-al-nujum/?page=2`);
    await page.locator('.stage-link').click();
    await sharp(page);
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('+');
    await isZoomedIn(page);
    await sharp(page);
    const before = await viewport(page);
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((x) => Number(/#xywh=(\d+)/.exec(location.hash)?.[1]) > x, before.x);
    assert.equal((await currentUrl(page)).searchParams.get('page'), '2');
    await page.getByRole('button', { name: message('en', 'zoom-light') }).click();
    await page.getByLabel(message('en', 'zoom-invert')).check();
    await eventually(async () => {
      assert.match(await page.locator('.zoom-canvas').evaluate((canvas) => canvas.style.filter), /invert\(1\)/);
    });
  }));

  it('does not display a damaged tile', () => visit(browser, server.address, async (page) => {
    const ranges = tileRequests(page);
    await page.route('**/tiles.pack', async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      if (!isIndex(route.request().headers().range)) body[body.length >> 1] ^= 1;
      await route.fulfill({ response, body });
    });
    await open(page, `${server.address}en/${ITEM}`);
    await page.locator('.stage-link').click();
    await sharp(page);
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('+');
    await isZoomedIn(page);
    await page.waitForFunction(() => Number(/#xywh=\d+,\d+,(\d+)/.exec(location.hash)?.[1]) < 2000);
    await page.evaluate(() => {
      const dialog = document.querySelector('dialog.zoom');
      new MutationObserver(() => { window.wasSharp ||= dialog.dataset.state === 'sharp'; }).observe(dialog, { attributes: true });
    });
    // A tile is requested again after it was rejected, and only then.
    const requested = () => new Set(ranges).size < ranges.length;
    for (let steps = 0; steps < 50 && !requested(); steps += 1) {
      await pressAndMove(page, steps % 2 ? 'ArrowLeft' : 'ArrowRight');
      await requestsHandled(page);
    }
    assert.ok(requested(), `${ranges}`);
    assert.equal(await page.locator('dialog.zoom').getAttribute('data-state'), 'loading');
    assert.ok(!await page.evaluate(() => window.wasSharp), 'the view was never sharp');
  }));

  it('has its tile index fetched once and before the viewer runs if the URL opens it', () => visit(browser, server.address, async (page) => {
    const ranges = tileRequests(page);
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    await page.route('**/viewer_bg.wasm', async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(`${server.address}en/${ITEM}#xywh=2000,1500,800,450`);
    await eventually(() => ranges.length > 0);
    assert.match(`${ranges}`, /^bytes=0-\d+$/);
    assert.equal(await page.locator('html[data-viewer=running]').count(), 0);
    release();
    await sharp(page);
    assert.ok(ranges.length > 2, `${ranges}`);
    assert.equal(new Set(ranges).size, ranges.length, `each once: ${ranges}`);
  }));

  it('requests a tile that failed again when the view moves', () => visit(browser, server.address, async (page) => {
    let isDown = true;
    let failures = 0;
    await page.route('**/tiles.pack', async (route) => {
      if (isDown && !isIndex(route.request().headers().range)) {
        failures += 1;
        await route.abort('internetdisconnected');
      } else {
        await route.continue();
      }
    });
    await open(page, `${server.address}en/${ITEM}#xywh=2000,1500,800,450`);
    await page.waitForSelector('dialog.zoom[data-state=loading]');
    await eventually(() => failures > 0);
    await requestsHandled(page);
    isDown = false;
    // Failed tiles are requested again once the view has come to rest and moves.
    await pressAndMove(page, 'ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await sharp(page);
  }, { expected: [/ERR_INTERNET_DISCONNECTED/] }));

  it('is zoomed by a pinch and a double tap', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/${ITEM}`);
    await page.locator('.stage-link').tap();
    await sharp(page);
    const session = await page.context().newCDPSession(page);
    const touch = (type, ...points) => session.send('Input.dispatchTouchEvent', {
      type, touchPoints: points.map(([x, y], id) => ({ x, y, id })),
    });
    const { width, height } = page.viewportSize();
    const fingers = (distance) => [[width / 2 - distance, height / 2], [width / 2 + distance, height / 2]];
    await touch('touchStart', ...fingers(50));
    for (let distance = 60; distance <= 200; distance += 20) await touch('touchMove', ...fingers(distance));
    await touch('touchEnd');
    await isZoomedIn(page);
    await sharp(page);
    const pinched = await viewport(page);
    assert.ok(pinched.width < large.width / 2.5, await hash(page));
    // The events are sent without waiting for the page, since a double tap has a time limit.
    const middle = [width / 2, height / 2];
    await Promise.all([touch('touchStart', middle), touch('touchEnd'), touch('touchStart', middle), touch('touchEnd')]);
    await page.waitForFunction((before) => Number(/#xywh=\d+,\d+,(\d+)/.exec(location.hash)?.[1]) < before / 1.5, pinched.width);
  }, { hasTouch: true }));

  it('displays tiles of a host without range requests', () => visit(browser, server.address, async (page) => {
    let requests = 0;
    await page.route('**/tiles.pack', async (route) => {
      requests += 1;
      const headers = { ...route.request().headers() };
      delete headers.range;
      await route.continue({ headers });
    });
    await open(page, `${server.address}en/${ITEM}#xywh=2000,1500,800,450`);
    await sharp(page);
    assert.equal(requests, 1, 'the whole pack serves every tile');
  }));
});
