// What both desks begin with: the connection, its state in the bar, the clock, the colour scheme.

import { byId, notice, toggle } from "./dom.js";
import { Lost, Refused, Signaling } from "./protocol.js";

const LINKS = {
  connecting: ["正在连接", ""],
  connected: ["已连接", "fine"],
  lost: ["连接断了，正在恢复", "attention"],
  superseded: ["已在另一个窗口打开", "stop"],
  "signed-out": ["登录已过期", "stop"],
};

/** The signaling of this page, not yet started. */
export function connect() {
  const address = new URL("ws", location.href.replace(/[?#].*$/, ""));
  address.protocol = address.protocol.replace("http", "ws");
  const signaling = new Signaling(address.href, crypto.randomUUID());
  signaling.addEventListener("status", ({ detail }) => showLink(detail));
  return signaling;
}

function showLink(status) {
  const [text, kind] = LINKS[status];
  byId("link").textContent = text;
  byId("link").className = `bar-link tag ${kind}`;
  if (status === "superseded") {
    const box = notice("attention", "工作台已在另一个窗口打开。", "本页不再更新。要在这里继续，请刷新本页。");
    box.id = "superseded";
    byId("consult").hidden = true;
  }
  if (status === "signed-out" && byId("consult").hidden) location.reload();
  else if (status === "signed-out") notice("attention", "登录已过期。", "通话还在继续。通话结束后请刷新本页，重新登录。");
}

export function rememberScheme() {
  toggle(byId("scheme"), "scheme-dark", (dark) => {
    document.documentElement.dataset.scheme = dark ? "dark" : "light";
    byId("scheme").textContent = dark ? "浅色" : "深色";
  });
}

const refusals = new Map();

/** Carries out a press: the button rests until the answer is there, a refusal is shown in words until the next press. */
export async function press(button, action) {
  button.disabled = true;
  refusals.get(button)?.remove();
  try {
    await action();
    return true;
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Lost)) throw error;
    refusals.set(button, notice("attention", "这一步没有完成。", error.message));
    return false;
  } finally {
    button.disabled = false;
  }
}
