// The nearest stations: the position stays in this page, no request carries it.

import { holidays, sayOpen } from "./my-station.js";

const PREFIX = document.documentElement.dataset.prefix || "";
const SHOWN = 5, FAR = 30000, METRES_A_DEGREE = 111195, DETOUR = 1.3, METRES_A_MINUTE = 70, QUARTER_HOUR = 15;
const REFUSED = {
  1: "浏览器没有允许读取位置。请在下面按街道找。",
  2: "现在读不到位置。请在下面按街道找。",
  3: "等了很久没有读到位置。请再按一次，或者在下面按街道找。",
};

const button = document.getElementById("find-nearest"), told = document.getElementById("nearest-told");
const list = document.getElementById("nearest-list");

function metres([longitude, latitude], here) {
  const north = (latitude - here.latitude) * METRES_A_DEGREE;
  const east = (longitude - here.longitude) * METRES_A_DEGREE * Math.cos(here.latitude * Math.PI / 180);
  return Math.hypot(north, east);
}

/** Nobody counts an hour's walk in minutes. */
const walk = (minutes) => (minutes < 60 ? `约 ${minutes} 分钟` : "要一小时以上");

function row(station, distance, weeks, off) {
  const [, , name, address, week] = station, minutes = Math.ceil(distance * DETOUR / METRES_A_MINUTE);
  const item = document.createElement("li"), open = document.createElement("span");
  open.hidden = true;
  item.append(
    Object.assign(document.createElement("a"), { href: PREFIX + address, textContent: name }),
    Object.assign(document.createElement("span"), {
      textContent: `走路${walk(minutes)}，${minutes <= QUARTER_HOUR ? "在一刻钟以内" : "一刻钟以外"}`,
    }),
    open,
  );
  sayOpen(open, weeks[week], off);
  return item;
}

async function show({ coords }) {
  const [near, off] = await Promise.all([fetch("/streets/nearby.json").then((answer) => answer.json()), holidays()]);
  const found = near.stations.map((station) => [station, metres(station, coords)]).sort((a, b) => a[1] - b[1]);
  if (found[0][1] > FAR) {
    say("您现在离本区很远。请在下面按街道找。");
    return;
  }
  list.replaceChildren(...found.slice(0, SHOWN).map(([station, distance]) => row(station, distance, near.weeks, off)));
  const isNear = found[0][1] * DETOUR / METRES_A_MINUTE <= QUARTER_HOUR;
  say(isNear ? "离您最近的站点：" : "一刻钟以内没有站点。这几个最近，路远可以先打电话，问能不能上门或者代办。");
}

function say(words) {
  told.textContent = words;
  button.disabled = false;
}

if ("geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    told.textContent = "正在读取位置……";
    list.replaceChildren();
    navigator.geolocation.getCurrentPosition(
      (position) => show(position).catch(() => say("现在读不到站点名单。请在下面按街道找。")),
      (error) => say(REFUSED[error.code]),
      { timeout: 15000, maximumAge: 60000 },
    );
  });
}
