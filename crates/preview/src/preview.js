// Updates the page of a preview after each event of the server.

const element = (id) => document.getElementById(id);
const [frame, kind, status] = ['site', 'kind', 'status'].map(element);
const { lang } = document.documentElement;

let shown = { state: -1, site: -1 };
let isUpdating = false;
let newest = null;

// Replaces the content of an element if it has changed, so that the focus and the selection remain.
function setHtml(id, html) {
  const target = element(id);
  if (target.dataset.html === html) return;
  target.dataset.html = html;
  target.innerHTML = html;
}

function setKinds(kinds) {
  const selected = kind.value;
  const options = kinds.map(({ code, label }) => new Option(label, code, false, code === selected));
  const text = JSON.stringify(kinds);
  if (kind.dataset.kinds === text) return;
  kind.dataset.kinds = text;
  kind.replaceChildren(kind.options[0], ...options);
  // The problems of the selected kind may have been solved.
  kind.value = kinds.some(({ code }) => code === selected) ? selected : '';
}

// Loads the page in the frame again, at the same position.
function reloadFrame() {
  const view = frame.contentWindow;
  const position = { left: view.scrollX, top: view.scrollY, behavior: 'instant' };
  frame.addEventListener('load', () => {
    frame.contentWindow.scrollTo(position);
    // The viewer may still change the height of the page.
    requestAnimationFrame(() => frame.contentWindow.scrollTo(position));
    document.body.dataset.site = shown.site;
  }, { once: true });
  view.location.reload();
}

async function update() {
  if (isUpdating) return;
  isUpdating = true;
  try {
    while (newest && (newest.state > shown.state || newest.isForced)) {
      newest.isForced = false;
      const parameters = new URLSearchParams({ lang, kind: kind.value });
      const response = await fetch(`content?${parameters}`);
      const content = await response.json();
      const isNewSite = content.revision.site !== shown.site;
      shown = content.revision;
      if (status.textContent !== content.status) status.textContent = content.status;
      element('progress').textContent = content.progress;
      setHtml('counts', content.counts);
      setKinds(content.kinds);
      setHtml('problems', content.problems);
      setHtml('changes-list', content.changes);
      element('changes').hidden = content.changes === '';
      document.body.dataset.state = content.is_ready ? 'ready' : 'busy';
      // Before the site has been published, its scripts would not find their files.
      if (!content.is_draft) frame.removeAttribute('sandbox');
      if (isNewSite) reloadFrame();
    }
  } finally {
    isUpdating = false;
  }
}

kind.addEventListener('change', () => {
  newest = { ...shown, isForced: true };
  update();
});

const events = new EventSource('events');
events.addEventListener('message', ({ data }) => {
  const revision = JSON.parse(data);
  // The server was started again.
  if (revision.state < shown.state) shown = { state: -1, site: -1 };
  newest = revision;
  update();
});
events.addEventListener('error', () => {
  document.body.dataset.state = 'disconnected';
  status.textContent = document.body.dataset.disconnected;
});
