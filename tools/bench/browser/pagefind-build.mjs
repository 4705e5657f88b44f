// Feeds the records of a Khizana source to Pagefind, through its own interface for Node.
//
//   node pagefind-build.mjs PAGEFIND METADATA.jsonl OUT
//
// PAGEFIND is the folder of its npm package. Settings are its own; the language is named, so that it
// makes one index and stems English, as it would for these records.

import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [folder, metadata, out] = process.argv.slice(2);
const pagefind = await import(pathToFileURL(resolve(join(folder, 'lib/index.js'))));

// More than one at a time, so that Node is not what it waits for; few, so that Node holds little.
const AT_ONCE = 64;

function checked(answer) {
  if (answer.errors.length > 0) throw new Error(answer.errors.join('; '));
  return answer;
}

const { index } = checked(await pagefind.createIndex({ forceLanguage: 'en' }));
let waiting = [];
for await (const text of createInterface({ input: createReadStream(metadata) })) {
  const record = JSON.parse(text);
  waiting.push(index.addCustomRecord({
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
  if (waiting.length === AT_ONCE) {
    (await Promise.all(waiting)).forEach(checked);
    waiting = [];
  }
}
(await Promise.all(waiting)).forEach(checked);
checked(await index.writeFiles({ outputPath: resolve(out) }));
await pagefind.close();
