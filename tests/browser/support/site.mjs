// Publishes sites from the fixtures and serves them.
//
// Test files run in parallel. An archive is ingested and published once, by the file that needs it first;
// every file serves its own copy, which consists of hard links.

import { execFile, spawn } from 'node:child_process';
import {
  cpSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { basename, extname, join, normalize, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { plain, squares } from './images.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../../../..');
export const target = process.env.KHIZANA_TARGET ?? join(root, 'target');
export const program = process.env.KHIZANA ?? join(target, 'debug/khizana');

export const screenshots = join(target, 'screenshots');
export const fromRoot = (path) => join(root, path);

// The folder in which the running test file writes.
export const workFolder = join(target, 'browser', basename(process.argv[1], '.test.mjs'));
// Archives and sites that the test files share; each is used by one test file at a time.
const shared = join(target, 'browser', 'shared');

const fixture = (name) => fromRoot(`tests/fixtures/${name}`);

// The archives by name, and the sources that are ingested into them.
const archives = {
  fixtures: () => [fixture('cabinet'), fixture('letters')],
  recordings: () => [fixture('recordings')],
  documents: () => [fixture('rendered_text')],
  large: largeSource,
  extremes: extremesSource,
};

// The archive `large`: an image that is larger than its widest derivative and so has tiles, an image of one
// colour to compare it with, and a book of many pages. They are generated, since a fixture of this size would
// outweigh all others together.
export const large = { width: 4200, height: 3150, colour: [200, 40, 40], pages: 130 };

function largeSource(folder) {
  const source = join(folder, 'source');
  mkdirSync(join(source, 'long'), { recursive: true });
  for (let page = 1; page <= large.pages; page += 1) {
    writeFileSync(join(source, 'long', `${page}.png`), plain(60, 80, [page, 255 - page, 90]));
  }
  writeFileSync(join(source, 'squares.png'), squares(large.width, large.height));
  writeFileSync(join(source, 'plain.png'), plain(large.width / 2, large.height / 2, large.colour));
  const rows = [
    'id,title@ar,title@en,file,dpi',
    'squares,مربعات,Squares,squares.png,300',
    'plain,لون واحد,Plain,plain.png,',
    'long,كتاب طويل,A long book,long,',
  ];
  writeFileSync(join(source, 'metadata.csv'), `${rows.join('\n')}\n`);
  return [source];
}

// The archive `extremes`: values and images as no curator should have them. Names of items are those of the problems.
export const extremes = ['long-word', 'bidi', 'arabic-without-language', 'no-title', 'thin', 'flat', 'dot'];

function extremesSource(folder) {
  const source = join(folder, 'source');
  mkdirSync(source, { recursive: true });
  const images = { thin: [1, 10_000], flat: [10_000, 1], dot: [1, 1], plain: [400, 300] };
  for (const [name, [width, height]] of Object.entries(images)) {
    writeFileSync(join(source, `${name}.png`), plain(width, height, [90, 120, 150]));
  }
  const override = '\u202e';
  const rows = [
    'id,title,creator,subject,date,file',
    `long-word,${'x'.repeat(2048)},${'y'.repeat(2048)},${'z'.repeat(500)},-5000,plain.png`,
    `bidi,${override}abc\u2067 مقلوب,${override}name,,2026,plain.png`,
    'arabic-without-language,رسالة بلا لغة,,,622,plain.png',
    'no-title,,,,1900,plain.png',
    'thin,Thin,,,1850,thin.png',
    'flat,Flat,,,1851,flat.png',
    'dot,Dot,,,1852,dot.png',
  ];
  for (let n = 0; n < 400; n += 1) rows.push(`value-${n},Value ${n},,Subject ${n},,`);
  writeFileSync(join(source, 'metadata.csv'), `${rows.join('\n')}\n`);
  writeFileSync(join(source, 'collection.toml'), 'facets = ["subject"]\n');
  return [source];
}

// Publishes an archive and returns the folder of a copy of its site. `pages` selects the published HTML pages.
export async function site(archive = 'fixtures', { pages = 'items' } = {}) {
  const folder = join(shared, archive);
  const copy = join(workFolder, `${archive}-${pages}`);
  await withLock(folder, async () => {
    await ingested(archive);
    const published = join(folder, pages);
    if (!existsSync(published)) {
      const partial = `${published}.partial`;
      rmSync(partial, { recursive: true, force: true });
      await khizana('publish', '--out', partial, '--pages', pages, '--archive', join(folder, 'archive'));
      renameSync(partial, published);
    }
    rmSync(copy, { recursive: true, force: true });
    link(published, copy);
  });
  return copy;
}

// Publishes an archive as a site that knows its URL and therefore has IIIF manifests. Without an archive, the
// site is made from `sources` alone. `files` is a folder with a configuration, which replaces that of the archive, and
// `change` returns its text as it is used.
export async function siteAt(url, { archive, sources = [], name = archive, files, change = (settings) => settings }) {
  const folder = join(workFolder, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, 'archive');
  if (archive) {
    await withLock(join(shared, archive), async () => {
      cpSync(await ingested(archive), copy, { recursive: true });
    });
  } else {
    await khizana('init', copy);
  }
  if (files) cpSync(files, copy, { recursive: true });
  const settings = join(copy, 'khizana.toml');
  writeFileSync(settings, `url = "${url}"\n${change(readFileSync(settings, 'utf8'))}`);
  for (const source of sources) await khizana('ingest', source, '--archive', copy);
  const out = join(folder, 'site');
  await khizana('publish', '--out', out, '--archive', copy);
  return out;
}

// Publishes an archive whose only table can be changed. Returns the folder of the site, and a function that writes
// the table, ingests it and publishes the site again.
export async function changingSite(rows) {
  const folder = join(workFolder, 'changing');
  rmSync(folder, { recursive: true, force: true });
  const [archive, source, out] = ['archive', 'source', 'site'].map((name) => join(folder, name));
  mkdirSync(source, { recursive: true });
  await khizana('init', archive);
  const publish = async (rows) => {
    writeFileSync(join(source, 'metadata.csv'), `id,title@en\n${rows.join('\n')}\n`);
    await khizana('ingest', source, '--remove', 'all', '--archive', archive);
    await khizana('publish', '--out', out, '--pages', 'none', '--archive', archive);
  };
  await publish(rows);
  return { folder: out, publish };
}

// Returns the folder of an archive, which is ingested unless it exists. The caller holds the lock.
async function ingested(name) {
  const folder = join(shared, name);
  const archive = join(folder, 'archive');
  if (!existsSync(archive)) {
    const partial = `${archive}.partial`;
    rmSync(partial, { recursive: true, force: true });
    await khizana('init', partial);
    for (const source of archives[name](folder)) await khizana('ingest', source, '--archive', partial);
    renameSync(partial, archive);
  }
  return archive;
}

// Runs `work` while no other test file works in `folder`.
async function withLock(folder, work) {
  mkdirSync(folder, { recursive: true });
  const lock = `${folder}.lock`;
  while (!acquired(lock)) await delay(50);
  try {
    return await work();
  } finally {
    rmSync(lock);
  }
}

// Returns `true` if the lock was acquired. A lock that a killed process has left behind is removed.
function acquired(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    if (holder) process.kill(holder, 0);
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(lock, { force: true });
    else if (error.code !== 'ENOENT') throw error;
  }
  return false;
}

