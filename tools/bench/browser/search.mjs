// Asks one site the queries of the benchmark, in Chromium, and writes what they cost.
//
//   node search.mjs khizana|pagefind FOLDER QUERIES.json OUT.json
//
// Started by `cargo xtask bench search`, which says in CHROMIUM where the browser is.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { launch } from '../../../tests/browser/support/browser.mjs';
import { khizana } from './khizana.mjs';
import { SLOW, serve } from './line.mjs';
import { pagefind } from './pagefind.mjs';

const [name, folder, list, out] = process.argv.slice(2);
const side = { khizana, pagefind }[name];
const queries = JSON.parse(readFileSync(list, 'utf8'));

// The peer takes minutes on a slow line.
const PATIENCE_MS = 900_000;

const browser = await launch();
const server = await serve(resolve(folder));

async function page(work) {
  const context = await browser.newContext({ locale: 'en-GB' });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await side.open(page, server.address);
    await server.quiet();
    return await work(page);
  } finally {
    await context.close();
  }
}

async function answer(page, query, facets) {
  await side.ask(page, query, facets);
  await server.quiet();
  const seen = await side.seen(page);
  if (seen.error) throw new Error(`${query.q}: ${seen.error}`);
  return seen;
}

// The longest chain of requests of which each began after the one before it had been answered.
function rounds(log) {
  let longest = 0;
  const ended = [];
  for (const one of log.toSorted((a, b) => a.start - b.start)) {
    const after = ended.filter((other) => other.end <= one.start).map((other) => other.depth);
    const depth = 1 + Math.max(0, ...after);
    ended.push({ end: one.end ?? Infinity, depth });
    longest = Math.max(longest, depth);
  }
  return longest;
}

const sum = (log) => ({
  bytes: log.reduce((bytes, one) => bytes + one.bytes, 0),
  requests: log.length,
});

// A first query, from an empty cache but for the programs.
async function cold(query, facets, line) {
  await server.log();
  return page(async (page) => {
    const before = (await server.log()).filter((one) => side.isData(one.path));
    await server.line(line);
    try {
      const seen = await answer(page, query, facets);
      // Whatever is fetched now belongs to the query; before it, only what is not a program.
      const log = [...before, ...(await server.log())].filter((one) => !/favicon/.test(one.path));
      const until = (moment) => log.filter((one) => one.start <= moment);
      const cost = (moment) => ({ ...sum(until(moment)), ms: moment - seen.start });
      return {
        total: seen.total,
        cards: seen.cards,
        before: sum(before),
        ten: cost(seen.ten),
        facets: cost(seen.facets),
        all: sum(log),
        rounds: rounds(until(seen.facets).filter((one) => !before.includes(one))),
      };
    } finally {
      await server.line(null);
    }
  });
}

// Without facet counts and with them: two runs, or one in which both moments are seen.
async function both(query, line) {
  const counted = await cold(query, true, line);
  return side.separateFacets ? { ...counted, ten: (await cold(query, false, line)).ten } : counted;
}

const results = [];
for (const query of queries) {
  const first = await both(query, null);
  results.push({ total: first.total, cold: first, slow: null });
  process.stderr.write('.');
}
for (const [at, query] of queries.entries()) {
  if (!query.slow) continue;
  results[at].slow = await both(query, SLOW);
  process.stderr.write('~');
}
// All of them twice in one page: each after others, then each again.
await page(async (page) => {
  for (const time of ['after_ms', 'again_ms']) {
    for (const [at, query] of queries.entries()) {
      const seen = await answer(page, query, true);
      results[at][time] = seen.facets - seen.start;
      if (side.steady && seen.total !== results[at].total) {
        throw new Error(`${query.q}: ${seen.total} found, and ${results[at].total} at first`);
      }
    }
    process.stderr.write('+');
  }
});
process.stderr.write('\n');

writeFileSync(out, JSON.stringify({ browser: browser.version(), queries: results }, null, 1));
await browser.close();
server.stop();
