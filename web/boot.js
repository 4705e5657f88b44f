// Starts the viewer on a published page. On the page at the root of a site, redirects to the preferred
// language of the visitor instead. If the viewer cannot be started, the page stays as published.
const page = document.documentElement;
const choices = page.dataset.choose?.split(" ");
// Fonts that an earlier page has loaded are in the cache.
const hasFonts = () => { try { return localStorage.fonts; } catch { return ""; } };
if (hasFonts()) addFonts();
const preferred = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => choices?.includes(tag));
const contentState = new URLSearchParams(location.search).get("iiif-content");
if (contentState) {
  const { contentStatePage } = await import("./content-state.js");
  const target = contentStatePage(contentState, preferred ?? choices?.[0] ?? page.lang);
  if (target) {
    location.replace(target);
    // The viewer does not start on the page that is left.
    await new Promise(() => {});
  }
}
if (choices) {
  if (preferred) location.replace(document.querySelector(`link[hreflang=${preferred}]`).href);
  addFonts();
} else {
  // The script may run before the document is parsed.
  if (document.readyState === "loading") await new Promise((resolve) => addEventListener("DOMContentLoaded", resolve));
  globalThis.archiveWorker = archiveWorker;
  watchImages();
  const startWorker = () => archiveWorker().catch(() => {});
  // A shell page and a page with a query have no content without the archive. Other pages are complete as published.
  const zoomedImage = /^#xywh=/.test(location.hash) && document.querySelector("[data-tiles]");
  const view = document.querySelector("main")?.dataset.view;
  const isComplete = /^(home|collection|browse|item)$/.test(view) && !("query" in page.dataset);
  if (!isComplete) startWorker();
  let firstRequest;
  if ("query" in page.dataset) {
    firstRequest = requestFirstResults().catch(() => {});
    // The results need the worker, and the controls the viewer.
    await fetchWorker().catch(() => { firstRequest = undefined; });
  }
  // A URL that opens the deep-zoom view needs the viewer, and then tiles. Otherwise the image comes first.
  if (zoomedImage) prefetchTileIndex(zoomedImage);
  else await imageLoaded(document.querySelector(".stage img[fetchpriority=high]"));
  try {
    const began = performance.now();
    const [{ default: start }, wasm] = await Promise.all([
      import("./viewer.js"),
      fetch(new URL("viewer_bg.wasm", import.meta.url)),
    ]);
    // The worker does not compete with the viewer for a slow line.
    if (zoomedImage) wasm.clone().blob().then(startWorker);
    // A request of the viewer supersedes this one, and not the reverse. A worker that cannot start does not answer.
    if (firstRequest) await Promise.race([firstRequest, new Promise((resolve) => { setTimeout(resolve, 5000); })]);
    await start({ module_or_path: wasm });
    // On a slow line, the worker is loaded when it is needed, as a page may be all that the visitor wants.
    const isFast = performance.now() - began < 3000;
    if (isComplete && !zoomedImage && isFast && !navigator.connection?.saveData) setTimeout(startWorker, 2000);
  } catch (error) {
    console.error(error);
    page.dataset.unstarted = "";
    delete page.dataset.query;
    for (const notice of document.querySelectorAll(".unstarted")) notice.hidden = false;
    for (const element of document.querySelectorAll("noscript")) element.outerHTML = element.textContent;
    for (const button of document.querySelectorAll("[data-reload]")) {
      button.addEventListener("click", () => location.reload());
    }
  }
  addFonts();
  watchNavigation();
  // The service worker would request a font again that is being loaded.
  document.fonts.ready.then(keepPage).catch(() => {});
}

// Waits until the program of the worker is in the cache. The worker itself would request it after its script.
async function fetchWorker() {
  const fetchFile = async (name) => {
    const response = await fetch(new URL(name, import.meta.url));
    if (!response.ok) throw new Error(response.status);
    return response.arrayBuffer();
  };
  await Promise.all(["worker.js", "worker_bg.wasm"].map(fetchFile));
}

// Requests the first results of the query in the URL, which are displayed before the viewer runs.
async function requestFirstResults() {
  const [worker, { showFirstResults }] = await Promise.all([archiveWorker(), import("./first-results.js")]);
  showFirstResults(worker, new URL("../../", import.meta.url).href).catch(() => {});
}

