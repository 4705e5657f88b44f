// Mirador 4 and TIFY, on another host, display the published manifests.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { eventually, launch, layoutSettled, visit } from './support/browser.mjs';
import { freePort, tiledImage, viewerHost } from './support/iiif.mjs';
import { serve, siteAt } from './support/site.mjs';

let browser, host, server;
before(async () => {
  browser = await launch();
  host = await viewerHost();
  const port = await freePort();
  const folder = await siteAt(`http://127.0.0.1:${port}/`, { archive: 'fixtures', sources: [tiledImage()] });
  server = await serve(folder, port);
});
after(async () => {
  await browser?.close();
  server?.stop();
  host?.stop();
});

// Opens an item in a viewer and passes the page to `work`, with the URLs that the viewer has requested. Fails if
// a file that the viewer requests does not exist.
async function show(viewer, item, work, parameters = '') {
  const manifest = `${server.address}manifests/item/${item}.json`;
  const address = `${host.address}${viewer}?manifest=${encodeURIComponent(manifest)}${parameters}`;
  // Warnings of libraries of Mirador. The tab of the annotations does not exist before they are loaded.
  const expected = [/removed in React 19/, /MUI: The `value` provided to the Tabs component is invalid/];
  const options = { expected, hosts: [server.address], viewport: { width: 1280, height: 900 } };
  await visit(browser, address, async (page) => {
    const [failed, requested] = [[], []];
    page.on('response', (response) => {
      requested.push(response.url());
      if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
    });
    page.on('requestfailed', (request) => {
      // Viewers abort requests that they no longer need.
      if (request.failure().errorText !== 'net::ERR_ABORTED') failed.push(request.url());
    });
    await page.goto(address);
    await work(page, requested);
    assert.deepEqual(failed, []);
  }, options);
}

// The background colours of the pages of the fixture.
const paper = { 1: [243, 234, 214], 2: [240, 230, 208], 3: [245, 238, 222] };

// Waits until at least this share of the pixels of an element, or of one half of it, has a colour.
const isPainted = (page, element, colour, share, half, tolerance = 2) => eventually(async () => {
  const screenshot = (await element.screenshot()).toString('base64');
  const painted = await page.evaluate(async ([base64, colour, half, tolerance]) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const middle = Math.floor(bitmap.width / 2);
    const width = half ? middle : bitmap.width;
    const canvas = new OffscreenCanvas(width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, half === 'right' ? -middle : 0, 0);
    const { data } = context.getImageData(0, 0, width, bitmap.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (colour.every((level, channel) => Math.abs(data[at + channel] - level) <= tolerance)) count += 1;
    }
    return count / (width * bitmap.height);
  }, [screenshot, colour, half, tolerance]);
  assert.ok(painted >= share, `${(painted * 100).toFixed(1)} % of the pixels have the colour ${colour}`);
});

// Waits until the browser knows the duration of the sound, which is that of the manifest.
async function isPlayable(page) {
  const sound = page.locator('audio, video').first();
  await sound.waitFor({ state: 'attached' });
  const duration = await eventually(() => sound.evaluate((media) => {
    if (media.error) throw new Error(media.error.message);
    return media.duration > 0 && media.duration;
  }));
  assert.ok(Math.abs(duration - 1) < 0.05, `${duration} s`);
}

// Turns the wheel until tiles of the full image are requested.
async function zoomIn(page, requested) {
  const isFullSize = (url) => /\/\d+,\d+,512,512\/512,512\/0\/default\.jpg$/.test(url);
  await eventually(async () => {
    if (requested.some(isFullSize)) return;
    await page.mouse.wheel(0, -300);
    assert.fail(requested.join('\n'));
  });
}

const x = async (element) => {
  await layoutSettled(element.page());
  return (await element.first().boundingBox()).x;
};

describe('Mirador', () => {
  const title = (page, text) => page.locator('.mirador-window-top-bar', { hasText: text }).waitFor();
  const canvas = (page) => page.locator('.mirador-osd-container .openseadragon-canvas').first();
  const button = (page, direction) => page.locator(`.mirador-${direction}-canvas-button`);

  it('displays a book with its Arabic title, and turns its pages to the left', () => show('mirador', 'kitab-al-nujum', async (page) => {
    await title(page, 'كتاب النجوم');
    await isPainted(page, canvas(page), paper[1], 0.1);
    assert.ok(await x(button(page, 'next')) < await x(button(page, 'previous')), 'next is on the left');
    await button(page, 'next').click();
    // Facing pages: the second on the right, the third on the left.
    await isPainted(page, canvas(page), paper[2], 0.1, 'right');
    await isPainted(page, canvas(page), paper[3], 0.1, 'left');
  }));

  it('plays a sound', () => show('mirador', 'maqam-rast', async (page) => {
    await title(page, 'مقام راست');
    await isPlayable(page);
  }));

  it('lists the lines of the text of a page', () => show('mirador', 'kitab-al-nujum', async (page) => {
    await title(page, 'كتاب النجوم');
    await button(page, 'next').click();
    const line = page.locator('.mirador-companion-window-left', { hasText: 'تُرسم صفيحته' });
    await line.waitFor();
  }, '&panel=annotations'));

  it('displays an image without a reading direction', () => show('mirador', 'plate-cairo', async (page) => {
    await title(page, 'صفيحة القاهرة');
    await isPainted(page, canvas(page), [214, 180, 110], 0.1);
    assert.ok(await x(button(page, 'previous')) < await x(button(page, 'next')), 'next is on the right');
  }));
});

for (const [viewer, name] of [['mirador', 'Mirador'], ['tify', 'TIFY']]) {
  it(`${name} zooms into a tiled image`, () => show(viewer, 'squares', async (page, requested) => {
    const canvas = page.locator('.openseadragon-canvas').first();
    await canvas.hover();
    await zoomIn(page, requested);
    // The lines between the squares are two pixels wide: a smaller image would not have their colour.
    await isPainted(page, canvas, [20, 30, 60], 0.02, undefined, 30);
  }));
}

describe('TIFY', () => {
  const canvas = (page) => page.locator('.openseadragon-canvas').first();
  const button = (page, name) => page.getByRole('button', { name, exact: true });

  it('displays a book with its Arabic title, and turns its pages to the left', () => show('tify', 'kitab-al-nujum', async (page) => {
    await page.getByText('كتاب النجوم').first().waitFor();
    await isPainted(page, canvas(page), paper[1], 0.1);
    assert.ok(await x(button(page, 'Next page')) < await x(button(page, 'Previous page')), 'next is on the left');
    await button(page, 'Next page').first().click();
    await isPainted(page, canvas(page), paper[2], 0.1, 'right');
    await isPainted(page, canvas(page), paper[3], 0.1, 'left');
  }));

  it('lists the table of contents and the text of a page', () => show('tify', 'kitab-al-nujum', async (page) => {
    await button(page, 'Contents').first().click();
    await page.getByText('في الأسطرلاب').first().click();
    await isPainted(page, canvas(page), paper[3], 0.1);
    await button(page, 'Text').first().click();
    await page.getByText('تُرسم صفيحته').first().waitFor();
  }));

  it('plays a sound', () => show('tify', 'maqam-rast', async (page) => {
    await page.getByText('مقام راست').first().waitFor();
    await isPlayable(page);
  }));

  it('displays an image without a reading direction', () => show('tify', 'plate-cairo', async (page) => {
    await page.getByText('صفيحة القاهرة').first().waitFor();
    await isPainted(page, canvas(page), [214, 180, 110], 0.1);
  }));
});
