// The device check: the service returns this page's sound and picture, and what came back is put into plain words.

import { openDevices } from "./call.js";
import { byId } from "./dom.js";

const SMALL = { audio: true, video: { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 10, max: 15 } } };
const CONNECT_WITHIN = 8000;
const WATCH_FOR = 4000;
const TURN_EVERY = 3000;
const TURNS = 10;
const FRAMES_WANTED = 10;
// Peak (0 to 1) above which the returned sound is more than a room's hum.
const HEARD = 0.02;
const BUSY = Symbol("no turn");
const POOR_ROUND_TRIP = 300;
const FAILED_ROUND_TRIP = 1500;
const POOR_LOSS = 3;

const WORDS = {
  camera: {
    fine: "可以用，画面正常。",
    poor: "可以用，但画面不流畅。",
    failed: "不能用。请检查摄像头是否插好、浏览器是否允许使用。",
    unchecked: "已经打开，但画面没有传回来，没能检查。",
  },
  microphone: {
    fine: "可以用，听到了声音。",
    poor: "已连接，但没有听到声音。请对着麦克风说一句话，再检查一次。",
    failed: "不能用。请检查麦克风是否插好、浏览器是否允许使用。",
    unchecked: "已经打开，但声音没有传回来，没能检查。",
  },
  network: {
    fine: "可以用，视频咨询应该流畅。",
    poor: "可以用，但不够稳定，画面可能不流畅。",
    failed: "连不上视频服务。请检查网线或无线网络，再检查一次。",
    unchecked: "现在检查的站点太多，没有轮到。请过一会儿再检查，不影响呼叫。",
  },
};

/** Runs one check and shows it; the verdicts as the `checked` message takes them. */
export async function checkDevices() {
  byId("check").hidden = false;
  byId("check-video").hidden = false;
  byId("check-note").textContent = "正在检查，约需 6 秒。请对着麦克风说一句话。";
  for (const device of Object.keys(WORDS)) show(device, null);
  const { stream, problems } = await openDevices(SMALL);
  const found = await measured(stream);
  stream.getTracks().forEach((track) => track.stop());
  const verdicts = judge(stream, found);
  for (const device of Object.keys(WORDS)) show(device, verdicts[device]);
  byId("check-note").textContent = [summary(verdicts), ...problems].join(" ");
  byId("check-video").srcObject = null;
  byId("check-video").hidden = true;
  return verdicts;
}

function show(device, verdict) {
  const place = byId(`check-${device}`);
  place.className = verdict ?? "";
  place.textContent = verdict ? WORDS[device][verdict] : "正在检查";
}

function summary(verdicts) {
  const all = [verdicts.camera, verdicts.microphone, verdicts.network];
  if (all.every((verdict) => verdict === "fine")) return "检查完成，可以开始咨询。";
  if (all.includes("failed")) return "有设备或网络不能用，请按提示处理；急事可以先呼叫或打电话。";
  if (all.includes("unchecked")) return "这次没有检查完，可以直接呼叫，也可以过一会儿再检查。";
  return "检查完成，可以咨询，请留意提示。";
}

/** What came back: {frames, level, roundTripMs, lossPercent}; null when nothing did, BUSY when no turn came. */
async function measured(stream) {
  if (stream.getTracks().length === 0) stream = silence();
  let connection = null;
  try {
    for (let turn = 0; turn < TURNS; turn++) {
      connection?.close();
      const response = await fetch("device-check");
      if (!response.ok) return null;
      const { check, ...settings } = await response.json();
      connection = new RTCPeerConnection(settings);
      const found = await exchange(connection, check, stream);
      if (found !== BUSY) return found;
      byId("check-note").textContent = "检查的站点较多，正在排队，请稍候。";
      await new Promise((resolve) => setTimeout(resolve, TURN_EVERY));
    }
    return BUSY;
  } catch (error) {
    console.warn("device check", error);
    return null;
  } finally {
    connection?.close();
  }
}

async function exchange(connection, check, stream) {
  const returned = new MediaStream();
  const listen = [];
  connection.addEventListener("track", ({ track }) => {
    returned.addTrack(track);
    byId("check-video").srcObject = returned;
    if (track.kind === "audio") listen.push(ear(track));
  });
  stream.getTracks().forEach((track) => connection.addTrack(track, stream));
  await connection.setLocalDescription();
  await until(connection, "icegatheringstatechange", () => connection.iceGatheringState === "complete");
  const answer = await fetch("device-check", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ check, sdp: connection.localDescription.sdp }),
  });
  if (answer.status === 503) return BUSY;
  if (!answer.ok) return null;
  await connection.setRemoteDescription(await answer.json());
  await until(connection, "connectionstatechange", () => connection.connectionState === "connected");
  return watch(connection, listen);
}

function until(target, event, reached) {
  return new Promise((resolve, reject) => {
    const look = () => reached() && resolve();
    target.addEventListener(event, look);
    setTimeout(() => reject(new Error(`${event} took too long`)), CONNECT_WITHIN);
    look();
  });
}

/** Looks every 200 ms at what comes back, for as long as a person needs to say a sentence. */
async function watch(connection, listen) {
  const found = { frames: 0, level: 0, roundTripMs: null, lossPercent: null };
  const end = performance.now() + WATCH_FOR;
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const stat of (await connection.getStats()).values()) take(found, stat);
    for (const peak of listen) found.level = Math.max(found.level, peak());
  }
  return found;
}

function take(found, stat) {
  if (stat.type === "inbound-rtp") {
    if (stat.kind === "video") found.frames = stat.framesDecoded ?? 0;
    const all = stat.packetsReceived + stat.packetsLost;
    if (all > 0) found.lossPercent = Math.max(found.lossPercent ?? 0, (100 * Math.max(0, stat.packetsLost)) / all);
  }
  if (stat.type === "candidate-pair" && stat.nominated && stat.currentRoundTripTime !== undefined)
    found.roundTripMs = 1000 * stat.currentRoundTripTime;
}

/** Measures the returned sound without playing it, which would howl; gives a function that tells the peak so far. */
function ear(track) {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 16384 });
  new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) }).connect(analyser);
  track.addEventListener("ended", () => context.close());
  const samples = new Float32Array(analyser.fftSize);
  return () => {
    analyser.getFloatTimeDomainData(samples);
    return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  };
}

function judge(stream, found) {
  const has = (kind) => stream.getTracks().some((track) => track.kind === kind);
  const { frames = 0, level = 0, roundTripMs = null, lossPercent = null } = found === BUSY ? {} : (found ?? {});
  // What did not come back says nothing about a device that opened.
  const nothing = found === null || found === BUSY ? "unchecked" : null;
  const camera = nothing ?? (frames >= FRAMES_WANTED ? "fine" : "poor");
  const microphone = nothing ?? (level >= HEARD ? "fine" : "poor");
  const network = nothing ? (found === BUSY ? "unchecked" : "failed") : path(roundTripMs ?? 0, lossPercent ?? 0);
  return {
    camera: has("video") ? camera : "failed",
    microphone: has("audio") ? microphone : "failed",
    network,
    roundTripMs,
    lossPercent,
  };
}

function path(roundTripMs, lossPercent) {
  if (roundTripMs > FAILED_ROUND_TRIP) return "failed";
  return roundTripMs > POOR_ROUND_TRIP || lossPercent > POOR_LOSS ? "poor" : "fine";
}

/** A silent track, so that the network can be checked where no device opens. */
function silence() {
  return new MediaStreamAudioDestinationNode(new AudioContext()).stream;
}
