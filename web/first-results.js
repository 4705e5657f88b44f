// Displays the first results of the query in the URL as soon as the worker has found them. On a slow line, the
// viewer arrives some seconds later; it then displays the same results in their place.

// No request of the viewer has this number.
const REQUEST = 0xffffffff;

// Requests the results from the worker, and displays them over the space that the hidden results keep.
export async function showFirstResults(worker, root) {
  const { documentElement } = document;
  const state = document.querySelector("#page-state").textContent;
  const answer = new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => {
      if (data?.[0] !== REQUEST || data[1] !== "view") return;
      // The viewer requests the excerpts.
      worker.postMessage([REQUEST, "cancel"]);
      resolve(JSON.parse(data[2]));
    });
  });
  worker.postMessage([0, "start", root, state]);
  worker.postMessage([REQUEST, "show", documentElement.lang, `_/browse/${location.search}`]);
  const { cards, facets } = (await answer).browse ?? {};
  const list = document.querySelector(".results > ul");
  const layout = new URLSearchParams(location.search).get("view");
  if (!cards?.length || !list || layout === "table" || !("query" in documentElement.dataset)) return;
  const images = cards.filter(({ image }) => image).length;
  const isShelf = layout ? layout === "shelf" : images > 0 && images * 4 >= cards.length;
  const results = element("ul", { className: `first-results ${isShelf ? "shelf" : "lines"}` });
  const { pages } = JSON.parse(state).site;
  results.append(...cards.map((card, i) => item(card, pageUrl(card.id, pages, root), root, isShelf, i)));
  const { top, left, width } = list.getBoundingClientRect();
  // The viewer displays no histogram if the results are of one period.
  const isPeriod = ({ field }) => /^date:(decade|century)$/.test(field);
  const hasHistogram = facets.some((facet) => isPeriod(facet) && facet.values.filter(({ count }) => count > 0).length > 1);
  const histogram = hasHistogram ? 0 : document.querySelector(".browse > .span")?.offsetHeight ?? 0;
  Object.assign(results.style, { top: `${top + scrollY - histogram}px`, left: `${left + scrollX}px`, width: `${width}px` });
  document.body.append(results);
  // The viewer removes the mark when it displays the results.
  new MutationObserver(() => {
    if (!("query" in documentElement.dataset)) results.remove();
  }).observe(documentElement, { attributeFilter: ["data-query"] });
}

// Returns the URL of the page of an item. It is that of the viewer unless each item has a page.
function pageUrl(id, pages, root) {
  const { lang, dataset: { index = "" } } = document.documentElement;
  const name = encodeURIComponent(id);
  return new URL(pages === "items" ? `${lang}/item/${name}/${index}` : `${lang}/item/${index}?id=${name}`, root);
}

// Creates the same element as the views of the viewer.
function item(card, link, root, isShelf, i) {
  const { matches = {} } = card;
  if (matches.page) link.searchParams.set("page", matches.page + 1);
  link.searchParams.set("q", new URLSearchParams(location.search).get("q") ?? "");
  const title = text("span", card.title, matches.title, "card-title");
  const frame = element("span", { className: "card-image" });
  if (card.image) {
    const { path, width, height, large } = card.image;
    const small = new URL(path, root).href;
    const image = element("img", { alt: "", width, height, loading: i < 6 ? "eager" : "lazy" });
    if (large) image.srcset = `${small} ${width}w, ${new URL(large[0], root)} ${large[1]}w`;
    image.sizes = isShelf ? "(min-width: 48rem) 13rem, 44vw" : "3.25rem";
    image.src = small;
    image.style.setProperty("--r", width / height);
    image.style.background = `#${card.image.tone}`;
    frame.append(element("span", { className: "box" }, image));
  } else {
    const paper = element("span", { className: "leaf-paper" });
    if (isShelf) paper.append(title);
    frame.append(paper);
  }
  const anchor = element("a", { className: "card-link", href: link }, frame);
  if (card.image || !isShelf) anchor.append(title);
  const facts = element("p", { className: "quiet" });
  if (card.creator) facts.append(text("bdi", card.creator, matches.creator));
  if (card.date) facts.append(element("bdi", {}, card.date));
  if (card.collection) facts.append(text("bdi", card.collection));
  const out = element("li", { className: "card" }, anchor);
  if (matches.excerpt) out.append(element("p", { className: "excerpt" }));
  out.append(facts);
  return out;
}

function text(name, { lang, text }, fragments, className = "") {
  const out = element(name, { className, dir: "auto" });
  if (lang !== "und") out.lang = lang;
  if (!fragments?.length) out.append(text);
  for (const { text, is_match: isMatch } of fragments ?? []) out.append(isMatch ? element("mark", {}, text) : text);
  return out;
}

function element(name, properties, ...children) {
  const out = Object.assign(document.createElement(name), properties);
  out.append(...children);
  return out;
}
