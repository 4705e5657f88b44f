// Displays an item in a frame of another site: the image, its title, and a link to its page. The address names the item
// (`?id=plate-fez`), and can name a page (`&page=3`), a language (`&lang=fr`) and a detail (`#xywh=…`, in pixels).
const root = new URL("../../", import.meta.url);
const parameters = new URLSearchParams(location.search);
const element = (name, properties, ...children) => {
  const out = Object.assign(document.createElement(name), properties);
  out.append(...children);
  return out;
};

const languages = document.documentElement.dataset.languages.split(" ");
const preferred = [parameters.get("lang"), ...navigator.languages.map((tag) => tag.split("-")[0])];
const lang = preferred.find((tag) => languages.includes(tag)) ?? languages[0];
document.documentElement.lang = lang;
document.documentElement.dir = lang === "ar" ? "rtl" : "ltr";

// Returns the text of a IIIF language map that suits the reader.
const text = (map) => (map[lang] ?? map.none ?? Object.values(map)[0] ?? []).join(" ");

async function read(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status}: ${url}`);
  return response.json();
}

// Returns the image of a canvas, in a width that suits the frame.
async function image(canvas, region, alt) {
  const { body } = canvas.items[0].items[0];
  const service = body.service[0].id;
  const { sizes } = await read(new URL(new URL(`${service}/info.json`).pathname, root));
  const needed = innerWidth * devicePixelRatio * (canvas.width / region[2]);
  const size = sizes.find(({ width }) => width >= needed) ?? sizes.at(-1);
  const img = element("img", { alt, src: new URL(`${service}/full/${size.width},${size.height}/0/default.jpg`).href });
  img.addEventListener("error", () => { img.src = body.id; }, { once: true });
  const [x, y, width, height] = region;
  const frame = element("div", { className: "detail" }, img);
  frame.style.setProperty("--ratio", width / height);
  Object.assign(img.style, {
    width: `${(100 * canvas.width) / width}%`,
    left: `${(-100 * x) / width}%`,
    top: `${(-100 * y) / height}%`,
  });
  return frame;
}

async function display() {
  const id = parameters.get("id") ?? "";
  const manifest = await read(new URL(`manifests/item/${encodeURIComponent(id)}.json`, root));
  const page = Number(parameters.get("page") ?? 1);
  const canvas = manifest.items[page - 1] ?? manifest.items[0];
  const title = text(manifest.label);
  const whole = [0, 0, canvas.width, canvas.height];
  const numbers = /^#xywh=([\d.]+),([\d.]+),([\d.]+),([\d.]+)/.exec(location.hash)?.slice(1).map(Number);
  const region = numbers && numbers[2] > 0 && numbers[3] > 0 ? numbers : whole;
  const file = document.documentElement.dataset.index ?? "";
  const url = new URL(`${lang}/item/${encodeURIComponent(id)}/${file}`, root);
  if (page > 1) url.searchParams.set("page", page);
  if (numbers) url.hash = location.hash;
  document.title = title;
  const link = element("a", { href: url, target: "_blank", rel: "noopener" }, await image(canvas, region, title));
  const name = element("a", { href: url, target: "_blank", rel: "noopener", dir: "auto" }, title);
  const archive = element("span", { dir: "auto" }, text(manifest.provider[0].label));
  document.querySelector("main").replaceChildren(element("figure", {}, link, element("figcaption", {}, name, " · ", archive)));
}

display().catch((error) => {
  console.error(error);
  document.querySelector("[data-failed]").hidden = false;
});
