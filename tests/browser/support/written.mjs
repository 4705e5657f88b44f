// A site with a text in Markdown and tables.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { fromRoot, run, target } from './site.mjs';

// The folder of the published site.
export function writtenSite() {
  const work = join(target, 'browser', 'written');
  const [archive, out] = ['archive', 'site'].map((name) => join(work, name));
  if (!existsSync(join(out, 'archive.json'))) {
    run('init', archive);
    run('ingest', fromRoot('tests/fixtures/written'), '--archive', archive);
    run('publish', '--out', out, '--archive', archive);
  }
  return out;
}