// Copies a folder as hard links.
function link(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) link(source, copy);
    else linkSync(source, copy);
  }
}

// Runs `khizana`.
async function khizana(...args) {
  await promisify(execFile)(program, args, { maxBuffer: Infinity });
}

// Serves a site with `khizana serve`, on a free port unless one is given. Returns `address`, with a closing
// slash, and `stop`.
export async function serve(folder, port = 0) {
  const child = spawn(program, ['serve', folder, '--addr', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const address = await new Promise((resolve, reject) => {
    let output = '';
    child.stderr.on('data', (data) => {
      output += data;
      const match = output.match(/http:\/\/[\d.:]+\//);
      if (match) resolve(match[0]);
    });
    child.on('exit', () => reject(new Error(`khizana serve ended: ${output}`)));
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

// Serves a site below a path like a static host that knows nothing of Khizana: it reads the headers of all
// files from `_headers`, and serves `index.html` for folders and `404.html` for missing files. Like the interface of an
// object storage, a bucket does neither.
export async function staticHost(folder, prefix, { isBucket = false } = {}) {
  const policy = readFileSync(join(folder, '_headers'), 'utf8').match(/Content-Security-Policy: (.*)/)[1];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://host').pathname);
    const answer = (status, file) => {
      const type = types[extname(file)] ?? 'application/octet-stream';
      response.writeHead(status, { 'Content-Type': type, 'Content-Security-Policy': policy });
      response.end(readFileSync(file));
    };
    let file = path.startsWith(prefix) && join(folder, normalize(path.slice(prefix.length - 1)));
    if (isBucket) {
      if (file && !path.endsWith('/') && existsSync(file) && statSync(file).isFile()) return answer(200, file);
      response.writeHead(404, { 'Content-Type': 'application/xml' });
      return response.end('<Error><Code>NoSuchKey</Code></Error>');
    }
    if (file && existsSync(file) && statSync(file).isDirectory()) {
      if (!path.endsWith('/')) {
        response.writeHead(301, { Location: `${encodeURI(path)}/` });
        return response.end();
      }
      file = join(file, 'index.html');
    }
    return file && existsSync(file) ? answer(200, file) : answer(404, join(folder, '404.html'));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${server.address().port}${prefix}`;
  return { address, stop: () => server.close() };
}
