// A published archive, searched through its own viewer.

// The page that is open before the first query. It is not the browse page: that one shows results
// already, and would fetch for nothing what a first query must pay for.
const START = 'en/';

export const khizana = {
  // With the results the viewer always shows the counts of facets: one run measures both.
  separateFacets: false,
  // It finds the same whatever was asked before.
  steady: true,

  isData: (path) => path === '/archive.json' || path.startsWith('/o/'),

  async open(page, address) {
    await page.goto(`${address}${START}`);
    await page.waitForSelector('html[data-viewer=running]');
    await page.waitForSelector('main[data-state]:not([data-state=loading])');
  },

  // Follows a link to the results, as a click on a facet or the Enter key does: the pause that waits
  // for the next letter is not part of it. The answer is there once the address is that of the query
  // and the page is neither loading nor busy; when cards and facets last changed is noted.
  async ask(page, { q, filter }) {
    const parameters = new URLSearchParams({ q });
    for (const [field, value] of Object.entries(filter ?? {})) parameters.append(`f.${field}`, value);
    await page.evaluate((search) => new Promise((done) => {
      const wanted = [...new URLSearchParams(search)].map(String).sort().join('&');
      const here = () => [...new URLSearchParams(location.search)].map(String).sort().join('&') === wanted;
      const main = () => document.querySelector('main');
      const shown = (selector, what) => {
        const all = main().querySelectorAll(selector);
        return `${all.length} ${[...all].slice(0, 24).map(what).join('\n')}`;
      };
      const cards = () => shown('.card-link', (link) => link.href);
      const facets = () => shown('a.facet-value', (link) => link.textContent);
      const before = cards();
      let counts = facets();
      const seen = { start: 0, met: null, ten: null, facets: null, error: null };
      window.benchmark = seen;
      const look = () => {
        const at = performance.now();
        const state = main().dataset.state;
        if (state === 'failed') {
          seen.error = main().innerText.slice(0, 200);
          done();
        }
        const current = facets();
        if (current !== counts) {
          counts = current;
          seen.facets = at;
        }
        const settled = main().dataset.view === 'browse' && ['ready', 'empty'].includes(state)
          && !main().querySelector('[aria-busy=true]');
        if (!settled || !here()) return;
        seen.met ??= at;
        if (state === 'empty' || cards() !== before) seen.ten ??= at;
        done();
      };
      window.benchmarkObserver?.disconnect();
      window.benchmarkObserver = new MutationObserver(look);
      window.benchmarkObserver.observe(document.body, {
        subtree: true, childList: true, characterData: true, attributes: true,
      });
      const link = document.createElement('a');
      link.href = new URL(`${document.documentElement.lang}/browse/?${search}`, new URL('/', location.href)).href;
      link.hidden = true;
      document.body.append(link);
      seen.start = performance.now();
      link.click();
      link.remove();
    }), parameters.toString());
  },

  // What the page noted. `ten` and `facets` are moments of the clock.
  async seen(page) {
    return page.evaluate(() => {
      const { start, met, ten, facets, error } = window.benchmark;
      const clock = (at) => performance.timeOrigin + at;
      const first = ten ?? met;
      const count = document.querySelector('main .count, main [role=status]')?.textContent ?? '';
      return {
        error,
        start: clock(start),
        ten: clock(first),
        facets: clock(Math.max(first, facets ?? first)),
        total: Number(count.replace(/[^0-9]/g, '') || 0),
        cards: document.querySelectorAll('main .card-link').length,
      };
    });
  },
};
