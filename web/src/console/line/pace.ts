/** Keeps the questions of one socket under the server's limit of five a second. */

const MOST = 4;
const WITHIN_MS = 1_000;

export class Pace {
  #queue: Promise<void> = Promise.resolve();
  #lately: number[] = [];
  #notBefore = 0;

  /** Resolves when the next question may be asked; in the order of asking. */
  turn(): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      const wait_ms = this.#wait_ms(Date.now());
      if (wait_ms > 0) await new Promise((resolve) => setTimeout(resolve, wait_ms));
      this.#lately.push(Date.now());
    });
    return this.#queue;
  }

  /** The server said too fast: nobody asks for a while. */
  rest(wait_ms: number): void {
    this.#notBefore = Math.max(this.#notBefore, Date.now() + wait_ms);
  }

  #wait_ms(now: number): number {
    this.#lately = this.#lately.filter((at) => now - at < WITHIN_MS);
    const oldest = this.#lately[this.#lately.length - MOST];
    const forLimit = oldest === undefined ? 0 : oldest + WITHIN_MS - now;
    return Math.max(forLimit, this.#notBefore - now, 0);
  }
}
