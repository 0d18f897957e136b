// The media of one consultation between this page and the other party's. docs/signaling.md, "The media".
// Events: "state" (detail: connecting, connected, interrupted), "stream" (detail: MediaStream).

const GRACE = 3000; // a short "disconnected" often mends itself
const PATIENCE = 6000; // then a connection that does not come about is tried anew
const FRESH_OFFER = 2000;

const WISHES = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } },
};

const REASONS = {
  NotAllowedError: "浏览器没有得到使用许可。请点地址栏的摄像头图标，选择“允许”，再刷新本页。",
  NotFoundError: "没有找到设备。请检查插头后刷新本页。",
  NotReadableError: "设备正被另一个程序使用。请关闭那个程序后刷新本页。",
};

/** Camera and microphone, as many of them as can be had: {stream, problems: [text]}. */
export async function openDevices(wishes = WISHES) {
  try {
    return { stream: await navigator.mediaDevices.getUserMedia(wishes), problems: [] };
  } catch {
    return openOneByOne(wishes);
  }
}

async function openOneByOne(wishes) {
  const stream = new MediaStream();
  const problems = [];
  for (const [kind, name] of [["audio", "麦克风"], ["video", "摄像头"]]) {
    try {
      const one = await navigator.mediaDevices.getUserMedia({ [kind]: wishes[kind] });
      one.getTracks().forEach((track) => stream.addTrack(track));
    } catch (error) {
      problems.push(`${name}不能用：${REASONS[error.name] ?? "设备出了问题。请重新插好后刷新本页。"}`);
    }
  }
  return { stream, problems };
}

export class Call extends EventTarget {
  #signaling;
  #offers;
  #local;
  #settings;
  #pc = null;
  #remotePeer = null;
  #remote = new MediaStream();
  #held = [];
  #exchange = 0;
  #offeredAt = -Infinity;
  #troubledSince = null;
  #triedAt = -Infinity;
  #work = Promise.resolve();
  #timer;
  #listening = new AbortController();

  /** `offers`: this page makes the offers (the clerk's). `snapshot` is the consultation on the wire. */
  constructor(signaling, snapshot, local, offers) {
    super();
    this.#signaling = signaling;
    this.id = snapshot.id;
    this.#local = local;
    this.#offers = offers;
    this.update(snapshot);
    const { signal } = this.#listening;
    for (const type of ["ready", "offer", "answer", "candidate"]) {
      const handle = (event) => this.#queue(() => this[`_${type}`](event.detail));
      signaling.addEventListener(type, (event) => event.detail.consultation === this.id && handle(event), { signal });
    }
    this.#timer = setInterval(() => this.#watch(), 500);
    this.ready();
  }

  /** Takes the newest ICE servers; they change when the service has restarted. */
  update(snapshot) {
    this.#settings = { iceServers: snapshot.iceServers, iceTransportPolicy: snapshot.iceTransportPolicy };
  }

  /** Tells the other party that this page is here; said anew after every welcome. */
  ready(restart = false) {
    this.#signaling.send("ready", { consultation: this.id, restart });
  }

  get connection() {
    return this.#pc;
  }

  /** In words, what the other party does not send once connected: "声音", "画面", both or nothing. */
  missing() {
    if (this.#pc?.connectionState !== "connected") return "";
    const comes = (kind) => this.#pc.getTransceivers().some((one) =>
      one.receiver.track.kind === kind && ["sendrecv", "recvonly"].includes(one.currentDirection));
    return [["audio", "声音"], ["video", "画面"]].filter(([kind]) => !comes(kind)).map(([, word]) => word).join("和");
  }

