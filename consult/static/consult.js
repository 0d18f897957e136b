// The call stage that both desks share: pictures, controls, what is happening, the guide and the chat.

import { Call, openDevices } from "./call.js";
import { Chat } from "./chat.js";
import { byId, elapsed, h, notice, toggle } from "./dom.js";
import { showGuide } from "./guide.js";
import { answered } from "./ring.js";

const GIVEN_UP = 20000;
const TALKING = ["connecting", "live"];

export class ConsultView {
  #signaling;
  #offers;
  #chat;
  #call = null;
  #local = null;
  #snapshot = null;
  #opening = false;
  #interruptedAt = null;
  #guideOf = null;
  #clockOffset = 0;

  /** `side` is this desk's: station or centre; the centre's page makes the offers. */
  constructor(signaling, side) {
    this.#signaling = signaling;
    this.#offers = side === "centre";
    this.#chat = new Chat(signaling, side);
    toggle(byId("microphone"), null, (off) => this.#enable("audio", off, byId("microphone"), ["静音", "取消静音"]));
    toggle(byId("camera"), null, (off) => this.#enable("video", off, byId("camera"), ["关闭画面", "打开画面"]));
    byId("unmute").addEventListener("click", () => this.#play());
    // Taken over by another window: this one lets camera and microphone go at once.
    signaling.addEventListener("status", ({ detail }) => detail === "superseded" && this.show(null));
    setInterval(() => this.#describe(), 1000);
  }

  /** The service's time minus this device's, in milliseconds. */
  set clockOffset(offset) {
    this.#clockOffset = offset;
  }

  get now() {
    return Date.now() + this.#clockOffset;
  }

  /** Takes the newest state of the consultation; after a welcome it also says anew that this page is here. */
  async show(snapshot, welcomed = false) {
    this.#snapshot = snapshot;
    const talking = snapshot !== null && TALKING.includes(snapshot.state);
    if (!talking) return this.#close();
    this.#head(snapshot);
    this.#chat.begin(snapshot.id);
    if (this.#call?.id === snapshot.id) {
      this.#call.update(snapshot);
      if (welcomed) this.#call.ready();
    } else {
      await this.#open();
    }
    this.#describe();
  }

  async #open() {
    if (this.#opening) return;
    this.#opening = true;
    this.#close();
    this.#describe();
    try {
      const { stream, problems } = await openDevices();
      const title = stream.getTracks().length ? "设备有问题，通话照常进行。" : "对方看不到也听不到您，可以用文字交流。";
      if (problems.length) notice("attention", title, problems.join(" "));
      this.#local = stream;
    } finally {
      this.#opening = false;
    }
    // While the devices opened, the consultation may have ended.
    if (!TALKING.includes(this.#snapshot?.state)) return this.#close();
    byId("self").srcObject = this.#local;
    this.#enableAll();
    const call = new Call(this.#signaling, this.#snapshot, this.#local, this.#offers);
    this.#call = call;
    call.addEventListener("stream", ({ detail }) => this.#attach(detail));
    call.addEventListener("state", ({ detail }) => this.#changed(detail));
  }

  #close() {
    this.#call?.close();
    this.#local?.getTracks().forEach((track) => track.stop());
    this.#call = this.#local = this.#interruptedAt = null;
    byId("remote").srcObject = byId("self").srcObject = null;
    byId("unmute").hidden = true;
  }

  #head(snapshot) {
    const { item, station, street, socialWorker, clerk } = snapshot;
    byId("consult-title").textContent = item.name;
    byId("consult-parties").replaceChildren(
      h("span", {}, `${station.name}　${socialWorker.name}，工号 ${socialWorker.number}`),
      h("span", {}, `${street.name}　${clerk.name}，工号 ${clerk.number}`));
    if (this.#guideOf !== item.code) showGuide(byId("guide"), item.code);
    this.#guideOf = item.code;
  }

  #attach(stream) {
    if (byId("remote").srcObject !== stream) byId("remote").srcObject = stream;
    this.#play();
  }

  async #play() {
    try {
      await byId("remote").play();
      byId("unmute").hidden = true;
    } catch (error) {
      // A page that was loaded anew may not sound before it is touched.
      byId("unmute").hidden = error.name !== "NotAllowedError";
    }
  }

  #changed(state) {
    if (state === "connected" && this.#snapshot?.state === "connecting") answered();
    this.#interruptedAt = state === "interrupted" ? (this.#interruptedAt ?? this.now) : null;
    this.#describe();
  }

  /** One plain sentence on what is happening, with the time it has taken. */
  #describe() {
    const snapshot = this.#snapshot;
    if (!snapshot || !TALKING.includes(snapshot.state)) return;
    byId("stage-note").textContent = this.#sentence(snapshot);
    byId("consult").dataset.trouble = String(this.#interruptedAt !== null || !this.#signaling.connected);
  }

  #sentence({ state, claimedAt, liveAt, otherPresent }) {
    if (this.#opening) return "正在打开摄像头和麦克风。浏览器询问时，请点“允许”。";
    const since = (at) => elapsed(Date.parse(at), this.now);
    const gone = this.#interruptedAt !== null && !otherPresent && this.now - this.#interruptedAt > GIVEN_UP;
    if (gone) return `对方可能已经离开（${elapsed(this.#interruptedAt, this.now)}）。可以再等等，或挂断后重新呼叫。`;
    if (this.#interruptedAt !== null) return `画面中断，正在重新接通（${elapsed(this.#interruptedAt, this.now)}）。您不用做什么。`;
    if (!this.#signaling.connected) return "与服务的连接断了，通话继续，正在恢复。";
    if (!otherPresent && state === "live") return "对方与服务的连接断了，通话如果中断会自动恢复。";
    if (!otherPresent) return "对方暂时离线，正在等对方回来。";
    const missing = this.#call?.missing() ?? "";
    return state === "live" ? `通话中 ${since(liveAt)}${missing && `。对方没有${missing}`}` : `正在接通（${since(claimedAt)}）`;
  }

  #enable(kind, off, button, [turnOff, turnOn]) {
    button.textContent = off ? turnOn : turnOff;
    this.#local?.getTracks().filter((track) => track.kind === kind).forEach((track) => (track.enabled = !off));
  }

  #enableAll() {
    for (const [kind, id] of [["audio", "microphone"], ["video", "camera"]]) {
      const off = byId(id).getAttribute("aria-pressed") === "true";
      this.#local.getTracks().filter((track) => track.kind === kind).forEach((track) => (track.enabled = !off));
    }
  }
}
