// Sites that have an address, and so IIIF manifests; and other people's viewers, on a host of their own.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createPort } from 'node:net';
import { dirname, extname, join } from 'node:path';

import { picture } from './picture.mjs';
import { fromRoot, run, target } from './site.mjs';

// The folder of a site at `address`, of these sources, published anew. `name` is that of its folder.
export function siteAt(address, name, sources) {
  const work = join(target, 'browser', name);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const archive = join(work, 'archive');
  run('init', archive);
  const settings = join(archive, 'khizana.toml');
  writeFileSync(settings, `url = "${address}"\n${readFileSync(settings, 'utf8')}`);
  for (const source of sources) run('ingest', source, '--archive', archive);
  const out = join(work, 'site');
  run('publish', '--out', out, '--archive', archive);
  return out;
}

export const fixtures = ['cabinet', 'letters'].map((name) => fromRoot(`tests/fixtures/${name}`));

// The sources of the demonstration with small files in place of those it draws, which would take
// minutes: its tables are what manifests are made of.
export function demonstration() {
  const work = join(target, 'browser', 'demonstration');
  rmSync(work, { recursive: true, force: true });
  const sources = readdirSync(fromRoot('archive/source')).sort();
  return sources.map((name) => {
    const source = join(work, name);
    cpSync(fromRoot(`archive/source/${name}`), source, { recursive: true });
    const table = readFileSync(join(source, 'metadata.csv'), 'utf8');
    for (const [file] of table.matchAll(/[\w./-]+\.(?:png|jpg|wav|txt|vtt|pdf|csv)\b/g)) {
      if (existsSync(join(source, file))) continue;
      mkdirSync(dirname(join(source, file)), { recursive: true });
      writeFileSync(join(source, file), placeholder(extname(file)));
    }
    return source;
  });
}

// A source of one image that is cut into tiles, none of whose levels is of an even size.
export function tiled() {
  const source = join(target, 'browser', 'tiled');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'squares.png'), picture(5001, 3333));
  writeFileSync(join(source, 'metadata.csv'), 'id,title@ar,title@en,file\nsquares,مربعات,Squares,squares.png\n');
  writeFileSync(join(source, 'collection.toml'), 'iiif.tiles = true\n');
  return source;
}

function placeholder(ending) {
  if (ending === '.wav') return silence();
  if (ending === '.pdf') return emptyPages(4);
  if (ending === '.csv') return 'النجم,الميل\nالدبران,16.509\n';
  if (ending === '.vtt') return 'WEBVTT\n\n00:00.000 --> 00:00.100\nنص\n';
  return ending === '.txt' ? 'نص\n' : picture(60, 80);
}

// A PDF of empty pages.
function emptyPages(count) {
  const numbers = Array.from({ length: count }, (_, page) => `${page + 3} 0`);
  const objects = [
    '1 0 obj <</Type /Catalog /Pages 2 0 R>>',
    `2 0 obj <</Type /Pages /Kids [${numbers.map((own) => `${own} R`).join(' ')}] /Count ${count}>>`,
    ...numbers.map((own) => `${own} obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 60 80]>>`),
  ];
  return `%PDF-1.7\n${objects.map((own) => `${own}\nendobj\n`).join('')}trailer <</Root 1 0 R>>\n%%EOF\n`;
}

// A tenth of a second of nothing: PCM, mono, 8,000 samples a second.
function silence() {
  const data = Buffer.alloc(44 + 1600);
  data.write('RIFF', 0, 'latin1');
  data.writeUInt32LE(36 + 1600, 4);
  data.write('WAVEfmt ', 8, 'latin1');
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(8000, 24);
  data.writeUInt32LE(16000, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36, 'latin1');
  data.writeUInt32LE(1600, 40);
  return data;
}

// A port that nobody listens on: a manifest has to know its address before it is served.
export async function freePort() {
  const server = createPort();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

const page = (head, script) => `<!DOCTYPE html>
<html lang="ar"><head><meta charset="utf-8"><title>viewer</title><link rel="icon" href="data:,">
<style>html, body, #viewer { position: absolute; inset: 0; margin: 0 }</style>${head}</head>
<body><div id="viewer"></div><script>
const asked = new URLSearchParams(location.search);
const [manifest, panel] = [asked.get('manifest'), asked.get('panel')];
${script}
</script></body></html>`;

const pages = {
  '/mirador': page('<script src="/mirador.js"></script>', `Mirador.viewer({
    id: 'viewer',
    language: 'ar',
    windows: [{ manifestId: manifest }],
    workspaceControlPanel: { enabled: false },
    annotations: { filteredMotivations: ['supplementing'] },
    window: { allowClose: false, sideBarOpen: Boolean(panel), defaultSideBarPanel: panel ?? 'info' },
  });`),
  '/tify': page(
    '<link rel="stylesheet" href="/tify.css"><script type="module" src="/tify.js"></script>',
    `addEventListener('load', () => {
      window.tify = new Tify({ container: '#viewer', manifestUrl: manifest, language: 'ar', translationsDirUrl: '/words' });
    });`,
  ),
};

const files = {
  '/mirador.js': ['mirador/dist/mirador.min.js', 'text/javascript'],
  '/tify.js': ['tify/dist/tify.js', 'text/javascript'],
  '/tify.css': ['tify/dist/tify.css', 'text/css'],
};

// A host with pages that show the manifest they are asked for in Mirador and in TIFY.
export async function viewers() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    const file = files[pathname];
    if (pathname === '/words/ar.json') {
      // TIFY has no Arabic of its own: it says its English words, and what a manifest has in Arabic.
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end('{}');
    } else if (file) {
      response.writeHead(200, { 'Content-Type': file[1] });
      response.end(readFileSync(fromRoot(`node_modules/${file[0]}`)));
    } else if (pages[pathname]) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(pages[pathname]);
    } else {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}
