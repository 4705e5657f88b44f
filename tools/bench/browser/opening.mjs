// How soon a very large image is seen, over a slow line and with a slow processor: in our viewer, and in
// three that are given libvips' tiles of the same image.
//
//   node opening.mjs SITE TILES      SITE: a published archive with the item `one`;
//                                    TILES: the folder that `vips dzsave --layout iiif3` wrote
//
// Prints JSON: of each viewer, in milliseconds from the start of navigation, the median of several visits.
// The line is that of Chromium's "Slow 4G" (1.6 Mbit/s, 150 ms), the processor is slowed four times, nothing
// is cached. Text, scripts and Wasm go out in brotli. Times are those of the requests for image data at the
// server: they are the same thing in all viewers. Our deep-zoom view, which may be sharp before its last
// request, says when it is.

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
// Longer than any pause between two waves of tiles.
const QUIET_MS = 2500;
const SCREEN = { width: 1280, height: 800 };
const LINE = { roundTrip: 150, bytesPerSecond: 1_600_000 / 8 };
const SLOWER = 4;

const types = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.jpg': 'image/jpeg',
  '.wasm': 'application/wasm',
};
const size = JSON.parse(readFileSync(join(tiles, 'info.json'), 'utf8'));
const page = (head, script) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Peer</title>
<link rel="icon" href="data:,"><style>html,body,#viewer{margin:0;height:100%;position:relative}</style>${head}
<div id="viewer"></div><script type="module">${script}</script></html>`;
const own = {
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

const packed = new Map();
const brotli = (file, body) => {
  if (!packed.has(file)) packed.set(file, brotliCompressSync(body));
  return packed.get(file);
};

// The requests of the visit that is under way, and the line that it has.
let line = new SlowLine(LINE);
let log = [];

async function answer(request, response) {
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
  if (own[path]) {
    body = Buffer.from(own[path](base));
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

// A tile pack begins with its index, which is not a tile.
const isIndex = ({ path, range }) => path.endsWith('/tiles.pack') && /^bytes=0-/.test(range);
const isTile = ({ path }) => /\/tiles\/.*\.jpg$|\/tiles\.pack$/.test(path);
// Image data: a derivative or a tile.
const isPicture = ({ path }) => /\/(tiles|site\/iiif)\/.*(\.jpg|tiles\.pack)$/.test(path);

async function visit(browser, address, open, settled) {
  const context = await browser.newContext({ viewport: SCREEN });
  const tab = await context.newPage();
  const session = await context.newCDPSession(tab);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  line = new SlowLine(LINE);
  log = [];
  await tab.goto(address, { waitUntil: 'commit' });
  const visible = open ? await open(tab) : null;
  const shown = settled ? await settled(tab) : 0;
  const until = performance.now() + 90_000;
  while (performance.now() < until) {
    const last = Math.max(...log.map(({ end }) => end ?? Infinity));
    if (log.some(isPicture) && performance.now() - last > QUIET_MS) break;
    await delay(50);
  }
  await context.close();
  const start = log[0].start;
  const pictures = log.filter(isPicture);
  const after = (entry) => entry ? entry.start - start : null;
  const last = Math.max(...pictures.map(({ end }) => end)) - start;
  return {
    visible,
    index: after(pictures.find(isTile)),
    first: after(pictures.find((entry) => isTile(entry) && !isIndex(entry))),
    sharp: settled ? shown : last,
    bytes: log.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

// When what a selector finds is there; a picture, when all of it is.
const when = (selector) => (tab) => tab.evaluate((own) => new Promise((done) => {
  const look = () => {
    const found = document.querySelector(own);
    if (found && (found.tagName !== 'IMG' || (found.complete && found.naturalWidth))) done(performance.now());
    else setTimeout(look, 20);
  };
  look();
}), selector);
// The picture of the page, before and without the viewer; the deep-zoom view, when it says that it is sharp.
const pictured = when('.stage-link img');
const sharp = when('dialog.zoom[data-state=sharp]');

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
const base = `http://127.0.0.1:${server.address().port}/`;
const item = `${base}site/en/item/one/`;
const viewers = {
  'Khizana, the page': [item, pictured],
  'Khizana, deep zoom on the whole': [`${item}#xywh=0,0,${size.width},${size.height}`, pictured, sharp],
  'Khizana, deep zoom on a part': [`${item}#xywh=5000,5000,1600,1000`, pictured, sharp],
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
  out[name] = Object.fromEntries(['visible', 'index', 'first', 'sharp', 'bytes'].map((key) => [key, median(visits.map((one) => one[key]))]));
}
await browser.close();
server.close();
console.log(JSON.stringify(out));
