// Reads an IIIF content state (IIIF Content State API 1.0), with which other programs link to what this site displays.
const root = new URL("../../", import.meta.url).href;

// Decodes the value of the parameter `iiif-content`: a URL, JSON, or encoded JSON (section 6).
function decode(text) {
  if (/^https?:/.test(text)) return text;
  if (!/^\s*[{[]/.test(text)) text = decodeURIComponent(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  return JSON.parse(text);
}

// Returns the URL of the manifest, canvas or collection that a content state targets, with the region or time as a fragment.
function targetUrl(state) {
  if (typeof state === "string") return state;
  if (Array.isArray(state)) return targetUrl(state[0]);
  if (state.target) return targetUrl(state.target);
  if (state.source) {
    const selector = [state.selector].flat()[0];
    const fragment = selector?.value ?? (selector?.t === undefined ? undefined : `t=${selector.t}`);
    return fragment ? `${targetUrl(state.source).split("#")[0]}#${fragment}` : targetUrl(state.source);
  }
  return state.id ?? state["@id"];
}

// Returns the URL of the site in its documents, which is not that of a copy.
function publishedRoot() {
  const canonical = document.querySelector("link[rel=canonical]")?.href;
  const path = location.href.split(/[?#]/)[0].slice(root.length);
  return canonical?.endsWith(path) ? canonical.slice(0, canonical.length - path.length) : root;
}

// Returns the URL of the page that displays the target of a content state. Returns `undefined` if it is not in this site.
export function contentStatePage(text, lang) {
  try {
    const url = targetUrl(decode(text));
    const base = [root, publishedRoot()].find((base) => url.startsWith(`${base}manifests/`));
    if (!base) return undefined;
    const [path, fragment = ""] = url.slice(base.length).split("#");
    const [, kind, id, page] = /^manifests\/(item|record|text|collection)\/([^/]+?)(?:\.json|\/canvas\/(\d+))$/.exec(path);
    const target = new URL(`${lang}/${kind === "collection" ? kind : "item"}/${id}/${document.documentElement.dataset.index ?? ""}`, root);
    if (page > 1) target.searchParams.set("page", page);
    // A fragment in per cent is not supported: the page is displayed without its region.
    const [, name, value] = /^(xywh=)(?:pixel:)?([\d.,]+)$|^(t=)([\d.]+)/.exec(fragment)?.filter((part) => part !== undefined) ?? [];
    if (name) target.hash = name === "xywh=" ? `${name}${value.split(",").map((number) => Math.round(number))}` : `${name}${value}`;
    return target.href;
  } catch (error) {
    console.error(error);
    return undefined;
  }
}
