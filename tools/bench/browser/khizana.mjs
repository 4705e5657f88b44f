// Searches a published archive with its viewer.

// The page that is open before the first query. The browse page would already have fetched data for its
// results, which must be counted for the first query.
const START = 'en/';

export const khizana = {
  // The viewer always displays facet counts with the results, so one run measures both.
  separateFacets: false,
  // The results do not depend on earlier queries.
  isStable: true,

  isData: (path) => path === '/archive.json' || path.startsWith('/o/'),

  async open(page, address) {
    await page.goto(`${address}${START}`);
    await page.waitForSelector('html[data-viewer=running]');
    await page.waitForSelector('main[data-state]:not([data-state=loading])');
    // The worker is loaded when the visitor pauses. Its programs are not data of the first query.
    await page.evaluate(() => globalThis.archiveWorker().then(() => {}));
  },

  // Follows a link to the results, like a click on a facet or the Enter key. This excludes the debounce
  // interval of the search box. The query is complete when the page has its URL and is neither loading nor
  // busy. Records the times at which the cards and facets changed last.
  async runQuery(page, { q, filter }) {
    const parameters = new URLSearchParams({ q });
    for (const [field, value] of Object.entries(filter ?? {})) parameters.append(`f.${field}`, value);
    await page.evaluate((search) => new Promise((done) => {
      const expected = [...new URLSearchParams(search)].map(String).sort().join('&');
      const hasUrl = () => [...new URLSearchParams(location.search)].map(String).sort().join('&') === expected;
      const main = () => document.querySelector('main');
      const summary = (selector, property) => {
        const elements = main().querySelectorAll(selector);
        return `${elements.length} ${[...elements].slice(0, 24).map(property).join('\n')}`;
      };
      const cards = () => summary('.card-link', (link) => link.href);
      const facets = () => summary('a.facet-value', (link) => link.textContent);
      const before = cards();
      let counts = facets();
      const times = { start: 0, settled: null, ten: null, facets: null, error: null };
      window.benchmark = times;
      const update = () => {
        const now = performance.now();
        const state = main().dataset.state;
        if (state === 'failed') {
          times.error = main().innerText.slice(0, 200);
          done();
        }
        const current = facets();
        if (current !== counts) {
          counts = current;
          times.facets = now;
        }
        const isSettled = main().dataset.view === 'browse' && ['ready', 'empty'].includes(state)
          && !main().querySelector('[aria-busy=true]');
        if (!isSettled || !hasUrl()) return;
        times.settled ??= now;
        if (state === 'empty' || cards() !== before) times.ten ??= now;
        done();
      };
      window.benchmarkObserver?.disconnect();
      window.benchmarkObserver = new MutationObserver(update);
      window.benchmarkObserver.observe(document.body, {
        subtree: true, childList: true, characterData: true, attributes: true,
      });
      const link = document.createElement('a');
      link.href = new URL(`${document.documentElement.lang}/browse/?${search}`, new URL('/', location.href)).href;
      link.hidden = true;
      document.body.append(link);
      times.start = performance.now();
      link.click();
      link.remove();
    }), parameters.toString());
  },

  // Returns the measurements of the last query. `start`, `ten` and `facets` are clock times.
  async measurements(page) {
    return page.evaluate(() => {
      const { start, settled, ten, facets, error } = window.benchmark;
      const clock = (time) => performance.timeOrigin + time;
      const first = ten ?? settled;
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
