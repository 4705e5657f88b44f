// The deep-zoom view: tiles by range, keys and pointer, its address, the way out.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, open, visit } from './support/browser.mjs';
import { height as HEIGHT, largeSite, width as WIDTH } from './support/large.mjs';
import { serve, site } from './support/site.mjs';
import { number, word } from './support/words.mjs';

let browser, server, books;
before(async () => {
  browser = await launch();
  [server, books] = await Promise.all([serve(largeSite()), serve(site())]);
});
after(async () => {
  await browser?.close();
  server?.stop();
  books?.stop();
});

const ITEM = 'item/squares/';
const sharp = (page) => page.waitForSelector('dialog.zoom[data-state=sharp]');
const seen = async (page) => {
  const [, numbers] = /#xywh=([\d,]+)/.exec(await page.evaluate(() => location.href));
  const [x, y, width, height] = numbers.split(',').map(Number);
  return { x, y, width, height };
};
const closed = (page) => page.waitForSelector('dialog.zoom', { state: 'detached' });
// Keeps the ranges that are asked of packs.
function ranges(page) {
  const asked = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/tiles.pack')) asked.push(request.headers().range);
  });
  return asked;
}

for (const lang of ['ar', 'en']) {
  describe(`deep zoom, in ${lang}`, () => {
    it('opens on the picture, and fetches a tile when it is needed', () => visit(browser, server.address, async (page) => {
      const asked = ranges(page);
      await open(page, `${server.address}${lang}/${ITEM}`);
      await page.locator('.stage-link').click();
      await sharp(page);
      assert.deepEqual(await seen(page), { x: 0, y: 0, width: WIDTH, height: HEIGHT });
      // The picture is sharp without tiles; their index follows once the worker runs.
      for (let wait = 0; asked.length < 1 && wait < 100; wait += 1) await page.waitForTimeout(50);
      await page.waitForTimeout(200);
      assert.equal(asked.length, 1, `the index and nothing else: ${asked}`);
      for (let step = 0; step < 5; step += 1) await page.keyboard.press('+');
      await page.waitForFunction(() => /#xywh=[1-9]/.test(location.hash));
      await sharp(page);
      assert.ok(asked.length > 1 && asked.every((range) => /^bytes=\d+-\d+$/.test(range)), `${asked}`);
      assert.ok((await seen(page)).width < 2000, page.url());
      // What is in the middle of the canvas is the picture and not its ground.
      const colours = await page.evaluate(() => {
        const canvas = document.querySelector('.zoom-canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const found = new Set();
        let empty = 0;
        for (let at = 0; at < data.length; at += 4 * 97) {
          if (data[at + 3] < 255) empty += 1;
          found.add(`${data[at] >> 4} ${data[at + 1] >> 4} ${data[at + 2] >> 4}`);
        }
        return { empty, found: found.size };
      });
      assert.equal(colours.empty, 0, 'nothing is blank');
      assert.ok(colours.found > 3, `${colours.found} colours`);
    }));

    it('its address leads to the same view, and Escape back to the page', () => visit(browser, server.address, async (page) => {
      const address = `${server.address}${lang}/${ITEM}`;
      await open(page, `${address}#xywh=2000,1500,800,450&turn=90&mirror`);
      await sharp(page);
      await page.keyboard.press('r');
      assert.match(page.url(), /turn=180&mirror$/);
      // As a keyboard of Arabic has it, in the same places; what is mirrored turns the other way.
      await page.evaluate(() => {
        for (const [key, code] of [['ق', 'KeyR'], ['ة', 'KeyM']]) {
          document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true }));
        }
      });
      await page.waitForURL(/turn=90$/);
      const keys = page.locator('.zoom-tools [aria-keyshortcuts]');
      assert.deepEqual(await keys.evaluateAll((all) => all.map((one) => one.getAttribute('aria-keyshortcuts'))), ['+', '-', '0', 'R', 'M', 'F']);
      await page.keyboard.press('Escape');
      await closed(page);
      assert.equal(page.url(), address);
    }));

    it('a scale says how long something is, where that is known', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${ITEM}`);
      await page.locator('.stage-link').click();
      await sharp(page);
      const ruler = page.locator('.zoom-ruler');
      // 300 dots an inch, all of the picture on the screen.
      const screen = page.viewportSize();
      const dots = (await ruler.boundingBox()).width / Math.min(screen.width / WIDTH, screen.height / HEIGHT);
      const length = Math.round((dots / 300) * 2.54);
      assert.equal(await ruler.textContent(), word(lang, 'length-cm', { number: number(lang, length) }));
      await page.goto(`${server.address}${lang}/item/plain/#xywh=0,0,500,500`);
      await sharp(page);
      assert.ok(await page.locator('.zoom-ruler').isHidden());
    }));

    it('back closes it, forward opens it where it was', () => visit(browser, server.address, async (page) => {
      const address = `${server.address}${lang}/${ITEM}`;
      await open(page, address);
      await page.locator('.stage-link').click();
      await sharp(page);
      await page.getByRole('button', { name: word(lang, 'zoom-in'), exact: true }).click();
      await page.waitForFunction(() => /#xywh=[1-9]/.test(location.hash));
      const before = await seen(page);
      await page.goBack();
      await closed(page);
      assert.equal(page.url(), address);
      await page.goForward();
      await sharp(page);
      const again = await seen(page);
      for (const side of ['x', 'y', 'width', 'height']) {
        assert.ok(Math.abs(again[side] - before[side]) <= 20, `${side}: ${again[side]}, ${before[side]}`);
      }
      await page.getByRole('button', { name: word(lang, 'zoom-close'), exact: true }).click();
      await closed(page);
    }));

    it('is dragged, turned to by the small picture, and zoomed where the pointer is', () => visit(browser, server.address, async (page) => {
      await open(page, `${server.address}${lang}/${ITEM}#xywh=2000,1500,1280,720`);
      await sharp(page);
      const { width, height } = page.viewportSize();
      await page.mouse.move(width / 2, height / 2);
      await page.mouse.down();
      await page.mouse.move(width / 2 + 100, height / 2, { steps: 4 });
      await page.waitForTimeout(120);
      await page.mouse.up();
      const dragged = await seen(page);
      assert.ok(dragged.x < 1990 && Math.abs(dragged.y - 1500) < 200, page.url());
      const point = { x: width * 0.25, y: height * 0.25 };
      const under = (view) => view.x + (view.width * point.x) / width;
      await page.mouse.move(point.x, point.y);
      await page.mouse.wheel(0, -300);
      await page.waitForFunction((before) => !location.hash.includes(before), `xywh=${dragged.x},`);
      const closer = await seen(page);
      assert.ok(closer.width < dragged.width);
      assert.ok(Math.abs(under(closer) - under(dragged)) < 10, `${under(closer)}, ${under(dragged)}`);
      const small = await page.locator('.zoom-navigator').boundingBox();
      await page.mouse.click(small.x + small.width * 0.8, small.y + small.height * 0.8);
      await page.waitForFunction(() => Number(/#xywh=(\d+)/.exec(location.hash)?.[1]) > 2500);
    }));
  });
}

