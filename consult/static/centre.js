// The street centre's desk: who waits, for what, how long; answer; say what came of it.

import { ConsultView } from "./consult.js";
import { connect, press, rememberScheme } from "./desk.js";
import { byId, elapsed, h, showOnly, toggle } from "./dom.js";
import { mute, ring } from "./ring.js";

const SECTIONS = ["idle", "consult"];
const TALKING = ["connecting", "live"];
const RING_EVERY = 4000;
const OUTCOMES = [
  ["advised", "已解答"],
  ["notice", "已一次性告知"],
  ["prereviewed", "预审通过"],
  ["accepted", "同意受理"],
  ["referred", "转其他部门"],
  ["broken", "中断，没有办完"],
];
const TITLE = document.title;

const signaling = connect();
const view = new ConsultView(signaling, "centre");
const dialog = byId("outcome");
let snapshot = null;
let tickets = [];
let rangAt = 0;

function show(next, welcomed = false) {
  if (next !== null && snapshot?.id === next.id && next.version < snapshot.version) return;
  snapshot = next;
  // A released consultation is back in the queue and no longer this clerk's.
  const talking = next !== null && TALKING.includes(next.state) && next.clerk !== null;
  view.show(talking ? next : null, welcomed);
  showOnly(SECTIONS, talking ? "consult" : "idle");
  const wanting = next?.state === "ended" && next.outcome === null && next.clerk !== null;
  if (wanting) askOutcome();
  else if (!talking && dialog.open) dialog.close();
}

function askOutcome() {
  const ended = snapshot.state === "ended";
  byId("outcome-about").textContent = `${snapshot.station.name}，${snapshot.item.name}${ended ? "。通话已经结束，请填写结果后再接下一个。" : ""}`;
  byId("outcome-back").hidden = ended;
  byId("outcome-save").textContent = ended ? "保存" : "结束并保存";
  if (!dialog.open) {
    byId("outcome-form").reset();
    byId("outcome-save").disabled = true;
    dialog.showModal();
  }
}

async function saveOutcome() {
  const outcome = new FormData(byId("outcome-form")).get("outcome");
  const type = snapshot.state === "ended" ? "conclude" : "end";
  const saved = await press(byId("outcome-save"), () => signaling.request(type, { consultation: snapshot.id, outcome }));
  if (saved) dialog.close();
}

function showQueue({ tickets: waiting, clerks }) {
  if (waiting.length > tickets.length) rangAt = 0;
  tickets = waiting;
  byId("queue-count").textContent = `${tickets.length} 位`;
  byId("queue-clerks").textContent = `${clerks.present} 位工作人员在线，${clerks.free} 位空闲`;
  byId("queue-empty").hidden = tickets.length > 0;
  byId("queue").replaceChildren(...tickets.map(row));
  tick();
}

function row({ consultation, item, station, socialWorker, present, openedAt }) {
  const answer = h("button", { type: "button", class: "button primary", "aria-label": `接听 ${station.name} ${item.name}` }, "接听");
  answer.addEventListener("click", () => press(answer, () => signaling.request("claim", { consultation })));
  return h("li", { class: "queue-row" },
    h("div", { class: "queue-what" }, h("strong", {}, item.name), h("span", {}, station.name), h("span", {}, `${socialWorker.name}，工号 ${socialWorker.number}`),
      present ? null : h("span", { class: "tag attention" }, "站点暂时离线")),
    h("p", { class: "queue-wait" }, "已等待 ", h("span", { class: "number", "data-since": openedAt })),
    answer);
}

/** Waiting times, the title, and the ring: once when one comes, then again every few seconds. */
function tick() {
  for (const place of document.querySelectorAll("[data-since]")) place.textContent = elapsed(Date.parse(place.dataset.since), view.now);
  document.title = tickets.length ? `（${tickets.length}）有人在等 · ${TITLE}` : TITLE;
  const free = byId("consult").hidden && !dialog.open;
  if (tickets.length && free && performance.now() - rangAt > RING_EVERY) {
    ring();
    rangAt = performance.now();
  }
}

signaling.addEventListener("welcome", ({ detail }) => {
  view.clockOffset = Date.parse(detail.now) - Date.now();
  showQueue(detail.queue);
  show(detail.consultation, true);
});
signaling.addEventListener("consultation", ({ detail: { consultation } }) => {
  // What comes of an earlier consultation must not cover the present one.
  if (consultation.state !== "ended" || consultation.id === snapshot?.id) show(consultation);
});
signaling.addEventListener("queue", ({ detail }) => showQueue(detail));

byId("outcome-options").append(...OUTCOMES.map(([value, text]) =>
  h("label", { class: "option" }, h("input", { type: "radio", name: "outcome", value }), text)));
byId("outcome-options").addEventListener("change", () => (byId("outcome-save").disabled = false));
byId("outcome-form").addEventListener("submit", (event) => {
  event.preventDefault();
  saveOutcome();
});
byId("outcome-back").addEventListener("click", () => dialog.close());
// Escape must not leave an ended consultation without its outcome.
dialog.addEventListener("cancel", (event) => snapshot?.state === "ended" && event.preventDefault());
byId("hang-up").addEventListener("click", askOutcome);
byId("release").addEventListener("click", () => press(byId("release"), () => signaling.request("release", { consultation: snapshot.id })));
toggle(byId("sound"), "sound-muted", (muted) => {
  mute(muted);
  byId("sound").textContent = muted ? "打开铃声" : "铃声静音";
});
setInterval(tick, 1000);

rememberScheme();
signaling.start();
