// Writes the fonts of the viewer: the characters that the interface and most records need, in fewer bytes than
// the fonts of the packages. Usage: node fonts.mjs FOLDER
//
// Source Serif is copied unchanged: “Source” is a reserved font name, which a subset must not bear (SIL Open Font
// License 1.1, clause 3). The copyright notices and the licence are written next to the fonts.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import subset from 'subset-font';

const range = (first, last) =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join('');
const arabic = ` \u00a0${range(0x600, 0x6ff)}\u200c\u200d\u200e\u200f\ufd3e\ufd3f\ufdf2\ufdfa`;
const latin = `${range(0x20, 0x7e)}${range(0xa0, 0xff)}\u0131\u0152\u0153${range(0x2010, 0x2044)}`;
const fonts = [
  ['noto-naskh-arabic', 'arabic', 'naskh-arabic', arabic],
  ['reem-kufi', 'arabic', 'kufi-arabic', arabic],
  ['reem-kufi', 'latin', 'kufi-latin', latin],
  ['source-serif-4', 'latin', 'serif-latin'],
  ['source-serif-4', 'latin-ext', 'serif-latin-ext'],
];

const require = createRequire(import.meta.url);
const licences = new Map();
const folder = process.argv[2];
for (const [family, script, name, characters] of fonts) {
  const font = require.resolve(`@fontsource/${family}/files/${family}-${script}-400-normal.woff2`);
  const bytes = readFileSync(font);
  const written = characters ? await subset(bytes, characters, { targetFormat: 'woff2' }) : bytes;
  writeFileSync(join(folder, `${name}.woff2`), written);
  licences.set(family, readFileSync(join(font, '../../LICENSE'), 'utf8'));
}
// The package of Source Serif names no copyright holder. This is the notice in the font.
const adobe = "Copyright 2014 - 2023 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'.";
const notices = [...licences].map(([family, licence]) =>
  `${family}: ${family.startsWith('source') ? adobe : licence.split('\n\n')[0].trim()}`);
const licence = [...licences.values()][0].split('\n\n').slice(1).join('\n\n');
writeFileSync(join(folder, 'fonts.txt'), `The fonts in this folder are subsets or copies of:\n\n${notices.join('\n')}\n\n${licence}`);
