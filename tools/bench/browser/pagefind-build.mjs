// Indexes the items of a Khizana source with the Node API of Pagefind.
//
//   node pagefind-build.mjs PAGEFIND METADATA.jsonl OUT
//
// PAGEFIND is the folder of its npm package. All settings are the defaults, except that the language is set,
// so that Pagefind creates one index and stems English.

import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [folder, metadata, out] = process.argv.slice(2);
const pagefind = await import(pathToFileURL(resolve(join(folder, 'lib/index.js'))));

// Number of records that are added concurrently. Pagefind does not have to wait for Node, and Node needs
// little memory.
const BATCH_SIZE = 64;

function check(response) {
  if (response.errors.length > 0) throw new Error(response.errors.join('; '));
  return response;
}

const { index } = check(await pagefind.createIndex({ forceLanguage: 'en' }));
let pending = [];
for await (const text of createInterface({ input: createReadStream(metadata) })) {
  const record = JSON.parse(text);
  pending.push(index.addCustomRecord({
    url: `/item/${record.id}/`,
    language: 'en',
    content: Object.values(record).flat().join('. '),
    meta: { title: record.title },
    filters: {
      type: [record.type].filter(Boolean),
      decade: [record.decade].filter(Boolean),
      creator: [record.creator].filter(Boolean),
    },
  }));
  if (pending.length === BATCH_SIZE) {
    (await Promise.all(pending)).forEach(check);
    pending = [];
  }
}
(await Promise.all(pending)).forEach(check);
check(await index.writeFiles({ outputPath: resolve(out) }));
await pagefind.close();
