/** Our own short sounds, made in the page: no file is fetched and nothing is loud. */

const LOUDNESS = 0.12;

let context: AudioContext | null = null;

function ready(): AudioContext | null {
  // Before the first press the browser lets nothing be heard; it would only complain of the try.
  if (typeof AudioContext === "undefined" || navigator.userActivation?.hasBeenActive === false) return null;
  context ??= new AudioContext();
  // A browser keeps sound off until the person has pressed something; then this wakes it.
  if (context.state === "suspended") void context.resume();
  return context;
}

function tone(audio: AudioContext, hertz: number, from_s: number, lasts_s: number): void {
  const start = audio.currentTime + from_s;
  const voice = audio.createOscillator();
  const volume = audio.createGain();
  voice.type = "sine";
  voice.frequency.value = hertz;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + lasts_s);
  voice.connect(volume).connect(audio.destination);
  voice.start(start);
  voice.stop(start + lasts_s);
}

/** Two soft pairs of tones: a new offer. */
export function ring(): void {
  const audio = ready();
  if (audio === null) return;
  for (const from of [0, 0.7]) {
    tone(audio, 587, from, 0.3);
    tone(audio, 784, from + 0.16, 0.4);
  }
}

/** One low tone: a message in a conversation that is not on the screen. */
export function tick(): void {
  const audio = ready();
  if (audio !== null) tone(audio, 494, 0, 0.25);
}
