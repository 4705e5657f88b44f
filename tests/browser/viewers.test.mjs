// Other people's viewers show our manifests: Mirador 4 and TIFY, from another host.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { launch, visit } from './support/browser.mjs';
import { fixtures, freePort, siteAt, tiled, viewers } from './support/iiif.mjs';
import { serve } from './support/site.mjs';

let browser, host, server;
before(async () => {
  browser = await launch();
  host = await viewers();
  const port = await freePort();
  server = await serve(siteAt(`http://127.0.0.1:${port}/`, 'iiif-viewers', [...fixtures, tiled()]), port);
});
after(async () => {
  await browser?.close();
  server?.stop();
  host?.stop();
});

// Opens an item in a viewer; whatever that asks of the site must be there.
// `asked` is what that was.
async function show(viewer, item, work, more = '') {
  const manifest = `${server.address}manifests/item/${item}.json`;
  const address = `${host.address}${viewer}?manifest=${encodeURIComponent(manifest)}${more}`;
  // Mirador's own: what it is built on warns of what it does.
  const expected = [/removed in React 19/];
  const options = { expected, hosts: [server.address], viewport: { width: 1280, height: 900 } };
  await visit(browser, address, async (page) => {
    const [failed, asked] = [[], []];
    page.on('response', (response) => {
      asked.push(response.url());
      if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
    });
    page.on('requestfailed', (request) => {
      // A viewer drops what it no longer wants.
      if (request.failure().errorText !== 'net::ERR_ABORTED') failed.push(request.url());
    });
    await page.goto(address);
    await work(page, asked);
    assert.deepEqual(failed, []);
  }, options);
}

// The paper of the fixture's pages: each has a colour of its own.
const paper = { 1: [243, 234, 214], 2: [240, 230, 208], 3: [245, 238, 222] };

// Waits until so many of the pixels of an element, or of one half of it, have this colour.
async function painted(page, locator, colour, share, half, tolerance = 2) {
  let found = 0;
  for (let i = 0; i < 40 && found < share; i += 1) {
    if (i > 0) await page.waitForTimeout(250);
    const picture = (await locator.screenshot()).toString('base64');
    found = await page.evaluate(async ([base64, wanted, side, most]) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const middle = Math.floor(bitmap.width / 2);
      const width = side ? middle : bitmap.width;
      const canvas = new OffscreenCanvas(width, bitmap.height);
      const context = canvas.getContext('2d');
      context.drawImage(bitmap, side === 'right' ? -middle : 0, 0);
      const { data } = context.getImageData(0, 0, width, bitmap.height);
      let near = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (wanted.every((level, c) => Math.abs(data[at + c] - level) <= most)) near += 1;
      }
      return near / (width * bitmap.height);
    }, [picture, colour, half, tolerance]);
  }
  assert.ok(found >= share, `${(found * 100).toFixed(1)} % of the pixels have the colour ${colour}`);
}

// Waits until the browser has read how long the sound lasts: as long as its manifest says.
async function playable(page) {
  const sound = page.locator('audio, video').first();
  await sound.waitFor({ state: 'attached' });
  const told = await sound.evaluate((media) => new Promise((found, failed) => {
    const look = () => { if (media.duration > 0) found(media.duration); };
    media.addEventListener('loadedmetadata', look);
    media.addEventListener('error', () => failed(new Error(media.error?.message)));
    setTimeout(() => failed(new Error(`nothing of ${media.currentSrc} came`)), 8_000);
    look();
  }));
  assert.ok(Math.abs(told - 1) < 0.05, `${told} s`);
}

// Turns the wheel until tiles of the image at its full size are asked for.
async function enlarged(page, asked) {
  const whole = (url) => /\/\d+,\d+,512,512\/512,512\/0\/default\.jpg$/.test(url);
  for (let i = 0; i < 40 && !asked.some(whole); i += 1) {
    await page.mouse.wheel(0, -300);
    await page.waitForTimeout(250);
  }
  assert.ok(asked.some(whole), asked.join('\n'));
}