describe('deep zoom', () => {
  it('an address leads to a page of a book and into it', () => visit(browser, books.address, async (page) => {
    const address = `${books.address}en/item/kitab-al-nujum/?page=3`;
    await open(page, `${address}#xywh=100,200,300,200`);
    await sharp(page);
    const label = await page.locator('.zoom-canvas').getAttribute('aria-label');
    assert.match(label, new RegExp(word('en', 'page-of', { page: 3, pages: 5 })));
    await page.keyboard.press('Escape');
    await closed(page);
    assert.equal(page.url(), address);
  }));

  it('back from another page leads into the view of this one', () => visit(browser, books.address, async (page) => {
    await open(page, `${books.address}en/item/kitab-al-nujum/`);
    await page.locator('.stage-link').click();
    await sharp(page);
    const hash = await page.evaluate(() => location.hash);
    await page.evaluate(() => history.pushState(null, '', '../plate-cairo/'));
    await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate')));
    await closed(page);
    await page.getByRole('heading', { level: 1, name: 'Plate for Cairo' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'The Book of Stars', includeHidden: true }).waitFor();
    await sharp(page);
    assert.equal(await page.evaluate(() => location.hash), hash);
    const label = await page.locator('.zoom-canvas').getAttribute('aria-label');
    assert.match(label, /The Book of Stars/);
  }));

  it('what is no longer needed is cancelled', () => visit(browser, server.address, async (page) => {
    const failed = [];
    page.on('requestfailed', (request) => failed.push(request.failure()?.errorText));
    let hold = true;
    await page.route('**/tiles.pack', async (route) => {
      const first = route.request().headers().range.startsWith('bytes=0-');
      while (!first && hold) await new Promise((later) => { setTimeout(later, 50); });
      await route.continue().catch(() => {});
    });
    await open(page, `${server.address}en/${ITEM}#xywh=2000,1500,800,450`);
    await page.waitForSelector('dialog.zoom[data-state=loading]');
    await page.waitForTimeout(300);
    await page.keyboard.press('0');
    await sharp(page);
    hold = false;
    assert.ok(failed.length > 0 && failed.every((text) => text === 'net::ERR_ABORTED'), `${failed}`);
  }));

  it('arrows move the image and do not turn pages, and brightness is kept to the canvas', () => visit(browser, books.address, async (page) => {
    await open(page, `${books.address}en/item/kitab-al-nujum/?page=2`);
    await page.locator('.stage-link').click();
    await sharp(page);
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('+');
    await page.waitForFunction(() => /#xywh=[1-9]/.test(location.hash));
    const before = await seen(page);
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((x) => Number(/#xywh=(\d+)/.exec(location.hash)?.[1]) > x, before.x);
    assert.equal(new URL(page.url()).searchParams.get('page'), '2');
    await page.getByRole('button', { name: word('en', 'zoom-light') }).click();
    await page.getByLabel(word('en', 'zoom-invert')).check();
    assert.match(await page.locator('.zoom-canvas').evaluate((own) => own.style.filter), /invert\(1\)/);
  }));

  it('a tile that is not the published one is not shown', () => visit(browser, server.address, async (page) => {
    await page.route('**/tiles.pack', async (route) => {
      const answer = await route.fetch();
      const body = await answer.body();
      const { range } = route.request().headers();
      if (!range.startsWith('bytes=0-')) body[body.length >> 1] ^= 1;
      await route.fulfill({ response: answer, body });
    });
    await open(page, `${server.address}en/${ITEM}`);
    await page.locator('.stage-link').click();
    await sharp(page);
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('+');
    await page.waitForFunction(() => /#xywh=[1-9]/.test(location.hash));
    await page.waitForTimeout(500);
    assert.equal(await page.locator('dialog.zoom').getAttribute('data-state'), 'loading');
  }));

  it('the tile index of a linked view is fetched before the viewer runs, and once', () => visit(browser, server.address, async (page) => {
    const asked = ranges(page);
    let start;
    const held = new Promise((done) => { start = done; });
    await page.route('**/viewer_bg.wasm', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${server.address}en/${ITEM}#xywh=2000,1500,800,450`);
    for (let wait = 0; asked.length < 1 && wait < 100; wait += 1) await page.waitForTimeout(50);
    assert.match(`${asked}`, /^bytes=0-\d+$/);
    assert.equal(await page.locator('html[data-viewer=running]').count(), 0);
    start();
    await sharp(page);
    assert.ok(asked.length > 2, `${asked}`);
    assert.equal(new Set(asked).size, asked.length, `each once: ${asked}`);
  }));

  it('a tile that did not come is asked for again when the view moves on', () => visit(browser, server.address, async (page) => {
    let down = true;
    await page.route('**/tiles.pack', async (route) => {
      const first = route.request().headers().range.startsWith('bytes=0-');
      if (down && !first) await route.abort('internetdisconnected');
      else await route.continue();
    });
    await open(page, `${server.address}en/${ITEM}#xywh=2000,1500,800,450`);
    await page.waitForSelector('dialog.zoom[data-state=loading]');
    await page.waitForTimeout(300);
    down = false;
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(700);
    await page.keyboard.press('ArrowLeft');
    await sharp(page);
  }, { expected: [/ERR_INTERNET_DISCONNECTED/] }));

  it('two fingers bring it closer, and so does a double tap', () => visit(browser, server.address, async (page) => {
    await open(page, `${server.address}en/${ITEM}`);
    await page.locator('.stage-link').tap();
    await sharp(page);
    const session = await page.context().newCDPSession(page);
    const touch = (type, ...points) => session.send('Input.dispatchTouchEvent', {
      type, touchPoints: points.map(([x, y], id) => ({ x, y, id })),
    });
    const { width, height } = page.viewportSize();
    const fingers = (apart) => [[width / 2 - apart, height / 2], [width / 2 + apart, height / 2]];
    await touch('touchStart', ...fingers(50));
    for (let apart = 60; apart <= 200; apart += 20) await touch('touchMove', ...fingers(apart));
    await touch('touchEnd');
    await page.waitForFunction(() => /#xywh=[1-9]/.test(location.hash));
    const pinched = await seen(page);
    assert.ok(pinched.width < WIDTH / 2.5, page.url());
    await page.waitForTimeout(400);
    await page.touchscreen.tap(width / 2, height / 2);
    await page.touchscreen.tap(width / 2, height / 2);
    await page.waitForFunction((before) => Number(/#xywh=\d+,\d+,(\d+)/.exec(location.hash)?.[1]) < before / 1.5, pinched.width);
  }, { hasTouch: true }));

  it('a host without ranges shows them all the same', () => visit(browser, server.address, async (page) => {
    let answers = 0;
    await page.route('**/tiles.pack', async (route) => {
      answers += 1;
      const headers = { ...route.request().headers() };
      delete headers.range;
      await route.continue({ headers });
    });
    await open(page, `${server.address}en/${ITEM}#xywh=2000,1500,800,450`);
    await sharp(page);
    assert.equal(answers, 1, 'what came once serves every tile');
  }));
});
