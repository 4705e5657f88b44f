// Measures the time to display a very large image over a slow line with a slow processor, in the viewer of Khizana
// and in three other viewers with tiles of libvips.
//
//   node opening.mjs SITE TILES      SITE: a published archive with the item `one`;
//                                    TILES: the folder that `vips dzsave --layout iiif3` wrote
//
// Prints JSON: the median of several visits for each viewer, in milliseconds since the start of navigation. The line
// is that of "Slow 4G" of Chromium (1.6 Mbit/s, 150 ms), the processor is slowed down four times, and the cache is
// empty. Text, scripts and Wasm are compressed with brotli. Times are taken from the requests for image data at the
// server, so that they are comparable. The deep-zoom view of Khizana, which can be sharp before its last request,
// reports this time itself.

import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';

import { launch } from '../../../tests/browser/support/browser.mjs';
import { SlowLine } from './slow-line.mjs';

const [site, tiles] = process.argv.slice(2);
const modules = new URL('../../../node_modules/', import.meta.url).pathname;
const VISITS = Number(process.env.VISITS ?? 3);
// Longer than any pause between two groups of tile requests.
const QUIET_MS = 2500;
const SCREEN = { width: 1280, height: 800 };
const LINE = { roundTrip: 150, bytesPerSecond: 1_600_000 / 8 };
const CPU_SLOWDOWN = 4;

const types = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.jpg': 'image/jpeg',
  '.wasm': 'application/wasm',
};
const size = JSON.parse(readFileSync(join(tiles, 'info.json'), 'utf8'));
const page = (head, script) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Viewer</title>
<link rel="icon" href="data:,"><style>html,body,#viewer{margin:0;height:100%;position:relative}</style>${head}
<div id="viewer"></div><script type="module">${script}</script></html>`;
const pages = {
  '/openseadragon.html': () => page(
    '<script src="/modules/openseadragon/build/openseadragon/openseadragon.min.js"></script>',
    "OpenSeadragon({ id: 'viewer', tileSources: '/tiles/info.json', showNavigationControl: false });",
  ),
  '/tify.html': () => page(
    '<link rel="stylesheet" href="/modules/tify/dist/tify.css">',
    "import Tify from '/modules/tify/dist/tify.js'; new Tify({ container: '#viewer', manifestUrl: '/manifest.json' });",
  ),
  '/mirador.html': () => page(
    '<script src="/modules/mirador/dist/mirador.min.js"></script>',
    "Mirador.viewer({ id: 'viewer', windows: [{ manifestId: '/manifest.json' }] });",
  ),
  '/tiles/info.json': (base) => JSON.stringify({ ...size, id: `${base}tiles` }),
  '/manifest.json': (base) => JSON.stringify({
    '@context': 'http://iiif.io/api/presentation/3/context.json',
    id: `${base}manifest.json`,
    type: 'Manifest',
    label: { en: ['A large image'] },
    items: [{
      id: `${base}canvas`,
      type: 'Canvas',
      width: size.width,
      height: size.height,
      items: [{
        id: `${base}page`,
        type: 'AnnotationPage',
        items: [{
          id: `${base}annotation`,
          type: 'Annotation',
          motivation: 'painting',
          target: `${base}canvas`,
          body: {
            id: `${base}tiles/full/max/0/default.jpg`,
            type: 'Image',
            format: 'image/jpeg',
            width: size.width,
            height: size.height,
            service: [{ id: `${base}tiles`, type: 'ImageService3', profile: 'level0' }],
          },
        }],
      }],
    }],
  }),
};

const compressed = new Map();
const brotli = (file, body) => {
  if (!compressed.has(file)) compressed.set(file, brotliCompressSync(body));
  return compressed.get(file);
};

// The line and the requests of the current visit.
let line = new SlowLine(LINE);
let log = [];

async function respond(request, response) {
  const entry = { path: request.url.split('?')[0], range: request.headers.range ?? '', start: performance.now(), end: null, bytes: 0 };
  log.push(entry);
  response.on('close', () => { entry.end ??= performance.now(); });
  const { status, head, body } = find(request);
  await line.request();
  response.writeHead(status, { ...head, 'Content-Length': body.length });
  await line.write(response, body);
  entry.bytes = body.length;
  entry.end = performance.now();
  response.end();
}

function find(request) {
  const base = `http://${request.headers.host}/`;
  const path = decodeURIComponent(new URL(request.url, base).pathname);
  const missing = { status: 404, head: {}, body: Buffer.alloc(0) };
  let body;
  let file = path;
  if (pages[path]) {
    body = Buffer.from(pages[path](base));
  } else {
    const [, root, rest] = /^\/(site|tiles|modules)\/(.*)$/.exec(path) ?? [];
    if (!root) return missing;
    file = join({ site, tiles, modules }[root], normalize(`/${rest}`));
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) file = join(file, 'index.html');
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return missing;
    body = readFileSync(file);
  }
  const type = types[extname(file)];
  const head = { 'Content-Type': type ?? 'application/octet-stream', 'Accept-Ranges': 'bytes' };
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    return {
      status: 206,
      head: { ...head, 'Content-Range': `bytes ${from}-${to}/${body.length}` },
      body: body.subarray(from, to + 1),
    };
  }
  if (type && type !== 'image/jpeg') {
    body = brotli(file, body);
    head['Content-Encoding'] = 'br';
  }
  return { status: 200, head, body };
}

