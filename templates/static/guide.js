// What a guide gains by script: one's own station, reading aloud, printing.

/** Fetched only where a station was chosen; a browser that forbids storage has chosen none. */
try {
  if (localStorage.getItem("kezhong.station")) import("./my-station.js");
} catch { /* Nothing to say then. */ }

const tools = document.querySelector(".tools");
const reader = document.getElementById("read-aloud");
tools.hidden = false;
document.getElementById("print").addEventListener("click", () => window.print());

/** What is read: the short answers, then what to bring and what happens, in the page's own words. */
function sentences() {
  const parts = document.querySelectorAll("h1, .summary dt, .summary dd, #materials h2, .check-name, .check-copies, .check-when, #steps h2, #steps li h3, #steps li > p:last-child");
  return [...parts].map((part) => part.textContent.trim().replace(/\s+/g, " ")).filter(Boolean);
}

function stop() {
  speechSynthesis.cancel();
  reader.textContent = "读给我听";
  reader.setAttribute("aria-pressed", "false");
}

function read() {
  const said = sentences().map((words) => Object.assign(new SpeechSynthesisUtterance(words), { lang: "zh-CN", rate: 0.9 }));
  said.at(-1).onend = stop;
  said.forEach((utterance) => speechSynthesis.speak(utterance));
  reader.textContent = "不读了";
  reader.setAttribute("aria-pressed", "true");
}

/** Only where the browser can speak Chinese by itself. */
function offer() {
  reader.hidden = !speechSynthesis.getVoices().some((voice) => voice.lang.replace("_", "-").startsWith("zh"));
}

if ("speechSynthesis" in window) {
  offer();
  speechSynthesis.addEventListener("voiceschanged", offer);
  reader.addEventListener("click", () => (speechSynthesis.speaking ? stop() : read()));
  window.addEventListener("pagehide", stop);
}