  close() {
    clearInterval(this.#timer);
    this.#listening.abort();
    this.#pc?.close();
    this.#pc = null;
    this.#local.getTracks().forEach((track) => track.stop());
  }

  async _ready({ from, restart }) {
    if (!this.#offers) {
      // A new page of the clerk's offers anew by itself once it knows that we are here.
      this.ready();
    } else if (this.#pc === null || from !== this.#remotePeer) {
      this.#open(from);
      await this.#offer();
    } else if (restart || this.#pc.connectionState !== "connected") {
      const underWay = this.#pc.signalingState !== "stable" && performance.now() - this.#offeredAt < FRESH_OFFER;
      if (!underWay) await this.#offer({ iceRestart: true });
    }
  }

  async _offer({ from, exchange, sdp }) {
    if (this.#offers) return;
    if (this.#pc === null || from !== this.#remotePeer) this.#open(from);
    this.#pc.setConfiguration(this.#settings);
    await this.#pc.setRemoteDescription({ type: "offer", sdp });
    await this.#pc.setLocalDescription();
    this.#sendToPeer("answer", { exchange, sdp: this.#pc.localDescription.sdp });
    await this.#addHeld();
  }

  async _answer({ from, exchange, sdp }) {
    if (from !== this.#remotePeer || exchange !== this.#exchange || this.#pc.signalingState !== "have-local-offer") return;
    await this.#pc.setRemoteDescription({ type: "answer", sdp });
    await this.#addHeld();
  }

  async _candidate({ from, candidate, sdpMid, sdpMLineIndex, usernameFragment }) {
    if (from !== this.#remotePeer) return;
    this.#held.push({ candidate, sdpMid, sdpMLineIndex, usernameFragment });
    if (this.#pc.remoteDescription) await this.#addHeld();
  }

  #open(peer) {
    this.#pc?.close();
    this.#remotePeer = peer;
    this.#remote = new MediaStream();
    this.#held = [];
    const pc = new RTCPeerConnection(this.#settings);
    this.#pc = pc;
    for (const kind of ["audio", "video"]) {
      const track = this.#local.getTracks().find((one) => one.kind === kind);
      if (track) pc.addTrack(track, this.#local);
      else if (this.#offers) pc.addTransceiver(kind, { direction: "recvonly" });
    }
    pc.addEventListener("track", ({ track }) => this.#received(track));
    pc.addEventListener("connectionstatechange", () => this.#changed(pc));
    pc.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate && pc === this.#pc) this.#sendToPeer("candidate", candidate.toJSON());
    });
  }

  async #offer(options) {
    this.#offeredAt = this.#triedAt = performance.now();
    this.#exchange += 1;
    this.#pc.setConfiguration(this.#settings);
    await this.#pc.setLocalDescription(await this.#pc.createOffer(options));
    this.#sendToPeer("offer", { exchange: this.#exchange, sdp: this.#pc.localDescription.sdp });
  }

  async #addHeld() {
    for (const candidate of this.#held.splice(0)) {
      // One of an older ICE generation is of no use any more and does no harm.
      await this.#pc.addIceCandidate(candidate).catch(() => {});
    }
  }

  #sendToPeer(type, fields) {
    this.#signaling.send(type, { consultation: this.id, to: this.#remotePeer, ...fields });
  }

  #received(track) {
    this.#remote.addTrack(track);
    this.dispatchEvent(new CustomEvent("stream", { detail: this.#remote }));
  }

  #changed(pc) {
    if (pc !== this.#pc) return;
    if (pc.connectionState === "connected") {
      this.#signaling.send("connected", { consultation: this.id });
      this.dispatchEvent(new CustomEvent("state", { detail: "connected" }));
    } else if (["disconnected", "failed"].includes(pc.connectionState)) {
      this.dispatchEvent(new CustomEvent("state", { detail: "interrupted" }));
    }
  }

  /** Tries anew when the connection has been wanting for long enough. */
  #watch() {
    const state = this.#pc?.connectionState ?? "new";
    if (state === "connected" || !this.#signaling.connected) {
      this.#troubledSince = null;
      return;
    }
    const now = performance.now();
    this.#troubledSince ??= now;
    const patience = { failed: 0, disconnected: GRACE }[state] ?? PATIENCE;
    if (now - this.#troubledSince < patience || now - this.#triedAt < PATIENCE) return;
    this.#triedAt = now;
    if (this.#offers && this.#pc) this.#queue(() => this.#offer({ iceRestart: true }));
    else this.ready(true);
  }

  /** One after the other: descriptions and candidates must not overtake each other. */
  #queue(step) {
    this.#work = this.#work.then(step).catch((error) => console.warn("media step failed; it is tried anew", error));
  }
}
