// Say a verdict without words: by sound and vibration, for who looks at the truck and not at the phone.
import type { Level } from "../verifier/grounds.ts";

/** Milliseconds of buzz and pause. */
const BUZZ: Readonly<Record<Level, number[]>> = { green: [80, 80, 80], amber: [250, 120, 250], red: [700] };
/** Hertz and seconds of each tone. */
const TONES: Readonly<Record<Level, readonly (readonly [number, number])[]>> = {
  green: [[880, 0.1], [1175, 0.15]],
  amber: [[587, 0.2], [587, 0.2]],
  red: [[220, 0.6]],
};
const LOUDNESS = 0.25;
const GAP_S = 0.05;

let audio: AudioContext | undefined;

/** Make ready for sound; a browser allows it only after the guard has touched something. */
export function wakeSound(): void {
  try {
    audio ??= new AudioContext();
    void audio.resume();
  } catch {
    audio = undefined;
  }
}

function sound(level: Level): void {
  if (!audio || audio.state !== "running") return;
  let start = audio.currentTime;
  for (const [hertz, seconds] of TONES[level]) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = hertz;
    volume.gain.value = LOUDNESS;
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + seconds);
    start += seconds + GAP_S;
  }
}

export function signal(level: Level): void {
  navigator.vibrate?.(BUZZ[level]);
  sound(level);
}
