// Generates PNG images.

import { crc32, deflateSync } from 'node:zlib';

// An image of coloured squares of 70 pixels with a dark line around each.
export function squares(width, height) {
  const rows = Buffer.alloc(height * (1 + width * 3));
  let offset = 0;
  for (let y = 0; y < height; y += 1) {
    offset += 1;
    for (let x = 0; x < width; x += 1) {
      const isLine = x % 70 < 2 || y % 70 < 2;
      const [column, row] = [Math.floor(x / 70), Math.floor(y / 70)];
      rows[offset] = isLine ? 20 : 60 + ((column * 37 + row * 11) % 190);
      rows[offset + 1] = isLine ? 30 : 60 + ((column * 17 + row * 53) % 190);
      rows[offset + 2] = isLine ? 60 : 60 + ((column * 71 + row * 29) % 190);
      offset += 3;
    }
  }
  return png(width, height, rows);
}

// An image of one colour.
export function plain(width, height, colour) {
  const row = Buffer.concat([Buffer.alloc(1), Buffer.concat(Array(width).fill(Buffer.from(colour)))]);
  return png(width, height, Buffer.concat(Array(height).fill(row)));
}

// Encodes rows of 8-bit RGB, each after its filter byte.
function png(width, height, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(rows, { level: 1 });
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
