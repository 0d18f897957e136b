// Sounds: one short ring for a waiting clerk, two rising tones when answered. Never the only sign of anything.

let context = null;
let muted = false;

export function mute(on) {
  muted = on;
}

// Browsers let a page sound only after the person has touched it.
addEventListener("pointerdown", wake);
addEventListener("keydown", wake);

function wake() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

function tones(list) {
  if (muted || context?.state !== "running") return;
  list.forEach(([frequency, at, length]) => {
    const oscillator = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    const start = context.currentTime + at;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.15, start + 0.02);
    gain.gain.linearRampToValueAtTime(0, start + length);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + length);
  });
}

export const ring = () => tones([[880, 0, 0.25]]);
export const answered = () => tones([[660, 0, 0.15], [880, 0.18, 0.2]]);
