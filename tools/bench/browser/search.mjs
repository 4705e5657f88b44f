// Runs the queries of the benchmark on a site in Chromium and measures them.
//
//   node search.mjs khizana|pagefind FOLDER QUERIES.json OUT.json
//
// Started by `cargo xtask bench search`, which sets CHROMIUM to the path of the browser.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { launch } from '../../../tests/browser/support/browser.mjs';
import { khizana } from './khizana.mjs';
import { SLOW, serve } from './line.mjs';
import { pagefind } from './pagefind.mjs';

const [name, folder, list, out] = process.argv.slice(2);
const engine = { khizana, pagefind }[name];
const queries = JSON.parse(readFileSync(list, 'utf8'));

// Pagefind takes minutes over a slow line.
const TIMEOUT_MS = 900_000;

const browser = await launch();
const server = await serve(resolve(folder));

async function withPage(work) {
  const context = await browser.newContext({ locale: 'en-GB' });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    await engine.open(page, server.address);
    await server.untilIdle();
    return await work(page);
  } finally {
    await context.close();
  }
}

async function measure(page, query, facets) {
  await engine.runQuery(page, query, facets);
  await server.untilIdle();
  const measurements = await engine.measurements(page);
  if (measurements.error) throw new Error(`${query.q}: ${measurements.error}`);
  return measurements;
}

// Returns the length of the longest chain of requests that each started after the end of the previous one.
function countRounds(log) {
  let longest = 0;
  const ended = [];
  for (const request of log.toSorted((a, b) => a.start - b.start)) {
    const after = ended.filter((other) => other.end <= request.start).map((other) => other.depth);
    const depth = 1 + Math.max(0, ...after);
    ended.push({ end: request.end ?? Infinity, depth });
    longest = Math.max(longest, depth);
  }
  return longest;
}

const sum = (log) => ({
  bytes: log.reduce((bytes, request) => bytes + request.bytes, 0),
  requests: log.length,
});

// Measures a first query. The cache only contains the programs.
async function measureCold(query, facets, line) {
  await server.takeLog();
  return withPage(async (page) => {
    const before = (await server.takeLog()).filter((request) => engine.isData(request.path));
    await server.setLine(line);
    try {
      const times = await measure(page, query, facets);
      // Everything that is fetched now belongs to the query. Of the earlier requests, only data is counted.
      const log = [...before, ...(await server.takeLog())].filter((request) => !/favicon/.test(request.path));
      const until = (time) => log.filter((request) => request.start <= time);
      const transfer = (time) => ({ ...sum(until(time)), ms: time - times.start });
      return {
        total: times.total,
        cards: times.cards,
        before: sum(before),
        ten: transfer(times.ten),
        facets: transfer(times.facets),
        all: sum(log),
        rounds: countRounds(until(times.facets).filter((request) => !before.includes(request))),
      };
    } finally {
      await server.setLine(null);
    }
  });
}

// Measures a first query with and without facet counts, in two runs if the engine requires it.
async function measureColdBoth(query, line) {
  const withFacets = await measureCold(query, true, line);
  return engine.separateFacets
    ? { ...withFacets, ten: (await measureCold(query, false, line)).ten }
    : withFacets;
}

const results = [];
for (const query of queries) {
  const first = await measureColdBoth(query, null);
  results.push({ total: first.total, cold: first, slow: null });
  process.stderr.write('.');
}
for (const [index, query] of queries.entries()) {
  if (!query.slow) continue;
  results[index].slow = await measureColdBoth(query, SLOW);
  process.stderr.write('~');
}
// Runs all queries twice on one page.
await withPage(async (page) => {
  for (const time of ['after_ms', 'again_ms']) {
    for (const [index, query] of queries.entries()) {
      const times = await measure(page, query, true);
      results[index][time] = times.facets - times.start;
      if (engine.isStable && times.total !== results[index].total) {
        throw new Error(`${query.q}: ${times.total} results, but ${results[index].total} in the first run`);
      }
    }
    process.stderr.write('+');
  }
});
process.stderr.write('\n');

writeFileSync(out, JSON.stringify({ browser: browser.version(), queries: results }, null, 1));
await browser.close();
server.stop();
