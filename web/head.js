// Describes the page that the viewer displays in the head of the document, which reference managers and other programs
// read from it.

// The elements that describe a page. Those that the browser uses itself, such as the style sheet, are none of them.
const described = [
  "head meta[name]:not([name=viewport], [name=color-scheme], [name=theme-color])",
  "head meta[property]",
  ...["canonical", "alternate", "cite-as", "type", "license", "describedby"].map((relation) => `head link[rel=${relation}]`),
  'head link[rel^="schema."]',
  'script[type="application/ld+json"]',
].join();
const maxDescription = 300;

// Replaces the description of the page by that of its published document. Without one, describes what is displayed.
export function describePage(published) {
  for (const element of document.querySelectorAll(described)) element.remove();
  for (const element of published?.querySelectorAll(described) ?? []) document.head.append(document.importNode(element, true));
  if (!published) describeDisplayed();
  // Zotero reads the page again.
  document.dispatchEvent(new Event("ZoteroItemUpdated"));
}

function describeDisplayed() {
  const { origin, pathname, searchParams } = new URL(location);
  const id = searchParams.get("id");
  const url = origin + pathname + (id ? `?id=${encodeURIComponent(id)}` : "");
  const text = (selector) => document.querySelector(`main ${selector}`)?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const characters = [...(text(".description") || document.title)];
  const description = characters.slice(0, maxDescription).join("").trimEnd() + (characters.length > maxDescription ? "…" : "");
  add("link", { rel: "canonical", href: url });
  add("meta", { name: "description", content: description });
  for (const [property, content] of [["og:title", text("h1")], ["og:url", url], ["og:description", description]]) {
    if (content) add("meta", { property, content });
  }
}

function add(name, attributes) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  document.head.append(element);
}