const x = async (locator) => (await locator.first().boundingBox()).x;

describe('Mirador', () => {
  const title = (page, text) => page.locator('.mirador-window-top-bar', { hasText: text }).waitFor();
  const canvas = (page) => page.locator('.mirador-osd-container .openseadragon-canvas').first();
  const button = (page, which) => page.locator(`.mirador-${which}-canvas-button`);

  it('paints a book, says its Arabic title, and turns its pages to the left', () => show('mirador', 'kitab-al-nujum', async (page) => {
    await title(page, 'كتاب النجوم');
    await painted(page, canvas(page), paper[1], 0.1);
    assert.ok(await x(button(page, 'next')) < await x(button(page, 'previous')), 'next is on the left');
    await button(page, 'next').click();
    // Two pages lie open: the second on the right, the third on its left.
    await painted(page, canvas(page), paper[2], 0.1, 'right');
    await painted(page, canvas(page), paper[3], 0.1, 'left');
  }));

  it('plays a sound', () => show('mirador', 'maqam-rast', async (page) => {
    await title(page, 'مقام راست');
    await playable(page);
  }));

  it('lists the lines of a page', () => show('mirador', 'kitab-al-nujum', async (page) => {
    await title(page, 'كتاب النجوم');
    await button(page, 'next').click();
    const line = page.locator('.mirador-companion-window-left', { hasText: 'تُرسم صفيحته' });
    await line.waitFor();
  }, '&panel=annotations'));

  it('paints a picture that is read in no direction', () => show('mirador', 'plate-cairo', async (page) => {
    await title(page, 'صفيحة القاهرة');
    await painted(page, canvas(page), [214, 180, 110], 0.1);
    assert.ok(await x(button(page, 'previous')) < await x(button(page, 'next')), 'next is on the right');
  }));
});

for (const [viewer, name] of [['mirador', 'Mirador'], ['tify', 'TIFY']]) {
  it(`${name} enlarges an image of many tiles`, () => show(viewer, 'squares', async (page, asked) => {
    const canvas = page.locator('.openseadragon-canvas').first();
    await canvas.hover();
    await enlarged(page, asked);
    // The lines between the squares are two pixels wide, and blend with them where the image is smaller.
    await painted(page, canvas, [20, 30, 60], 0.02, undefined, 30);
  }));
}

describe('TIFY', () => {
  const canvas = (page) => page.locator('.openseadragon-canvas').first();
  const button = (page, name) => page.getByRole('button', { name, exact: true });

  it('paints a book, says its Arabic title, and turns its pages to the left', () => show('tify', 'kitab-al-nujum', async (page) => {
    await page.getByText('كتاب النجوم').first().waitFor();
    await painted(page, canvas(page), paper[1], 0.1);
    assert.ok(await x(button(page, 'Next page')) < await x(button(page, 'Previous page')), 'next is on the left');
    await button(page, 'Next page').first().click();
    await painted(page, canvas(page), paper[2], 0.1, 'right');
    await painted(page, canvas(page), paper[3], 0.1, 'left');
  }));

  it('lists the table of contents and the text of a page', () => show('tify', 'kitab-al-nujum', async (page) => {
    await button(page, 'Contents').first().click();
    await page.getByText('في الأسطرلاب').first().click();
    await painted(page, canvas(page), paper[3], 0.1);
    await button(page, 'Text').first().click();
    await page.getByText('تُرسم صفيحته').first().waitFor();
  }));

  it('plays a sound', () => show('tify', 'maqam-rast', async (page) => {
    await page.getByText('مقام راست').first().waitFor();
    await playable(page);
  }));

  it('paints a picture that is read in no direction', () => show('tify', 'plate-cairo', async (page) => {
    await page.getByText('صفيحة القاهرة').first().waitFor();
    await painted(page, canvas(page), [214, 180, 110], 0.1);
  }));
});
