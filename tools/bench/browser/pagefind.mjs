// The peer, used as its documentation says: `search`, then `data` of the first ten results. Facet
// counts take `filters` before it. What it finds is put into the page, as a search box would.

export const pagefind = {
  separateFacets: true,
  // A word begun finds more once other queries have brought more of the index.
  steady: false,

  isData: (path) => /\.pf_\w+$|\/pagefind-entry\.json$/.test(path),

  // Its programs are in the cache before the first query, as the viewer is: script, worker and Wasm.
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

  async ask(page, { q, filter }, facets) {
    await page.evaluate(async ([text, filters, facets]) => {
      const { pagefind } = window;
      const start = performance.now();
      const item = (words) => {
        const element = document.createElement('li');
        element.textContent = words;
        return element;
      };
      // Asked for once: it keeps them.
      if (facets && !window.filtersLoaded) window.filtersLoaded = await pagefind.filters();
      const found = await pagefind.search(text, filters ? { filters } : {});
      const ten = await Promise.all(found.results.slice(0, 10).map((result) => result.data()));
      document.querySelector('ol').replaceChildren(...ten.map((one) => item(one.meta.title)));
      if (facets) {
        const counts = Object.values(found.filters).flatMap((values) => Object.entries(values)
          .sort((a, b) => b[1] - a[1]).slice(0, 8));
        document.querySelector('ul').replaceChildren(...counts.map((pair) => item(pair.join(' '))));
      }
      window.benchmark = { start, end: performance.now(), total: found.results.length, cards: ten.length };
    }, [q, filter ?? null, facets]);
  },

  async seen(page) {
    return page.evaluate(() => {
      const { start, end, total, cards } = window.benchmark;
      const clock = (at) => performance.timeOrigin + at;
      return { error: null, start: clock(start), ten: clock(end), facets: clock(end), total, cards };
    });
  },
};