// Registers the service worker, and sends it the URLs of this page and of the files that it has loaded.
async function keepPage() {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  await serviceWorker.register(new URL("../../service-worker.js", import.meta.url));
  const { active } = await serviceWorker.ready;
  // A page that is opened without a network may need a script that this page did not.
  const script = new URL("head.js", import.meta.url).href;
  active.postMessage([location.href, script, ...performance.getEntriesByType("resource").map(({ name }) => name)]);
}

// Loads the published document of each page that the viewer displays. The service worker keeps it, its QR code is
// printed, and its head describes the page.
function watchNavigation() {
  // All items without a document share the path of an empty one.
  const itemWithoutDocument = () => new URLSearchParams(location.search).get("id");
  const displayed = () => `${location.pathname} ${itemWithoutDocument() ?? ""}`;
  let described = `${location.pathname} `;
  const update = async () => {
    // The viewer sets the title before the content.
    await new Promise((resolve) => { setTimeout(resolve); });
    const current = displayed();
    if (current === described || document.querySelector("main")?.dataset.state === "loading") return;
    described = current;
    document.querySelector(".qr-code")?.remove();
    const [published, { describePage }] = await Promise.all([publishedDocument(), import("./head.js")]);
    // Another page may be displayed now.
    if (displayed() !== current) return;
    const code = published?.querySelector(".qr-code");
    if (code) document.body.append(code);
    describePage(published);
  };
  const publishedDocument = async () => {
    if (itemWithoutDocument() !== null || navigator.connection?.saveData) return undefined;
    const response = await fetch(location.pathname).catch(() => {});
    return response?.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : undefined;
  };
  const tryUpdate = () => update().catch(() => {});
  // The viewer sets the title after the URL.
  const title = document.querySelector("title");
  new MutationObserver(tryUpdate).observe(title, { childList: true });
  // It may have set the title before.
  tryUpdate();
}

// Adds the style sheet of the fonts, unless the visitor saves data.
function addFonts() {
  if (navigator.connection?.saveData || document.querySelector("link[href$='fonts.css']")) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("fonts.css", import.meta.url);
  document.head.append(link);
  try { localStorage.fonts = "1"; } catch { /* The storage is blocked. */ }
}

// Displays a message in the place of an image that cannot be loaded, whether or not the viewer runs.
function watchImages() {
  const frame = (image) => image.closest?.(".leaf, .stage-object");
  const update = (image, hasFailed) => {
    const notice = frame(image)?.querySelector(".lost");
    if (notice && image.closest(".stage-link")) {
      notice.hidden = !hasFailed;
      image.closest(".stage-link").classList.toggle("failed-image", hasFailed);
    }
  };
  // The window does not receive the load events of elements.
  document.addEventListener("error", ({ target }) => update(target, true), true);
  document.addEventListener("load", ({ target }) => update(target, false), true);
  addEventListener("click", ({ target }) => {
    if (!target.closest?.("[data-retry-image]")) return;
    // Setting `src` ignores the previous error, unlike `srcset`.
    for (const image of frame(target).querySelectorAll("img")) image.src += "";
  });
  for (const image of document.querySelectorAll(".stage-link img")) {
    if (image.complete && !image.naturalWidth && image.loading !== "lazy") update(image, true);
  }
}

// Waits until an image is loaded or has failed. Does not wait if there is no image.
async function imageLoaded(image) {
  if (!image || image.complete) return;
  await new Promise((resolve) => {
    for (const event of ["load", "error"]) image.addEventListener(event, resolve, { once: true });
  });
}

// Returns a promise of the running worker that owns the archive. Starts the worker on the first call. If
// that fails, the promise rejects with the HTTP status of the worker's script, if it is an error, and the
// next call starts the worker again.
function archiveWorker() {
  return archiveWorker.started ??= new Promise((resolve, reject) => {
    const script = new URL("worker_loader.js", import.meta.url);
    const worker = new Worker(script);
    let isRunning = false;
    // The first message signals that the worker is ready.
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

// Fetches the index of the tiles while the programs are loading. The viewer passes it to the worker. A host
// without range requests responds with the complete pack, from which all tiles are then read.
function prefetchTileIndex({ dataset: { tiles, index } }) {
  globalThis.tileIndex = fetch(tiles, { headers: { range: `bytes=0-${index - 1}` } })
    .then((response) => response.ok ? response.arrayBuffer() : undefined)
    .catch(() => {});
}
