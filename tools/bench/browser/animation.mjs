// Measures the frame rate and the memory of the deep-zoom view while it is zoomed and dragged.
//
//   node animation.mjs SITE SECONDS      SITE: a published archive with the item `one`
//
// Prints JSON. The simulated input zooms and drags without pause, from the whole image to its full resolution and
// back, along a fixed path. Memory is that of the private pages of the process that renders the page.

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
// Waits until a condition is true.
async function until(condition) {
  for (let round = 0; !await condition(); round += 1) {
    if (round === 300) throw new Error('the view did not load all tiles');
    await delay(100);
  }
}
// Returns the memory of the page in bytes. The largest renderer process is that of the page; the others are spare.
async function rendererMemory() {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const sizes = processInfo.filter((process) => process.type === 'renderer').map(({ id }) => {
    const rollup = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
    const kilobytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)].map((match) => Number(match[1]));
    return kilobytes.reduce((sum, value) => sum + value, 0) * 1024;
  });
  return Math.max(...sizes);
}
await browser.evaluate(`{
  window.frameTimes = [];
  let last;
  const tick = (now) => {
    if (last) window.frameTimes.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}`);
const mouse = (type, [x, y], more = {}) => browser.page('Input.dispatchMouseEvent', { type, x, y, ...more });
const leftButton = { button: 'left', buttons: 1, clickCount: 1 };
const first = await rendererMemory();
let most = first;
const end = performance.now() + Number(seconds) * 1000;
for (let step = 0; performance.now() < end; step += 1) {
  const angle = step * 2.4;
  const at = [screen.width * (0.5 + 0.35 * Math.cos(angle)), screen.height * (0.5 + 0.35 * Math.sin(angle))];
  await mouse('mouseMoved', at);
  if (step % 8 < 4) {
    await mouse('mouseWheel', at, { deltaX: 0, deltaY: step % 16 < 8 ? -450 : 450 });
  } else {
    const by = [160 * Math.cos(angle * 3), 160 * Math.sin(angle * 3)];
    const point = (part) => at.map((coordinate, axis) => coordinate + (by[axis] * part) / 6);
    await mouse('mousePressed', at, leftButton);
    for (let part = 1; part <= 6; part += 1) await mouse('mouseMoved', point(part), leftButton);
    await mouse('mouseReleased', point(6), { ...leftButton, buttons: 0 });
  }
  await delay(180);
  if (step % 50 === 0) most = Math.max(most, await rendererMemory());
}
const frames = await browser.evaluate('window.frameTimes');
const last = await rendererMemory();
await browser.close();
server.close();
// A frame is in time if it follows the previous one within a sixtieth of a second, with a tolerance of 1 ms.
const inTime = frames.filter((duration) => duration < 16.7 + 1).length;
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
