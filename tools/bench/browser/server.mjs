// The static server of the search benchmark. It runs in a separate process, counts the transferred bytes, and
// can simulate a slow line.
//
//   node server.mjs FOLDER        forked by line.mjs, which controls it
//
// The server measures instead of the developer tools of the browser, because these only cover the page, while
// both engines fetch from a worker.
//
// Text, scripts and Wasm are compressed with gzip; compressed data is sent unchanged. Ranges are not supported.
// Immutable files may be cached, other files must be revalidated.

import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

import { SlowLine } from './slow-line.mjs';

const folder = process.argv[2];
const EMPTY_PAGE = '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Search</title><ol></ol><ul></ul></html>';

const types = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};
const mutable = /(\.html|\/|\/archive\.json|\/pagefind-entry\.json)$/;

let line = null;
let log = [];
let open = 0;
let lastActive = 0;

const now = () => performance.timeOrigin + performance.now();

const compressed = new Map();
function gzip(file) {
  if (!compressed.has(file)) compressed.set(file, gzipSync(readFileSync(file)));
  return compressed.get(file);
}

function find(path) {
  const file = join(folder, normalize(path));
  if (!file.startsWith(folder)) return null;
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile()) return { file, bytes: found.size };
  const index = join(file, 'index.html');
  const page = found?.isDirectory() && statSync(index, { throwIfNoEntry: false });
  return page ? { file: index, bytes: page.size } : null;
}

async function respond(request, response, entry) {
  const path = decodeURIComponent(new URL(request.url, 'http://host').pathname);
  await line?.request();
  const found = find(path);
  if (!found) {
    const isHome = path === '/';
    const body = Buffer.from(isHome ? EMPTY_PAGE : 'not found');
    response.writeHead(isHome ? 200 : 404, {
      'Content-Type': isHome ? types['.html'] : types['.txt'],
      'Content-Length': body.length,
    });
    response.end(body);
    return;
  }
  const type = types[extname(found.file)];
  const body = type ? gzip(found.file) : null;
  const head = {
    'Content-Type': type ?? 'application/octet-stream',
    'Content-Length': body ? body.length : found.bytes,
    'Cache-Control': mutable.test(path) ? 'no-cache' : 'public, max-age=31536000, immutable',
  };
  if (body) head['Content-Encoding'] = 'gzip';
  response.writeHead(200, head);
  if (!line) {
    if (body) response.end(body);
    else createReadStream(found.file).pipe(response);
    return;
  }
  await line.write(response, body ?? readFileSync(found.file));
  // The browser can send the next request before the `close` event of this response.
  entry.end = now();
  response.end();
}

const server = createServer((request, response) => {
  const { socket } = request;
  const sent = socket.bytesWritten;
  const entry = { path: request.url.split('?')[0], start: now(), end: null, bytes: 0 };
  log.push(entry);
  open += 1;
  lastActive = now();
  response.on('close', () => {
    entry.end ??= now();
    entry.bytes = socket.bytesWritten - sent;
    open -= 1;
    lastActive = now();
  });
  respond(request, response, entry).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
server.keepAliveTimeout = 60_000;

process.on('message', ({ command, value }) => {
  if (command === 'line') {
    line = value && new SlowLine(value);
    process.send({ line: true });
  } else if (command === 'state') {
    process.send({ open, quietFor: now() - lastActive });
  } else if (command === 'log') {
    process.send({ log });
    log = [];
  }
});
process.on('disconnect', () => process.exit());

if (!existsSync(folder)) throw new Error(`${folder} does not exist`);
server.listen(0, '127.0.0.1', () => {
  process.send({ address: `http://127.0.0.1:${server.address().port}/` });
});
