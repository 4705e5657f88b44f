// A site with an image that is larger than its widest derivative, drawn here: a fixture of this size
// would weigh more than all others together. And with a plain one to compare it with, half as large, and
// a book of many pages.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { picture, plain } from './picture.mjs';
import { run, target } from './site.mjs';

export const width = 4200;
export const height = 3150;
export const colour = [200, 40, 40];
export const pages = 130;

// The folder of the published site.
export function largeSite() {
  const work = join(target, 'browser', 'large');
  const [source, archive, out] = ['source', 'archive', 'site'].map((name) => join(work, name));
  if (!existsSync(join(out, 'archive.json'))) {
    mkdirSync(join(source, 'long'), { recursive: true });
    for (let page = 1; page <= pages; page += 1) {
      writeFileSync(join(source, 'long', `${page}.png`), plain(60, 80, [page, 255 - page, 90]));
    }
    writeFileSync(join(source, 'squares.png'), picture(width, height));
    writeFileSync(join(source, 'plain.png'), plain(width / 2, height / 2, colour));
    const rows = ['id,title@ar,title@en,file,dpi', 'squares,مربعات,Squares,squares.png,300', 'plain,لون واحد,Plain,plain.png,', 'long,كتاب طويل,A long book,long,'];
    writeFileSync(join(source, 'metadata.csv'), `${rows.join('\n')}\n`);
    run('init', archive);
    run('ingest', source, '--archive', archive);
    run('publish', '--out', out, '--archive', archive);
  }
  return out;
}
