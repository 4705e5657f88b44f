// Pictures for tests, as PNG.

import { crc32, deflateSync } from 'node:zlib';

// A picture of squares in many colours, with a line around each.
export function picture(width, height) {
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
  return png(width, height, rows);
}

// A picture of one colour.
export function plain(width, height, colour) {
  const row = Buffer.concat([Buffer.alloc(1), Buffer.concat(Array(width).fill(Buffer.from(colour)))]);
  return png(width, height, Buffer.concat(Array(height).fill(row)));
}

function png(width, height, rows) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(rows, { level: 1 });
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
