// The signaling WebSocket. docs/signaling.md, "Connection" and "Messages".
// Events: "status" (detail: connecting, connected, lost, superseded, signed-out) and one named after each message type.

const SUBPROTOCOL = "kezhong.v1";
const PING_EVERY = 5000;
const SILENCE_LIMIT = 12000;
const FIRST_RETRY = 250;
const LAST_RETRY = 4000;
const HELD = 5000;
const FINAL = { 4401: "signed-out", 4409: "superseded" };

/** The service refused a request; `message` is for the person. */
export class Refused extends Error {
  constructor({ code, text }) {
    super(text);
    this.code = code;
  }
}

/** The connection was lost before the answer; what happened stands in the next welcome. */
export class Lost extends Error {}

export class Signaling extends EventTarget {
  #url;
  #socket = null;
  #welcomed = false;
  #retry = FIRST_RETRY;
  #welcomedAt = null;
  #timer = null;
  #heard = 0;
  #requests = new Map();
  #lastRef = 0;

  constructor(url, peer) {
    super();
    this.#url = url;
    this.peer = peer;
  }

  start() {
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    setInterval(() => this.#beat(), PING_EVERY);
    this.#open();
  }

  get connected() {
    return this.#welcomed;
  }

  /** Sends without waiting for an answer; while the connection is lost, nothing is sent. */
  send(type, fields = {}) {
    if (this.#welcomed) this.#socket.send(JSON.stringify({ type, ...fields }));
  }

  /** Sends and waits. Rejects with Refused or Lost. */
  request(type, fields = {}) {
    if (!this.#welcomed) return Promise.reject(new Lost("与服务的连接断了，恢复后请再试一次。"));
    const ref = String(++this.#lastRef);
    return new Promise((resolve, reject) => {
      this.#requests.set(ref, { resolve, reject });
      this.#socket.send(JSON.stringify({ type, ref, ...fields }));
    });
  }

  #open() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const socket = new WebSocket(this.#url, SUBPROTOCOL);
    this.#socket = socket;
    this.#heard = performance.now();
    socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "hello", peer: this.peer })));
    socket.addEventListener("message", (event) => this.#received(socket, event.data));
    socket.addEventListener("close", (event) => this.#closed(socket, event.code));
  }

  #received(socket, text) {
    if (socket !== this.#socket) return;
    this.#heard = performance.now();
    const message = JSON.parse(text);
    if (message.type === "welcome") {
      this.#welcomed = true;
      this.#welcomedAt = performance.now();
      this.#status("connected");
    } else if (!this.#welcomed) {
      // What is told before the welcome stands in it, newer.
      return;
    }
    const waiting = this.#requests.get(message.ref);
    if (waiting) {
      this.#requests.delete(message.ref);
      if (message.type === "done") waiting.resolve();
      else waiting.reject(new Refused(message));
    } else {
      this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
    }
  }

  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#welcomed = false;
    for (const { reject } of this.#requests.values()) reject(new Lost("连接断了，操作可能没有完成。请看当前状态后再试。"));
    this.#requests.clear();
    if (code in FINAL) {
      this.#socket = null;
      this.#status(FINAL[code]);
      return;
    }
    if (this.#welcomedAt !== null && performance.now() - this.#welcomedAt > HELD) this.#retry = FIRST_RETRY;
    this.#welcomedAt = null;
    this.#status("lost");
    this.#timer = setTimeout(() => this.#open(), this.#retry);
    this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
  }

  #beat() {
    if (this.#socket === null || this.#timer !== null) return;
    // A dead path tells nobody: silence does.
    if (performance.now() - this.#heard > SILENCE_LIMIT) this.#abandon();
    else this.send("ping");
  }

  #abandon() {
    const socket = this.#socket;
    socket.close();
    this.#closed(socket, 1006);
  }

  #hurry() {
    if (this.#timer !== null) this.#open();
  }

  #status(status) {
    this.dispatchEvent(new CustomEvent("status", { detail: status }));
  }
}
