// The station's desk: pick an item, one press, see the place in the queue, talk.

import { ConsultView } from "./consult.js";
import { connect, press, rememberScheme } from "./desk.js";
import { checkDevices } from "./device-check.js";
import { byId, elapsed, h, showOnly } from "./dom.js";
import { showGuide } from "./guide.js";

const SECTIONS = ["idle", "waiting", "consult", "ended"];
const OUTCOMES = {
  advised: "工作人员已解答。",
  notice: "工作人员已一次性告知需要补齐的材料。",
  prereviewed: "材料预审通过。",
  accepted: "街道同意受理。",
  referred: "已转其他部门办理。",
  broken: "咨询中断，没有办完。可以重新呼叫。",
};
const REASONS = {
  cancelled: "您取消了呼叫。",
  abandoned: "站点离线太久，呼叫已取消。需要时请重新呼叫。",
  lost: "双方都离线太久，咨询已结束。需要时请重新呼叫。",
};

const FARTHEST = 3;

const signaling = connect();
const view = new ConsultView(signaling, "station");
let items = [];
let chosen = null;
let snapshot = null;
let checking = false;

function show(next, welcomed = false) {
  if (next !== null && snapshot?.id === next.id && next.version < snapshot.version) return;
  const before = snapshot;
  snapshot = next;
  view.show(next, welcomed);
  if (next === null) showOnly(SECTIONS, before === null ? "idle" : shownOf(before));
  else if (next.state === "waiting" || next.state === "ringing") showWaiting();
  else if (next.state === "ended") showEnded();
  else showOnly(SECTIONS, "consult");
}

/** A welcome without a consultation: one that had not ended here has ended meanwhile. */
function shownOf(before) {
  if (before.state === "ended") return "ended";
  byId("ended-note").textContent = "咨询在连接中断时结束了。";
  return "ended";
}

function showWaiting() {
  const { item, position, clerks, state, openedAt } = snapshot;
  showOnly(SECTIONS, "waiting");
  byId("place").textContent = position === null ? "" : `您排在第 ${position} 位`;
  byId("waiting-item").textContent = item.name;
  byId("waiting-time").textContent = elapsed(Date.parse(openedAt), view.now);
  byId("waiting-clerks").textContent = clerks.present ? `${clerks.present} 位，${clerks.free} 位空闲` : "暂时没有";
  byId("waiting-note").textContent =
    state === "ringing" ? "街道中心正在响铃，请稍候。" : "街道中心暂时没有工作人员在线。有人上线会立即看到您的呼叫，请不要关闭本页。";
}

function showEnded() {
  const { outcome, endReason } = snapshot;
  byId("ended-note").textContent = OUTCOMES[outcome] ?? REASONS[endReason] ?? "工作人员正在填写办理结果。";
  showOnly(SECTIONS, "ended");
}

function choose(item) {
  chosen = item;
  byId("chosen").replaceChildren("要咨询：", h("strong", {}, item.name));
  byId("preview").hidden = false;
  showGuide(byId("preview"), item.code);
  listItems();
  allowCall();
}

/** How near an item is to what was typed: the very name, its beginning, a part of it, or not at all. */
function rank({ name, plain_name, aliases }, words) {
  const distance = (text) => (text === words ? 0 : text.startsWith(words) ? 1 : text.includes(words) ? 2 : FARTHEST);
  return Math.min(...[name, plain_name, ...aliases].map((text) => distance(text.toLowerCase())));
}

function listItems() {
  const words = byId("search").value.trim().toLowerCase();
  const ranked = items.map((item) => [rank(item, words), item]).filter(([place]) => place < FARTHEST);
  const found = ranked.sort(([a], [b]) => a - b).map(([, item]) => item);
  byId("items").replaceChildren(...found.map((item) =>
    h("li", {}, h("button", { type: "button", class: "item", "aria-pressed": String(item === chosen), onclick: () => choose(item) },
      h("span", { class: "item-name" }, item.plain_name), h("span", { class: "item-official" }, item.name), h("span", { class: "tag" }, item.kind_name)))));
  if (found.length === 0) byId("items").append(h("li", { class: "empty" }, "没有找到。请换一个说法，或只输入一两个字。"));
}

function allowCall() {
  byId("call").disabled = chosen === null || checking;
  byId("call-hint").textContent = checking ? "设备检查完就可以呼叫。" : "";
  byId("check-again").disabled = checking;
}

async function check() {
  checking = true;
  allowCall();
  try {
    const found = await checkDevices();
    // What was not checked is checked the next time the desk opens.
    if (found.network !== "unchecked") signaling.send("checked", found);
  } finally {
    checking = false;
    allowCall();
  }
}

async function loadItems() {
  const response = await fetch("items.json");
  if (!response.ok) return;
  items = await response.json();
  listItems();
  const asked = items.find((item) => item.code === new URLSearchParams(location.search).get("item"));
  if (asked && chosen === null) choose(asked);
}

signaling.addEventListener("welcome", ({ detail }) => {
  view.clockOffset = Date.parse(detail.now) - Date.now();
  show(detail.consultation, true);
  loadItems();
  if (!detail.checkedToday && detail.consultation === null && !checking && byId("check").hidden) check();
});
signaling.addEventListener("consultation", ({ detail: { consultation } }) => {
  // What comes of an earlier consultation must not cover the present one.
  if (consultation.state !== "ended" || consultation.id === snapshot?.id) show(consultation);
});

byId("search").addEventListener("input", listItems);
byId("call").addEventListener("click", () => press(byId("call"), () => signaling.request("call", { item: chosen.code })));
byId("check-again").addEventListener("click", check);
byId("cancel").addEventListener("click", () => press(byId("cancel"), () => signaling.request("cancel", { consultation: snapshot.id })));
byId("hang-up").addEventListener("click", () => press(byId("hang-up"), () => signaling.request("end", { consultation: snapshot.id })));
byId("again").addEventListener("click", () => {
  snapshot = null;
  showOnly(SECTIONS, "idle");
  byId("search").focus();
});
setInterval(() => byId("waiting").hidden || showWaiting(), 1000);

rememberScheme();
signaling.start();
