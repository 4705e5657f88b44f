// Searches with Pagefind as its documentation describes: `search`, then `data` of the first ten results.
// Facet counts require `filters` first. The results are added to the page.

export const pagefind = {
  separateFacets: true,
  // The results of an incomplete word depend on the parts of the index that earlier queries loaded.
  isStable: false,

  isData: (path) => /\.pf_\w+$|\/pagefind-entry\.json$/.test(path),

  // Loads the programs into the cache before the first query: script, worker and Wasm.
  async open(page, address) {
    await page.goto(address);
    await page.evaluate(async () => {
      const folder = '/pagefind/';
      window.pagefind = await import(`${folder}pagefind.js`);
      for (const name of ['pagefind-worker.js', 'wasm.en.pagefind']) {
        await (await fetch(`${folder}${name}`)).arrayBuffer();
      }
    });
  },

  async runQuery(page, { q, filter }, facets) {
    await page.evaluate(async ([text, filters, facets]) => {
      const { pagefind } = window;
      const start = performance.now();
      const item = (text) => {
        const element = document.createElement('li');
        element.textContent = text;
        return element;
      };
      // Pagefind caches the filters.
      if (facets && !window.filtersLoaded) window.filtersLoaded = await pagefind.filters();
      const results = await pagefind.search(text, filters ? { filters } : {});
      const ten = await Promise.all(results.results.slice(0, 10).map((result) => result.data()));
      document.querySelector('ol').replaceChildren(...ten.map((result) => item(result.meta.title)));
      if (facets) {
        const counts = Object.values(results.filters).flatMap((values) => Object.entries(values)
          .sort((a, b) => b[1] - a[1]).slice(0, 8));
        document.querySelector('ul').replaceChildren(...counts.map((pair) => item(pair.join(' '))));
      }
      window.benchmark = { start, end: performance.now(), total: results.results.length, cards: ten.length };
    }, [q, filter ?? null, facets]);
  },

  async measurements(page) {
    return page.evaluate(() => {
      const { start, end, total, cards } = window.benchmark;
      const clock = (time) => performance.timeOrigin + time;
      return { error: null, start: clock(start), ten: clock(end), facets: clock(end), total, cards };
    });
  },
};
