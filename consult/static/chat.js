// Text beside the picture. A line is shown when the service has kept it; what was not kept is sent again.

import { byId, h } from "./dom.js";
import { Lost } from "./protocol.js";

const SIDES = { station: "站点", centre: "街道" };
const clock = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

export class Chat {
  #signaling;
  #side;
  #consultation = null;
  #shown = new Set();
  #unsent = new Map();
  #unread = 0;

  constructor(signaling, side) {
    this.#signaling = signaling;
    this.#side = side;
    signaling.addEventListener("chat", ({ detail }) => this.#show(detail));
    signaling.addEventListener("history", ({ detail: { consultation, lines } }) =>
      lines.forEach((line) => this.#show({ consultation, ...line })));
    signaling.addEventListener("welcome", () => this.#sendAgain());
    byId("chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say(byId("chat-text").value.trim());
    });
    byId("tab-chat").addEventListener("click", () => this.open(true));
    byId("tab-guide").addEventListener("click", () => this.open(false));
    this.open(false);
  }

  /** Begins with an empty page for another consultation; lines of the same one stay. */
  begin(consultation) {
    if (consultation === this.#consultation) return;
    this.#consultation = consultation;
    this.#shown.clear();
    this.#unsent.clear();
    byId("chat-lines").replaceChildren();
    this.#count(0);
  }

  /** On a narrow screen guide and chat share a place. */
  open(chat) {
    byId("tab-chat").setAttribute("aria-pressed", String(chat));
    byId("tab-guide").setAttribute("aria-pressed", String(!chat));
    byId("chat").classList.toggle("behind", !chat);
    byId("guide").classList.toggle("behind", chat);
    if (chat) this.#count(0);
  }

  #say(text) {
    if (!text) return;
    byId("chat-text").value = "";
    const id = crypto.randomUUID();
    this.#unsent.set(id, text);
    this.#send(id, text);
  }

  async #send(id, text) {
    try {
      await this.#signaling.request("chat", { consultation: this.#consultation, id, text });
      this.#unsent.delete(id);
    } catch (error) {
      if (error instanceof Lost) return;
      this.#unsent.delete(id);
      byId("chat-text").value ||= text;
      byId("chat-lines").append(h("p", { class: "chat-problem" }, `没有发出：${error.message}`));
    }
  }

  #sendAgain() {
    for (const [id, text] of this.#unsent) this.#send(id, text);
  }

  #show({ consultation, id, side, name, text, at }) {
    const key = `${side} ${id}`;
    if (consultation !== this.#consultation || this.#shown.has(key)) return;
    this.#shown.add(key);
    const mine = side === this.#side;
    const line = h("div", { class: mine ? "chat-mine" : "chat-theirs" },
      h("p", { class: "chat-who" }, `${SIDES[side]} ${name} `, h("time", { datetime: at }, clock.format(new Date(at)))),
      h("p", {}, text));
    byId("chat-lines").append(line);
    byId("chat-lines").scrollTop = byId("chat-lines").scrollHeight;
    if (!mine && byId("chat").classList.contains("behind")) this.#count(this.#unread + 1);
  }

  #count(unread) {
    this.#unread = unread;
    byId("unread").hidden = unread === 0;
    byId("unread").textContent = `${unread} 条新消息`;
  }
}
