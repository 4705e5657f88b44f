// Marks the browse page if its URL has a query: the style sheet hides the published results, which are those
// of the empty query, until those of the query are displayed. The worker, which finds them, is requested first.
if (location.search.length > 1) {
  document.documentElement.dataset.query = "";
  const fetchFile = (name) => fetch(new URL(name, document.currentScript.src)).then((response) => response.arrayBuffer());
  globalThis.workerFetched = Promise.all(["worker.js", "worker_bg.wasm"].map(fetchFile)).catch(() => {});
}
