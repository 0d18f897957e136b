// The search field: an editable combobox with a list (WAI-ARIA APG); all results on /search/. See docs/search.md.
import { items, places, searcher } from "./matcher.js";

const SHOWN = 8;
const form = document.querySelector(".search");
const [field, status, panel, note, list, none] =
  ["input", "[role=status]", ".search-panel", ".search-note", "[role=listbox]", ".search-none"].map((part) => form.querySelector(part));
const results = document.querySelector("#results");

const json = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
};

let find, loading, active = -1;
/** Fetches the index once: first the items, then what they are about and the stations. */
const load = () => loading ??= (async () => {
  const index = await json("/search/items.json");
  find ??= searcher(items(index));
  show();
  const [summaries, ...stations] = await Promise.all([index.summaries, ...index.stations].map(json));
  find = searcher(items(index, summaries), stations.flatMap(places));
  show();
})().catch(() => { loading = undefined; });

const make = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

const part = (className, text) => (text ? [make("span", { className }, text)] : []);

const row = ({ entry: { address, plain, official, tag }, name }) => make("a", { className: "found", href: address },
  ...part("found-name", plain), ...part("tag", tag),
  ...part("found-official", [official !== plain && official, ![plain, official].includes(name) && name && `也叫${name}`].filter(Boolean).join("，")));

const told = (found, query) => !found.length ? `没有查到“${query}”`
  : found[0].guess ? `没有正好叫这个的，您看是不是这 ${found.length} 项` : `查到 ${found.length} 项`;

const activate = (at) => {
  list.children[active]?.removeAttribute("aria-selected");
  active = at;
  const option = list.children[at];
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
};

const open = (whether) => {
  panel.hidden = !whether;
  field.setAttribute("aria-expanded", String(whether && list.children.length > 0));
  activate(-1);
};

const show = () => {
  const query = field.value.trim();
  if (!find || !query || document.activeElement !== field) return open(false);
  const found = find(query);
  const rows = found.slice(0, SHOWN).map(row);
  if (found.length > SHOWN)
    rows.push(make("a", { className: "found", href: `${form.action}?q=${encodeURIComponent(query)}` }, `看全部 ${found.length} 项`));
  rows.forEach((each, at) => { Object.assign(each, { id: `found-${at}`, role: "option", tabIndex: -1 }); });
  list.replaceChildren(...rows);
  none.hidden = found.length > 0;
  note.textContent = status.textContent = told(found, query);
  note.hidden = found.length > 0 && !found[0].guess;
  open(true);
};

/** The page /search/?q=…: everything that was found. */
const answer = async (query) => {
  field.value = query;
  await load();
  const found = find?.(query) ?? [];
  results.querySelector("h2").textContent = find ? told(found, query) : "查找没有打开，请在下面按拼音找";
  results.querySelector("ul").replaceChildren(...found.map((each) => make("li", {}, row(each))));
  if (!found.length) results.append(none.cloneNode(true));
  results.hidden = false;
};

const move = (by) => {
  if (panel.hidden) show();
  const count = list.children.length + 1;
  activate(((active + 1 + by + count) % count) - 1);
};

const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Enter: () => list.children[active].click(),
  Escape: () => open(false),
};

for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }))
  field.setAttribute(name, value);
field.addEventListener("focus", load);
field.addEventListener("input", (event) => { if (!event.isComposing) load(), show(); });
field.addEventListener("compositionend", show);
field.addEventListener("keydown", (event) => {
  // While an input method composes, its keys are its own; Safari tells so only by the code 229.
  if (event.isComposing || event.keyCode === 229 || (event.key === "Enter" && active < 0)) return;
  if (event.key in KEYS && !(event.key === "Escape" && panel.hidden)) event.preventDefault(), KEYS[event.key]();
});
panel.addEventListener("mousedown", (event) => event.preventDefault());
form.addEventListener("focusout", ({ relatedTarget }) => { if (!form.contains(relatedTarget)) open(false); });

const query = new URLSearchParams(location.search).get("q")?.trim();
if (results && query) answer(query);
