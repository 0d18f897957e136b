// The search field: an editable combobox with a list (WAI-ARIA APG); on /search/ all results. See docs/search.md.

const IN_LIST = 8, ON_PAGE = 100;
const part = (selector) => document.querySelector(selector);
const form = part(".search"), field = form.q, panel = part(".search-panel"), list = part("#search-list");
const none = part(".search-none"), results = part("#results"), asked = new URLSearchParams(location.search).get("q");
// The tree of the display mode that the page is in; every address of ours begins with it.
const PREFIX = document.documentElement.dataset.prefix || "";
let find, loading, active, composing, dismissed;

const json = async (address) => (await fetch(address)).json();

/** Fetches the rules and the index once: first the items, then what they are about and the stations. */
const load = () => loading = loading || (async () => {
  const [{ items, places, searcher }, index] = await Promise.all([import("./matcher.js"), json("/search/items.json")]);
  find = searcher(items(index), index.fillers);
  refresh();
  const [summaries, ...stops] = await Promise.all([index.summaries, ...index.stations].map(json));
  find = searcher(items(index, summaries), index.fillers, stops.flatMap(places));
  refresh();
})().catch(() => { loading = null; });

const make = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

const row = ({ entry: { address, plain, beside, tag }, name }) => make("a", { href: PREFIX + address, className: "found" },
  make("span", { className: "found-name" }, plain), make("span", { className: "tag" }, tag),
  make("span", { className: "found-beside" }, [...new Set([plain, beside, name])].slice(1).join("，也叫")));

const words = (found, query) => !found.length ? `没有查到“${query}”`
  : found[0].guess ? "没有正好叫这个的，您看是不是下面这些" : `查到 ${found.length} 项`;

const choose = (option) => {
  if (active) active.removeAttribute("aria-selected");
  active = option;
  field.setAttribute("aria-activedescendant", option ? option.id : "");
  if (!option) return;
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
};

const open = (whether) => {
  choose();
  panel.hidden = !whether;
  field.setAttribute("aria-expanded", whether && !list.hidden);
};

const show = () => {
  const query = field.value.trim();
  if (!find || !query) return open(false);
  const found = find(query), rows = found.slice(0, IN_LIST).map(row), more = `${form.action}?q=${encodeURIComponent(query)}`;
  if (found.length > IN_LIST) rows.push(make("a", { href: more, className: "found" }, `看全部 ${found.length} 项`));
  rows.forEach((option, at) => {
    Object.assign(option, { id: `found-${at}`, tabIndex: -1 }).setAttribute("role", "option");
  });
  list.textContent = "";
  list.append(...rows);
  list.hidden = !found.length;
  none.hidden = !list.hidden;
  for (const told of form.querySelectorAll(".search-told")) told.textContent = words(found, query);
  open(true);
};

/** Shows what is found now, unless somebody is in the list already, or has closed it and typed nothing since. */
const refresh = () => { if (!active && !composing && !dismissed && field === document.activeElement) show(); };

/** The options are a ring, with the field itself between the last and the first. */
const move = (by) => {
  if (panel.hidden) show();
  const ring = [undefined, ...list.children];
  choose(ring[(ring.indexOf(active) + by + ring.length) % ring.length]);
};

// What each key does; true leaves it to the browser.
const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Enter: () => !active || active.click(),
  Escape: () => panel.hidden || (dismissed = true, open(false)),
};

for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id]])
  field.setAttribute(name, value);
open(false);
field.onfocus = load;
field.oninput = () => { dismissed = false; choose(); load(); refresh(); };
// While an input method composes, the field and its keys are its own; Safari tells its last Enter only by the code 229.
field.addEventListener("compositionstart", () => { composing = true; });
field.addEventListener("compositionend", () => { composing = false; refresh(); });
field.onkeydown = (event) => {
  const act = !composing && event.keyCode !== 229 && KEYS[event.key];
  if (act && act() !== true) event.preventDefault();
};
panel.onmousedown = (event) => event.preventDefault();
form.addEventListener("focusout", ({ relatedTarget }) => form.contains(relatedTarget) || open(false));

const answer = async () => {
  field.value = asked;
  await load();
  const found = find ? find(asked) : [];
  part("#results-title").textContent = !find ? "查找没有打开，请在下面按拼音找"
    : words(found, asked) + (found.length > ON_PAGE ? `，先列出 ${ON_PAGE} 项` : "");
  part("#results > ul").append(...found.slice(0, ON_PAGE).map((each) => make("li", {}, row(each))));
  if (find && !found.length) results.append(Object.assign(none.cloneNode(true), { hidden: false }));
  results.hidden = false;
};
if (results && asked && asked.trim()) answer();
