// Measures how fast the pages of a site can be read and used on a slow phone, and TIFY and Mirador with the same
// manifest from the same server.
//
//   node web.mjs SITE ADDRESS ITEM PLATE QUERY
//
// SITE is a published archive whose `url` is ADDRESS, a local address. ITEM is an item with several pages, PLATE an
// item with one image, and QUERY a search. Prints JSON: for each page, the median of several visits of the times at
// which the first text was painted, the main image was complete, the viewer responded to input, and everything was
// loaded, in milliseconds since the start of navigation; the bytes and the requests up to the last; and the sum of the
// layout shifts. The line has 400 kbit/s and a round trip of 400 ms, the processor is slowed down four times, the
// screen is that of a phone, and the cache is empty. Text, scripts and Wasm are compressed with brotli.

import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';

import { launch } from '../../../tests/browser/support/browser.mjs';
import { SlowLine } from './slow-line.mjs';

const [site, address, item, plate, query] = process.argv.slice(2);
const modules = new URL('../../../node_modules/', import.meta.url).pathname;
const VISITS = Number(process.env.VISITS ?? 3);
const LINE = { roundTrip: 400, bytesPerSecond: 400_000 / 8 };
const CPU_SLOWDOWN = 4;
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const QUIET_MS = 2000;

const types = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const isCompressible = (type) => !/^(image\/(jpeg|png|webp)|font)/.test(type);
const page = (head, script) => `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Viewer</title><link rel="icon" href="data:,">
<style>html,body,#viewer{margin:0;height:100%;position:relative}</style>${head}<div id="viewer"></div>
<script type="module">${script}</script></html>`;
const manifest = `${address}manifests/item/${item}.json`;
const pages = {
  '/tify.html': page(
    '<link rel="stylesheet" href="/modules/tify/dist/tify.css">',
    `import Tify from '/modules/tify/dist/tify.js'; new Tify({ container: '#viewer', manifestUrl: '${manifest}' });`,
  ),
  '/mirador.html': page(
    '<script src="/modules/mirador/dist/mirador.min.js"></script>',
    `Mirador.viewer({ id: 'viewer', windows: [{ manifestId: '${manifest}' }] });`,
  ),
};

const compressed = new Map();
let line = new SlowLine(LINE);
let log = [];

function find(path) {
  if (pages[path]) return { type: types['.html'], body: Buffer.from(pages[path]), name: path };
  const [root, rest] = path.startsWith('/modules/') ? [modules, path.slice('/modules/'.length)] : [site, path];
  let file = join(root, normalize(`/${rest}`));
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) file = join(file, 'index.html');
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return null;
  return { type: types[extname(file)] ?? 'application/octet-stream', body: readFileSync(file), name: file };
}

async function respond(request, response) {
  const path = decodeURIComponent(new URL(request.url, address).pathname);
  const entry = { path, start: performance.now(), end: null, bytes: 0 };
  log.push(entry);
  response.on('close', () => { entry.end ??= performance.now(); });
  await line.request();
  const found = find(path);
  if (!found) {
    response.writeHead(404).end();
    return;
  }
  let { body } = found;
  // As `_headers` demands; the files of the other viewers never change either.
  const isImmutable = /^\/(o|f|iiif|viewer|modules)\//.test(path) && !path.endsWith('info.json');
  const head = {
    'Content-Type': found.type,
    'Access-Control-Allow-Origin': '*',
    'Cache-Control': isImmutable ? 'public, max-age=31536000, immutable' : 'public, no-cache',
  };
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (range) {
    head['Content-Range'] = `bytes ${range[1]}-${range[2]}/${body.length}`;
    body = body.subarray(Number(range[1]), Number(range[2]) + 1);
  } else if (isCompressible(found.type)) {
    if (!compressed.has(found.name)) compressed.set(found.name, brotliCompressSync(body));
    body = compressed.get(found.name);
    head['Content-Encoding'] = 'br';
  }
  response.writeHead(range ? 206 : 200, { ...head, 'Content-Length': body.length });
  await line.write(response, body);
  entry.bytes = body.length;
  entry.end = performance.now();
  response.end();
}

