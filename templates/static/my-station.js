// The station that a resident has chosen: remembered on this device alone, and what pages then say of it.

import { status } from "./open-hours.js";

const KEY = "kezhong.station";
const ADDRESS = /^(\/streets\/([a-z0-9-]+))\/[a-z0-9-]+\.html$/;
const PREFIX = document.documentElement.dataset.prefix || "";
const part = (id) => document.getElementById(id);

/** What stands at an address, null where nothing stands there any more. */
async function json(address) {
  const answer = await fetch(address);
  return answer.ok ? answer.json() : null;
}

/** { address, name, street } or null; a browser that forbids storage remembers nothing. */
export function read() {
  try {
    const { address, name } = JSON.parse(localStorage.getItem(KEY));
    return { address, name: String(name), street: ADDRESS.exec(address)[2] };
  } catch { return null; }
}

export function choose(station) {
  try { localStorage.setItem(KEY, JSON.stringify(station)); } catch { /* It will not be remembered. */ }
}

export function forget() {
  try { localStorage.removeItem(KEY); } catch { /* Nothing was remembered. */ }
}

/** Gives back the room kept for a station that is not shown after all. */
const leaveRoom = () => document.documentElement.classList.remove("has-station");

function make(tag, words, properties = {}) {
  return Object.assign(document.createElement(tag), { textContent: words }, properties);
}

const link = (to, words = to.name) => make("a", words, { href: PREFIX + to.address });
const call = (phone) => make("a", phone, { href: `tel:+86-${phone.slice(1)}` });

/** "现在开着，12:00 休息", with a class that says so by shape too. */
export function sayOpen(element, week, holidays) {
  const told = status(week, holidays, new Date());
  if (!told) return;
  element.textContent = told.words;
  element.className = `open-state ${told.open ? "is-open" : told.open === null ? "is-unsure" : "is-shut"}`;
  element.hidden = false;
}

export const holidays = () => json("/streets/holidays.json");

/** Where to go instead with an item that the station does not take; the words stand around a link. */
function elsewhere(street, item) {
  const [address, adding] = Object.entries(street.stations).find(([, each]) => each.adds?.includes(item)) ?? [];
  const to = street.items.includes(item) ? street.centre : adding && { ...adding, address };
  return to ? ["本站不办这一项，请到", link(to), "，电话 ", call(to.phone), "。"] : [`${street.street}目前不办这一项。请打咨询电话 `, call(street.advice), "，问清到哪里办。"];
}

function lines(rows) {
  const list = make("dl", "", { className: "lines" });
  for (const [term, told] of rows) {
    const row = list.appendChild(make("div", ""));
    row.append(make("dt", term), make("dd", ""));
    row.lastChild.append(told);
  }
  return list;
}

function forgetButton(box) {
  const button = make("button", "忘记这个站点", { type: "button", className: "button quiet" });
  button.addEventListener("click", () => {
    forget();
    leaveRoom();
    box.replaceChildren(make("p", "已经忘记。", { tabIndex: -1 }));
    box.firstChild.focus();
  });
  return button;
}

/** What a list or a guide says of one's own station. */
async function onOther(box, mine) {
  const item = box.dataset.item, short = part("my-station-short");
  if (short) {
    short.append("您的站点：", link(mine));
    short.hidden = false;
  }
  const [street, off] = await Promise.all([json(`/streets/${mine.street}.json`), holidays()]);
  const station = street?.stations[mine.address];
  const title = box.appendChild(make(box.dataset.heading ?? "h3", "", { className: "card-title" }));
  title.append(station ? link(mine, `${item ? "您" : "我"}的站点：${station.name}`) : "您的站点有变动");
  const has = (list) => list?.includes(item);
  if (!station) {
    leaveRoom();
    box.append(make("p", `${mine.name}的页面不在了，可能已经改名或者并入别的站点。`), link({ address: "/streets/" }, "重新选一个站点"));
    short?.replaceChildren();
  } else if (item && !has(station.adds) && (!has(street.items) || has(station.without))) {
    box.appendChild(make("p", "")).append(...elsewhere(street, item));
    short?.replaceChildren("您的站点不办这一项，", make("a", "看到哪里办", { href: "#where" }));
  } else {
    // A guide speaks of handing in papers, which may have hours of their own.
    const papers = item && station.papers;
    sayOpen(box.appendChild(make("p", "", { hidden: true })), papers ? papers[1] : station.week, off);
    const rows = [["地址", station.place], [papers ? "收材料" : "时间", papers ? papers[0] : station.hours], ["电话", call(station.phone)]];
    if (item && station.note) rows.push(["请注意", station.note]);
    box.append(lines(rows));
  }
  if (!item) box.append(forgetButton(box));
  box.hidden = false;
}

const box = part("my-station"), mine = box && read();
if (mine) onOther(box, mine).catch(leaveRoom);
else leaveRoom();
