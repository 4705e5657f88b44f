// How evenly the deep-zoom view moves, and how much memory it holds after a while of it.
//
//   node motion.mjs SITE SECONDS      SITE: a published archive with the item `one`
//
// Prints JSON. A hand that never rests turns the wheel and drags, from the whole image down to its pixels and
// back, by a fixed course. Of each frame the time since the one before it is kept. Memory is what the process
// that renders the page holds for itself (its private pages), as the system says.

import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { chromium } from './pipe.mjs';

const [site, seconds] = process.argv.slice(2);
const types = { css: 'text/css', html: 'text/html', js: 'text/javascript', wasm: 'application/wasm', jpg: 'image/jpeg' };
const server = createServer((request, response) => {
  let file = join(site, normalize(decodeURIComponent(new URL(request.url, 'http://a').pathname)));
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) file = join(file, 'index.html');
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
  const body = readFileSync(file);
  const head = { 'Content-Type': types[file.split('.').at(-1)] ?? 'application/octet-stream' };
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (!range) return response.writeHead(200, head).end(body);
  const [from, to] = range.slice(1).map(Number);
  response.writeHead(206, { ...head, 'Content-Range': `bytes ${from}-${to}/${body.length}` });
  return response.end(body.subarray(from, to + 1));
});
await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });

const screen = { width: 1280, height: 800 };
const browser = await chromium(screen);
const url = `http://127.0.0.1:${server.address().port}/en/item/one/#xywh=0,0,9999999,9999999`;
await browser.page('Page.navigate', { url });
await until(() => browser.evaluate("document.querySelector('dialog.zoom[data-state=sharp]') !== null"));
// Waits until something is so.
async function until(so) {
  for (let round = 0; !await so(); round += 1) {
    if (round === 300) throw new Error('the view did not become sharp');
    await delay(100);
  }
}
// Of all renderers the one that holds most is that of the page: the others are spare.
async function held() {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const sizes = processInfo.filter((own) => own.type === 'renderer').map(({ id }) => {
    const rollup = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
    const kilobytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)].map((own) => Number(own[1]));
    return kilobytes.reduce((sum, own) => sum + own, 0) * 1024;
  });
  return Math.max(...sizes);
}
await browser.evaluate(`{
  window.frames_ = [];
  let last;
  const tick = (now) => {
    if (last) window.frames_.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}`);
const hand = (type, [x, y], more = {}) => browser.page('Input.dispatchMouseEvent', { type, x, y, ...more });
const left = { button: 'left', buttons: 1, clickCount: 1 };
const first = await held();
let most = first;
const end = performance.now() + Number(seconds) * 1000;
for (let step = 0; performance.now() < end; step += 1) {
  const angle = step * 2.4;
  const at = [screen.width * (0.5 + 0.35 * Math.cos(angle)), screen.height * (0.5 + 0.35 * Math.sin(angle))];
  await hand('mouseMoved', at);
  if (step % 8 < 4) {
    await hand('mouseWheel', at, { deltaX: 0, deltaY: step % 16 < 8 ? -450 : 450 });
  } else {
    const by = [160 * Math.cos(angle * 3), 160 * Math.sin(angle * 3)];
    const point = (part) => at.map((own, axis) => own + (by[axis] * part) / 6);
    await hand('mousePressed', at, left);
    for (let part = 1; part <= 6; part += 1) await hand('mouseMoved', point(part), left);
    await hand('mouseReleased', point(6), { ...left, buttons: 0 });
  }
  await delay(180);
  if (step % 50 === 0) most = Math.max(most, await held());
}
const frames = await browser.evaluate('window.frames_');
const last = await held();
await browser.close();
server.close();
// A frame that came in time is one sixtieth of a second after the one before it, give or take a clock.
const inTime = frames.filter((own) => own < 16.7 + 1).length;
frames.sort((a, b) => a - b);
console.log(JSON.stringify({
  seconds: Number(seconds),
  frames: frames.length,
  in_time: inTime,
  p95: frames[Math.floor(frames.length * 0.95)],
  first_bytes: first,
  last_bytes: last,
  most_bytes: Math.max(most, last),
}));
