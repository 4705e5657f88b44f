// The sites the tests look at: both fixture collections, taken in and published by `khizana`.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../../../..');
export const target = process.env.KHIZANA_TARGET ?? join(root, 'target');
const khizana = process.env.KHIZANA ?? join(target, 'debug/khizana');

export const screenshots = join(target, 'screenshots');
export const fromRoot = (path) => join(root, path);

// The folder of the published site. `cargo xtask test` removes it before the first test; whichever
// comes first makes it.
export function site(pages = 'items') {
  const work = join(target, 'browser');
  const archive = join(work, 'archive');
  const out = join(work, pages);
  if (!existsSync(join(archive, 'khizana.toml'))) {
    mkdirSync(work, { recursive: true });
    run('init', archive);
    run('ingest', fromRoot('tests/fixtures/cabinet'), '--archive', archive);
    run('ingest', fromRoot('tests/fixtures/letters'), '--archive', archive);
  }
  if (!existsSync(join(out, 'archive.json'))) {
    run('publish', '--out', out, '--pages', pages, '--archive', archive);
  }
  return out;
}

export function run(...args) {
  execFileSync(khizana, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

// Serves a site with `khizana serve`, on any free port where none is named. Returns its address, with a closing slash, and `stop`.
export async function serve(folder, port = 0) {
  const child = spawn(khizana, ['serve', folder, '--addr', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const address = await new Promise((found, failed) => {
    let said = '';
    child.stderr.on('data', (part) => {
      said += part;
      const match = said.match(/http:\/\/[\d.:]+\//);
      if (match) found(match[0]);
    });
    child.on('exit', () => failed(new Error(`khizana serve ended: ${said}`)));
  });
  return { address, stop: () => child.kill() };
}

const types = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.woff2': 'font/woff2',
};

// Serves a site under a sub-path as a plain static host does that knows nothing of Khizana but
// reads `_headers`: the headers of all files, the files, folders by their index.html, 404.html.
export async function staticHost(folder, prefix) {
  const policy = readFileSync(join(folder, '_headers'), 'utf8').match(/Content-Security-Policy: (.*)/)[1];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://host').pathname);
    const answer = (status, file) => {
      const type = types[extname(file)] ?? 'application/octet-stream';
      response.writeHead(status, { 'Content-Type': type, 'Content-Security-Policy': policy });
      response.end(readFileSync(file));
    };
    let file = path.startsWith(prefix) && join(folder, normalize(path.slice(prefix.length - 1)));
    if (file && existsSync(file) && statSync(file).isDirectory()) {
      if (!path.endsWith('/')) {
        response.writeHead(301, { Location: `${encodeURI(path)}/` });
        response.end();
        return;
      }
      file = join(file, 'index.html');
    }
    if (file && existsSync(file)) answer(200, file);
    else answer(404, join(folder, '404.html'));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const address = `http://127.0.0.1:${server.address().port}${prefix}`;
  return { address, stop: () => server.close() };
}
