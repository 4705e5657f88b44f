// A site with one image that is larger than its widest derivative, drawn here: a fixture of this size
// would weigh more than all others together.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { picture } from './picture.mjs';
import { run, target } from './site.mjs';

export const width = 4200;
export const height = 3150;

// The folder of the published site.
export function largeSite() {
  const work = join(target, 'browser', 'large');
  const [source, archive, out] = ['source', 'archive', 'site'].map((name) => join(work, name));
  if (!existsSync(join(out, 'archive.json'))) {
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, 'squares.png'), picture(width, height));
    writeFileSync(join(source, 'metadata.csv'), 'id,title@ar,title@en,file\nsquares,مربعات,Squares,squares.png\n');
    run('init', archive);
    run('ingest', source, '--archive', archive);
    run('publish', '--out', out, '--archive', archive);
  }
  return out;
}