// The index at the start of a tile pack is not a tile.
const isIndex = ({ path, range }) => path.endsWith('/tiles.pack') && /^bytes=0-/.test(range);
const isTile = ({ path }) => /\/tiles\/.*\.jpg$|\/tiles\.pack$/.test(path);
// Image data: a derivative or a tile.
const isImageData = ({ path }) => /\/(tiles|site\/iiif)\/.*(\.jpg|tiles\.pack)$/.test(path);

async function visit(browser, address, open, settled) {
  const context = await browser.newContext({ viewport: SCREEN });
  const tab = await context.newPage();
  const session = await context.newCDPSession(tab);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  line = new SlowLine(LINE);
  log = [];
  await tab.goto(address, { waitUntil: 'commit' });
  const visible = open ? await open(tab) : null;
  const settledTime = settled ? await settled(tab) : 0;
  const until = performance.now() + 90_000;
  while (performance.now() < until) {
    const last = Math.max(...log.map(({ end }) => end ?? Infinity));
    if (log.some(isImageData) && performance.now() - last > QUIET_MS) break;
    await delay(50);
  }
  await context.close();
  const start = log[0].start;
  const imageRequests = log.filter(isImageData);
  const startOf = (entry) => entry ? entry.start - start : null;
  const last = Math.max(...imageRequests.map(({ end }) => end)) - start;
  return {
    visible,
    index: startOf(imageRequests.find(isTile)),
    first: startOf(imageRequests.find((entry) => isTile(entry) && !isIndex(entry))),
    sharp: settled ? settledTime : last,
    bytes: log.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

// Returns a function that waits for an element and returns the time. Waits for an image until it is loaded.
const timeOf = (selector) => (tab) => tab.evaluate((selector) => new Promise((done) => {
  const check = () => {
    const element = document.querySelector(selector);
    if (element && (element.tagName !== 'IMG' || (element.complete && element.naturalWidth))) done(performance.now());
    else setTimeout(check, 20);
  };
  check();
}), selector);
// The image of the page, which does not need the viewer, and the deep-zoom view after loading all tiles.
const pageImage = timeOf('.stage-link img');
const sharp = timeOf('dialog.zoom[data-state=sharp]');

const server = createServer((request, response) => {
  respond(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
const base = `http://127.0.0.1:${server.address().port}/`;
const item = `${base}site/en/item/one/`;
const viewers = {
  'Khizana, page': [item, pageImage],
  'Khizana, deep zoom of the whole image': [`${item}#xywh=0,0,${size.width},${size.height}`, pageImage, sharp],
  'Khizana, deep zoom of a part': [`${item}#xywh=5000,5000,1600,1000`, pageImage, sharp],
  OpenSeadragon: [`${base}openseadragon.html`],
  TIFY: [`${base}tify.html`],
  Mirador: [`${base}mirador.html`],
};
const browser = await launch();
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const out = {};
for (const [name, [address, open, settled]] of Object.entries(viewers)) {
  const visits = [];
  for (let n = 0; n < VISITS; n += 1) visits.push(await visit(browser, address, open, settled));
  out[name] = Object.fromEntries(['visible', 'index', 'first', 'sharp', 'bytes'].map((key) => [key, median(visits.map((visit) => visit[key]))]));
}
await browser.close();
server.close();
console.log(JSON.stringify(out));
