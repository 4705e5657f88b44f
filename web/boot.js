// Starts the viewer on a published page, or, on the page at the root of a site, leads on to the
// reader's language. A page on which the viewer cannot start stays as it was published.
const page = document.documentElement;
const choices = page.dataset.choose?.split(" ");
if (choices) {
  const wanted = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => choices.includes(tag));
  if (wanted) location.replace(new URL(`${wanted}/`, location));
} else {
  // This may run before all of the page is there.
  if (document.readyState === "loading") await new Promise((done) => addEventListener("DOMContentLoaded", done));
  const picture = /^#xywh=/.test(location.hash) && document.querySelector("[data-tiles]");
  // What reads the archive is a module of its own. A page that is whole without it asks for it later.
  let program;
  let ready;
  const viewer = new Promise((done) => { ready = done; });
  globalThis.rest = () => {
    program ??= rest(viewer).catch((problem) => {
      program = undefined;
      throw problem;
    });
    return program;
  };
  const whole = /^(home|collection|item)$/.test(document.querySelector("main")?.dataset.view);
  const soon = () => globalThis.rest().catch(() => {});
  if (!whole) soon();
  try {
    // The viewer leaves the line to the first tile and to the picture in the page, but not for long.
    if (picture) await Promise.race([first(picture).catch(console.error), new Promise((done) => setTimeout(done, 700))]);
    const { default: start } = await import("./viewer.js");
    ready(await start({ module_or_path: new URL("viewer_bg.wasm", import.meta.url) }));
    if (whole && !navigator.connection?.saveData) setTimeout(soon, 2000);
  } catch (problem) {
    console.error(problem);
    page.dataset.unstarted = "";
    for (const notice of document.querySelectorAll(".unstarted")) notice.hidden = false;
    for (const own of document.querySelectorAll("noscript")) own.outerHTML = own.textContent;
    for (const button of document.querySelectorAll("[data-reload]")) {
      button.addEventListener("click", () => location.reload());
    }
  }
}

// Where the address leads into a picture, the index of its tiles and the first of them come while the
// viewer does. What was asked for is left for the viewer to take, by address and range, and to stop.
async function first(picture) {
  const { tiles, index, widest } = picture.dataset;
  const { href } = new URL(tiles, location);
  const asked = (globalThis.asked = new Map());
  const ask = (from, length) => {
    const range = `bytes=${from}-${from + length - 1}`;
    const stop = new AbortController();
    const answer = fetch(href, { headers: { range }, signal: stop.signal });
    answer.catch(() => {});
    asked.set(href + range, (signal) => {
      signal?.addEventListener("abort", () => stop.abort());
      return answer;
    });
    return answer;
  };
  const program = fetch(new URL("first_bg.wasm", import.meta.url));
  // A copy, before the viewer can have read it. Without ranges the answer is the whole pack, and is not
  // asked for twice.
  const copy = ask(0, +index).then((answer) => answer.status === 206 && answer.clone().body.getReader());
  const { default: start, ranges } = await import("./first.js");
  const [reader] = await Promise.all([copy, start({ module_or_path: program })]);
  if (!reader) return;
  // Where tiles lie is said first, and is known before all of the index is there.
  let head = [];
  let found;
  while (!found) {
    const { value } = await reader.read();
    if (!value) return;
    head = [...head, ...value];
    found = ranges(head, +index, location.hash, innerWidth, innerHeight, devicePixelRatio, +widest);
  }
  // Where the viewer was sooner it has taken the index, and asks itself.
  for (let at = 0; at < found.length && asked.size > at / 2; at += 2) {
    ask(found[at], found[at + 1]);
    // All but one leave the line to the picture in the page.
    if (!at) await picture.decode().catch(() => {});
  }
}

// The rest of the viewer, joined to what runs already.
async function rest(viewer) {
  const answer = await fetch(new URL("viewer_rest.wasm", import.meta.url));
  if (!answer.ok) throw answer.status;
  const program = await WebAssembly.compile(await answer.arrayBuffer());
  await WebAssembly.instantiate(program, { v: await viewer });
}
