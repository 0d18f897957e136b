// The station that a resident has chosen: remembered on this device alone, and what pages then say of it.

import { status } from "./open-hours.js";

const KEY = "kezhong.station";
const PREFIX = document.documentElement.dataset.prefix || "";
// What a station's page and its street's file are called: anything else in the store is not ours.
const PAGE = /^\/streets\/[a-z0-9-]+\/[a-z0-9-]+\.html$/, FILE = /^\/streets\/[a-z0-9-]+\.json$/;
const part = (id) => document.getElementById(id);
const json = async (address) => (await fetch(address)).json();

/** { address, name, file } or null; a browser that forbids storage remembers nothing. */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return PAGE.test(kept?.address) && FILE.test(kept.file) && typeof kept.name === "string" ? kept : null;
  } catch { return null; }
}

function write(station) {
  try {
    if (station) localStorage.setItem(KEY, JSON.stringify(station));
    else localStorage.removeItem(KEY);
  } catch { /* Nothing is remembered then, and nothing is lost. */ }
}

function make(tag, words, properties = {}) {
  return Object.assign(document.createElement(tag), { textContent: words }, properties);
}

const link = (station) => make("a", station.name, { href: PREFIX + station.address });

/** "现在开着，12:00 休息", with a class that says so by shape too. */
export function sayOpen(element, week, holidays) {
  const told = status(week, holidays, new Date());
  if (!told) return;
  element.textContent = told.words;
  element.className = `open-state ${told.open ? "is-open" : told.open === null ? "is-unsure" : "is-shut"}`;
  element.hidden = false;
}

export const holidays = () => json("/streets/holidays.json");

/** On a station's page: whether it is open, and the button that makes it one's own. */
function onStation(button) {
  const own = { address: button.dataset.address, name: button.dataset.name, file: button.dataset.file };
  const show = () => {
    const chosen = read()?.address === own.address;
    button.textContent = chosen ? "忘记这个站点" : "设为我的站点";
    part("choose-told").textContent = chosen ? "这是您的站点，只记在这台设备上。办事指南会先说它。" : "";
  };
  button.addEventListener("click", () => {
    write(read()?.address === own.address ? null : own);
    show();
  });
  button.hidden = false;
  show();
}

/** What a list or a guide says of one's own station. */
async function onOther(box, mine) {
  const item = box.dataset.item;
  const short = part("my-station-short");
  if (short) {
    short.append(make("span", "您的站点："), link(mine));
    short.hidden = false;
  }
  const [street, off] = await Promise.all([json(mine.file), holidays()]);
  const station = street.stations[mine.address];
  if (!station) return;
  const told = make("p", "");
  box.append(make("h3", item ? "您的站点" : "我的站点"), told);
  const offered = !item || (street.items.includes(item) && !station.without.includes(item));
  if (!offered) {
    told.append(link(mine), "不办这一项，请到");
    told.append(make("a", street.centre.name, { href: PREFIX + street.centre.address }), `，电话 ${street.centre.phone}。`);
  } else {
    told.append(link(mine), `，${station.place}，${station.hours}，电话 ${station.phone}。`);
    const open = box.appendChild(make("p", "", { hidden: true }));
    sayOpen(open, station.week, off);
  }
  box.hidden = false;
}

const button = part("choose-station"), box = part("my-station"), open = part("open-now");
if (button) onStation(button);
if (open) holidays().then((off) => sayOpen(open, JSON.parse(open.dataset.week), off)).catch(() => {});
const mine = box && read();
if (mine) onOther(box, mine).catch(() => {});
