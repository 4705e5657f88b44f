// Sources of sites with IIIF manifests, and a host of other viewers that display manifests.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';

import { squares } from './images.mjs';
import { fromRoot, workFolder } from './site.mjs';

// The sources of the demonstration archive, with small files in place of those that it draws, which would take
// minutes: the manifests depend on its tables.
export function demonstration() {
  const folder = join(workFolder, 'demonstration-source');
  rmSync(folder, { recursive: true, force: true });
  const sources = readdirSync(fromRoot('archive/source')).sort();
  return sources.map((name) => {
    const source = join(folder, name);
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

// A source of one image that is cut into tiles, and whose levels have odd sizes.
export function tiledImage() {
  const source = join(workFolder, 'tiled-source');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'squares.png'), squares(5001, 3333));
  writeFileSync(join(source, 'metadata.csv'), 'id,title@ar,title@en,file\nsquares,مربعات,Squares,squares.png\n');
  writeFileSync(join(source, 'collection.toml'), 'iiif.tiles = true\n');
  return source;
}

// The content of a small file with this extension.
function placeholder(extension) {
  if (extension === '.wav') return silence();
  if (extension === '.pdf') return emptyPages(4);
  if (extension === '.csv') return 'النجم,الميل\nالدبران,16.509\n';
  if (extension === '.vtt') return 'WEBVTT\n\n00:00.000 --> 00:00.100\nنص\n';
  return extension === '.txt' ? 'نص\n' : squares(60, 80);
}

// A PDF of empty pages.
function emptyPages(count) {
  const references = Array.from({ length: count }, (_, page) => `${page + 3} 0`);
  const objects = [
    '1 0 obj <</Type /Catalog /Pages 2 0 R>>',
    `2 0 obj <</Type /Pages /Kids [${references.map((reference) => `${reference} R`).join(' ')}] /Count ${count}>>`,
    ...references.map((reference) => `${reference} obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 60 80]>>`),
  ];
  return `%PDF-1.7\n${objects.map((object) => `${object}\nendobj\n`).join('')}trailer <</Root 1 0 R>>\n%%EOF\n`;
}

// A WAV file of 0.1 s of silence: PCM, mono, 8,000 samples a second.
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

// Finds a port that is free, for a site whose manifests contain its address before it is served. The system
// assigns no port below 32768 to the servers of the other test files.
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

const page = (head, script) => `<!DOCTYPE html>
<html lang="ar"><head><meta charset="utf-8"><title>viewer</title><link rel="icon" href="data:,">
<style>html, body, #viewer { position: absolute; inset: 0; margin: 0 }</style>${head}</head>
<body><div id="viewer"></div><script>
const parameters = new URLSearchParams(location.search);
const [manifest, panel] = [parameters.get('manifest'), parameters.get('panel')];
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
      window.tify = new Tify({ container: '#viewer', manifestUrl: manifest, language: 'ar', translationsDirUrl: '/translations' });
    });`,
  ),
};

const files = {
  '/mirador.js': ['mirador/dist/mirador.min.js', 'text/javascript'],
  '/tify.js': ['tify/dist/tify.js', 'text/javascript'],
  '/tify.css': ['tify/dist/tify.css', 'text/css'],
};

// Starts a host of Mirador and TIFY: `/mirador?manifest=URL` and `/tify?manifest=URL` display a manifest.
export async function viewerHost() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    const file = files[pathname];
    if (pathname === '/translations/ar.json') {
      // TIFY has no Arabic translation: its interface is in English, and values of manifests in Arabic.
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
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}
