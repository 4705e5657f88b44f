// Starts the viewer on a published page, or, on the page at the root of a site, leads on to the
// reader's language. A page on which the viewer cannot start stays as it was published.
const page = document.documentElement;
const choices = page.dataset.choose?.split(" ");
if (choices) {
  const wanted = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => choices.includes(tag));
  if (wanted) location.replace(new URL(`${wanted}/`, location.href));
} else {
  // Where the address leads into a picture, the index of its tiles comes while the viewer does.
  const tiles = /^#xywh=/.test(location.hash) && document.querySelector("[data-tiles]")?.dataset;
  if (tiles) {
    const { href } = new URL(tiles.tiles, location.href);
    globalThis.tilesIndex = [href, fetch(href, { headers: { range: `bytes=0-${tiles.index - 1}` } })];
    globalThis.tilesIndex[1].catch(() => {});
  }
  try {
    const { default: start } = await import("./viewer.js");
    await start({ module_or_path: new URL("viewer_bg.wasm", import.meta.url) });
  } catch (problem) {
    console.error(problem);
    page.dataset.unstarted = "";
    for (const notice of document.querySelectorAll(".unstarted")) notice.hidden = false;
    for (const button of document.querySelectorAll("[data-reload]")) {
      button.addEventListener("click", () => location.reload());
    }
  }
}
