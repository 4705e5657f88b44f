// Starts the viewer on a published page. On the page at the root of a site, it goes to the visitor's
// language instead. A page on which the viewer cannot start stays as it was published.
const page = document.documentElement;
const choices = page.dataset.choose?.split(" ");
if (choices) {
  const preferred = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => choices.includes(tag));
  if (preferred) location.replace(new URL(`${preferred}/`, location));
} else {
  // The script may run before the document is parsed.
  if (document.readyState === "loading") await new Promise((done) => addEventListener("DOMContentLoaded", done));
  globalThis.archiveWorker = archiveWorker;
  const startWorker = () => archiveWorker().catch(() => {});
  // A shell shows nothing without the archive, and an address that leads into an image needs tiles.
  const zoomed = /^#xywh=/.test(location.hash) && document.querySelector("[data-tiles]");
  const isWhole = /^(home|collection|item)$/.test(document.querySelector("main")?.dataset.view) && !zoomed;
  if (!isWhole) startWorker();
  if (zoomed) prefetchTileIndex(zoomed);
  try {
    const { default: start } = await import("./viewer.js");
    await start({ module_or_path: new URL("viewer_bg.wasm", import.meta.url) });
    if (isWhole && !navigator.connection?.saveData) setTimeout(startWorker, 2000);
  } catch (problem) {
    console.error(problem);
    page.dataset.unstarted = "";
    for (const notice of document.querySelectorAll(".unstarted")) notice.hidden = false;
    for (const element of document.querySelectorAll("noscript")) element.outerHTML = element.textContent;
    for (const button of document.querySelectorAll("[data-reload]")) {
      button.addEventListener("click", () => location.reload());
    }
  }
}

// A promise of the running worker that owns the archive; it is started once. It rejects with the HTTP
// status of the worker's script if there is one, and the next call starts the worker again.
function archiveWorker() {
  return archiveWorker.started ??= new Promise((resolve, reject) => {
    const script = new URL("worker_loader.js", import.meta.url);
    const worker = new Worker(script);
    let isRunning = false;
    // Its first message says that it listens.
    worker.addEventListener("message", () => {
      isRunning = true;
      resolve(worker);
    }, { once: true });
    worker.addEventListener("error", async () => {
      archiveWorker.started = undefined;
      worker.terminate();
      if (isRunning) return;
      const { ok, status } = await fetch(script, { cache: "reload" }).catch(() => ({ ok: true }));
      reject(ok ? undefined : status);
    });
  });
}

// Fetches the index of the tiles while the programs are loading; the viewer passes it to the worker. A host
// without range requests answers with the whole pack, which then serves every tile.
function prefetchTileIndex({ dataset: { tiles, index } }) {
  globalThis.tileIndex = fetch(tiles, { headers: { range: `bytes=0-${index - 1}` } })
    .then((answer) => answer.ok ? answer.arrayBuffer() : undefined)
    .catch(() => {});
}
