// Loads the page again as soon as the preview has another state of the content, and lists the page's dead links.

const { revision, page } = document.currentScript.dataset;
let source;

function listen() {
  source = new EventSource("/.preview/events");
  source.onmessage = ({ data }) => {
    if (data === revision) return;
    source.close();
    location.reload();
  };
}

/** Below the page, in the page's own colours. */
function show(dead) {
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/.preview/preview.css" });
  const bar = Object.assign(document.createElement("aside"), { className: "preview-bar" });
  const head = Object.assign(document.createElement("p"), { textContent: `这一页有 ${dead.length} 个链接打不开，发布时会被拦下` });
  const list = document.createElement("ul");
  list.append(...dead.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  bar.append(head, list);
  document.head.append(style);
  document.body.append(bar);
}

async function look() {
  const answer = await fetch(`/.preview/links?page=${encodeURIComponent(page)}`);
  const dead = answer.ok ? await answer.json() : [];
  if (dead.length) show(dead);
}

listen();
// A page that nobody sees holds no connection: browsers allow a server only six.
document.addEventListener("visibilitychange", () => (document.hidden ? source.close() : listen()));
// The preview may end, or know better meanwhile.
if (page) look().catch(() => {});