// Waits in the page until `check` returns `true`, and returns the time. Stops after a minute.
const timeOf = (tab, check) => tab.evaluate(async (check) => {
  const isTrue = new Function(`return (${check})()`);
  while (!isTrue() && performance.now() < 60_000) await new Promise((next) => { setTimeout(next, 20); });
  return performance.now();
}, String(check));

async function visit(browser, path, isImage, isReady) {
  const context = await browser.newContext(PHONE);
  const tab = await context.newPage();
  const session = await context.newCDPSession(tab);
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  await tab.addInitScript(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  line = new SlowLine(LINE);
  log = [];
  await tab.goto(`${address}${path}`, { waitUntil: 'commit' });
  const [image, ready] = await Promise.all([timeOf(tab, isImage), timeOf(tab, isReady)]);
  const bytesUntilReady = log.reduce((sum, { bytes }) => sum + bytes, 0);
  const quiet = () => log.every(({ end }) => end) && performance.now() - Math.max(...log.map(({ end }) => end)) > QUIET_MS;
  const until = performance.now() + 60_000;
  while (!quiet() && performance.now() < until) await delay(100);
  const [text, shifts] = await tab.evaluate(() => [
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 60_000,
    window.shifts,
  ]);
  if (process.env.REQUESTS) {
    for (const { path, start, end, bytes } of log) console.error(Math.round(start - log[0].start), Math.round(end - log[0].start), bytes, path);
  }
  await context.close();
  return {
    text,
    image,
    ready,
    all: Math.max(...log.map(({ end }) => end)) - log[0].start,
    bytesUntilReady,
    bytes: log.reduce((sum, { bytes }) => sum + bytes, 0),
    requests: log.length,
    shifts,
  };
}

const server = createServer((request, response) => {
  respond(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
await new Promise((ready) => { server.listen(Number(new URL(address).port), '127.0.0.1', ready); });
const isComplete = (selector) => `() => { const image = document.querySelector(${JSON.stringify(selector)}); return !!image && image.complete && image.naturalWidth > 0; }`;
const runs = "() => document.documentElement.dataset.viewer === 'running'";
const hasResults = "() => !!document.querySelector('.first-results .card, [data-viewer=running]:not([data-query]) .results .card')";
// The other viewers draw the image into a canvas or, like TIFY, into tiles of OpenSeadragon.
const isDrawn = `() => [...document.querySelectorAll('canvas')].some((canvas) => {
  if (!canvas.width || !canvas.height) return false;
  try { return canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[3] > 0; } catch { return true; }
})`;
const visits = {
  'Khizana, pages': [`ar/item/${item}/`, isComplete('.stage-link img'), runs],
  'Khizana, plate': [`ar/item/${plate}/`, isComplete('.stage-link img'), runs],
  'Khizana, search': [`ar/browse/?q=${encodeURIComponent(query)}`, hasResults, runs],
  'Khizana, home': ['ar/', isComplete('.welcome-object img'), runs],
  'TIFY, pages': ['tify.html', isDrawn, isDrawn],
  'Mirador, pages': ['mirador.html', isDrawn, isDrawn],
};
const browser = await launch();
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const out = {};
for (const [name, [path, isImage, isReady]] of Object.entries(visits)) {
  if (process.env.ONLY && !name.includes(process.env.ONLY)) continue;
  const all = [];
  for (let n = 0; n < VISITS; n += 1) all.push(await visit(browser, path, isImage, isReady));
  out[name] = Object.fromEntries(Object.keys(all[0]).map((key) => [key, median(all.map((one) => one[key]))]));
}
await browser.close();
server.close();
console.log(JSON.stringify(out, null, 1));
