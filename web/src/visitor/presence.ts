/** Small things for somebody who waits: the screen stays on, and a soft tone when it is their turn. */

const TONE_HZ = [523, 659];
const TONE_S = 0.25;

export class Tone {
  #audio: AudioContext | null = null;

  /** Must be called from a press: browsers let no page make a sound by itself. */
  allow(on: boolean): void {
    if (on) {
      this.#audio ??= new AudioContext();
      void this.#audio.resume();
    } else {
      void this.#audio?.close();
      this.#audio = null;
    }
  }

  play(): void {
    const audio = this.#audio;
    if (!audio) return;
    TONE_HZ.forEach((pitch, at) => {
      const [tone, volume] = [audio.createOscillator(), audio.createGain()];
      const start = audio.currentTime + at * TONE_S;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.15, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + TONE_S);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + TONE_S);
    });
  }
}

export class Awake {
  #lock: WakeLockSentinel | null = null;

  /** Gives whether the screen stays on; the browser lets go whenever the page is out of sight. */
  async hold(): Promise<boolean> {
    if (this.#lock && !this.#lock.released) return true;
    try {
      this.#lock = (await navigator.wakeLock?.request("screen")) ?? null;
    } catch {
      this.#lock = null; // Low battery, or the browser says no.
    }
    return this.#lock !== null;
  }

  release(): void {
    void this.#lock?.release().catch(() => undefined);
    this.#lock = null;
  }
}
