// A site with an image that is larger than its widest derivative, drawn here: a fixture of this size
// would weigh more than all others together. And with a plain one to compare it with, half as large.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { picture, plain } from './picture.mjs';
import { run, target } from './site.mjs';

export const width = 4200;
export const height = 3150;
export const colour = [200, 40, 40];

// The folder of the published site.
export function largeSite() {
  const work = join(target, 'browser', 'large');
  const [source, archive, out] = ['source', 'archive', 'site'].map((name) => join(work, name));
  if (!existsSync(join(out, 'archive.json'))) {
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, 'squares.png'), picture(width, height));
    writeFileSync(join(source, 'plain.png'), plain(width / 2, height / 2, colour));
    const rows = ['id,title@ar,title@en,file,dpi', 'squares,مربعات,Squares,squares.png,300', 'plain,لون واحد,Plain,plain.png,'];
    writeFileSync(join(source, 'metadata.csv'), `${rows.join('\n')}\n`);
    run('init', archive);
    run('ingest', source, '--archive', archive);
    run('publish', '--out', out, '--archive', archive);
  }
  return out;
}
