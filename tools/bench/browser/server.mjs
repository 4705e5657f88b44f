// The static server of the benchmark, in a process of its own: it serves a folder, counts what goes
// over the wire, and can be as slow as a telephone.
//
//   node server.mjs FOLDER        forked by line.mjs, which speaks with it
//
// It counts and slows down here and not through the browser's developer tools, because these see one
// page only, and both engines fetch from a worker.
//
// Text, scripts and Wasm go out in gzip; what has been packed already goes out as it is. There are no
// ranges. What never changes under its name may be kept; what does must be asked for.

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
const changing = /(\.html|\/|\/archive\.json|\/pagefind-entry\.json)$/;

let line = null;
let log = [];
let open = 0;
let lastActive = 0;

const now = () => performance.timeOrigin + performance.now();

const packed = new Map();
function gzip(file) {
  if (!packed.has(file)) packed.set(file, gzipSync(readFileSync(file)));
  return packed.get(file);
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

async function answer(request, response, entry) {
  const path = decodeURIComponent(new URL(request.url, 'http://host').pathname);
  await line?.request();
  const found = find(path);
  if (!found) {
    const own = path === '/';
    const body = Buffer.from(own ? EMPTY_PAGE : 'not here');
    response.writeHead(own ? 200 : 404, {
      'Content-Type': own ? types['.html'] : types['.txt'],
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
    'Cache-Control': changing.test(path) ? 'no-cache' : 'public, max-age=31536000, immutable',
  };
  if (body) head['Content-Encoding'] = 'gzip';
  response.writeHead(200, head);
  if (!line) {
    if (body) response.end(body);
    else createReadStream(found.file).pipe(response);
    return;
  }
  await line.write(response, body ?? readFileSync(found.file));
  // The browser may ask for the next thing before the system says that this one is closed.
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
  answer(request, response, entry).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
server.keepAliveTimeout = 60_000;

process.on('message', ({ ask, value }) => {
  if (ask === 'line') {
    line = value && new SlowLine(value);
    process.send({ line: true });
  } else if (ask === 'state') {
    process.send({ open, quietFor: now() - lastActive });
  } else if (ask === 'log') {
    process.send({ log });
    log = [];
  }
});
process.on('disconnect', () => process.exit());

if (!existsSync(folder)) throw new Error(`there is no ${folder}`);
server.listen(0, '127.0.0.1', () => {
  process.send({ address: `http://127.0.0.1:${server.address().port}/` });
});
