// A site with one image that is larger than its widest derivative, drawn here: a fixture of this size
// would weigh more than all others together.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

import { run, target } from './site.mjs';

export const width = 4200;
export const height = 3150;

// Squares of many colours, and a line around each.
function pixels() {
  const rows = Buffer.alloc(height * (1 + width * 3));
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    at += 1;
    for (let x = 0; x < width; x += 1) {
      const line = x % 70 < 2 || y % 70 < 2;
      const [column, row] = [Math.floor(x / 70), Math.floor(y / 70)];
      rows[at] = line ? 20 : 60 + ((column * 37 + row * 11) % 190);
      rows[at + 1] = line ? 30 : 60 + ((column * 17 + row * 53) % 190);
      rows[at + 2] = line ? 60 : 60 + ((column * 71 + row * 29) % 190);
      at += 3;
    }
  }
  return rows;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function png() {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(pixels(), { level: 1 });
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

// The folder of the published site.
export function largeSite() {
  const work = join(target, 'browser', 'large');
  const [source, archive, out] = ['source', 'archive', 'site'].map((name) => join(work, name));
  if (!existsSync(join(out, 'archive.json'))) {
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, 'squares.png'), png());
    writeFileSync(join(source, 'metadata.csv'), 'id,title@ar,title@en,file\nsquares,مربعات,Squares,squares.png\n');
    run('init', archive);
    run('ingest', source, '--archive', archive);
    run('publish', '--out', out, '--archive', archive);
  }
  return out;
}
