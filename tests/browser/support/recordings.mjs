// A site with sound and film, their captions, chapters and posters.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { fromRoot, run, target } from './site.mjs';

// The folder of the published site.
export function recordingsSite() {
  const work = join(target, 'browser', 'recordings');
  const [archive, out] = ['archive', 'site'].map((name) => join(work, name));
  if (!existsSync(join(out, 'archive.json'))) {
    run('init', archive);
    run('ingest', fromRoot('tests/fixtures/recordings'), '--archive', archive);
    run('publish', '--out', out, '--archive', archive);
  }
  return out;
}
