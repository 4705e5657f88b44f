// Keeps the pages that the visitor opens, and the files that they consist of, so that they can be read again
// without a network. It is published at the root of the site, because it controls only pages below its folder.
//
// Files whose names contain a hash are taken from the cache. Everything else comes from the network while there
// is one, so that a visitor never sees an outdated page.
const root = registration.scope;
// Larger files, such as originals, would displace many pages.
const maxBytes = 4 << 20;
// Several archives can share an origin, and thereby its caches. Beyond its limit, a cache loses the oldest files.
const limits = { pages: 400, files: 3000, viewer: 60 };
const open = (kind) => caches.open(`${root} ${kind}`);
const offlinePage = new URL("offline.html", root).href;
// A page answers late if its host cannot be reached through a network that seems to exist.
const patience = 10_000;

addEventListener("install", (event) => event.waitUntil(Promise.all([keep(offlinePage), skipWaiting()])));

addEventListener("activate", (event) => event.waitUntil(Promise.all([
  clients.claim(),
  // The page is requested while the service worker starts.
  registration.navigationPreload?.enable(),
])));

// The URLs of a page and of the files that it has loaded before the service worker controlled it.
addEventListener("message", (event) => event.waitUntil((async () => {
  for (const url of event.data) await keep(url).catch(() => {});
  await trim();
})()));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("range") || !isKept(request.url)) return;
  event.respondWith(isImmutable(request.url) ? fromCache(event) : fromNetwork(event));
});

function pathOf(url) {
  return url.slice(root.length).replace(/[?#].*/, "");
}

function isKept(url) {
  return url.startsWith(root) && !url.endsWith("/tiles.pack") && pathOf(url) !== "service-worker.js";
}

function isImmutable(url) {
  return /^(o|f|iiif|viewer)\//.test(pathOf(url)) && !url.endsWith(".json");
}

function cacheOf(url) {
  if (!isImmutable(url)) return open("pages");
  return open(pathOf(url).startsWith("viewer/") ? "viewer" : "files");
}

// The query of a URL is read by the page, and the host ignores it.
function keyOf(url) {
  return url.replace(/[?#].*/, "");
}

async function kept(url) {
  return (await cacheOf(url)).match(keyOf(url));
}

// Stores a response, unless it is large or the storage is full.
async function store(url, response) {
  const bytes = Number(response.headers.get("content-length"));
  if (response.status !== 200 || response.redirected || bytes > maxBytes) return;
  await (await cacheOf(url)).put(keyOf(url), response).catch(() => {});
}

// Adds a file to the cache. Most files are still in the cache of the browser.
async function keep(url) {
  if (isKept(url) && !await kept(url)) await store(url, await fetch(keyOf(url), { cache: "force-cache" }));
}

async function fromCache(event) {
  const { url } = event.request;
  const known = await kept(url);
  if (known) return known;
  const response = await fetch(event.request);
  event.waitUntil(store(url, response.clone()));
  return response;
}

async function fromNetwork(event) {
  const { request } = event;
  const { url } = request;
  const known = await kept(url);
  const answer = (async () => await event.preloadResponse ?? fetch(request))().then((response) => {
    const isGone = response.status === 404 || response.status === 410;
    event.waitUntil(isGone ? cacheOf(url).then((cache) => cache.delete(keyOf(url))) : store(url, response.clone()));
    return response;
  });
  try {
    return await (known ? Promise.race([answer, timeout()]) : answer);
  } catch (error) {
    if (known) return known;
    if (request.mode !== "navigate") throw error;
    return offlineAnswer();
  }
}

function timeout() {
  return new Promise((_, reject) => { setTimeout(reject, patience); });
}

// Returns the page that is displayed in the place of one that cannot be loaded, with links to those that can.
async function offlineAnswer() {
  const page = await (await kept(offlinePage))?.text() ?? "";
  const cache = await open("pages");
  const links = [];
  for (const { url } of (await cache.keys()).reverse()) {
    const response = await cache.match(url);
    if (url === offlinePage || !response.headers.get("content-type")?.startsWith("text/html")) continue;
    // The title is already escaped.
    const title = (await response.text()).match(/<title>([^<]+)<\/title>/)?.[1];
    if (title) links.push(`<li><a href="${url}" dir="auto">${title}</a></li>`);
  }
  const headers = { "content-type": "text/html; charset=utf-8" };
  return new Response(page.replace("<ul></ul>", () => `<ul>${links.join("")}</ul>`), { headers });
}

async function trim() {
  for (const [kind, limit] of Object.entries(limits)) {
    const cache = await open(kind);
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - limit)).map((key) => cache.delete(key)));
  }
}
