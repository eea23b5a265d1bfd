/**
 * Two tabs of one conversation: the newest holds the room, and asks the other for its secrets.
 *
 * They go from memory to memory, within this browser and this origin; nothing is written.
 */
import type { Bytes } from "../shared/bytes.ts";

const CHANNEL = "ll";
const ANSWER_MS = 200;

type Said =
  | { is: "asked"; contact: string }
  | { is: "told"; contact: string; secrets: [number, Bytes][] };

export class Tabs {
  readonly #contact: string;
  readonly #channel: BroadcastChannel | null;

  constructor(contact: string, secrets: () => [number, Bytes][]) {
    this.#contact = contact;
    this.#channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<Said>) => {
      if (data.is !== "asked" || data.contact !== contact) return;
      const told: Said = { is: "told", contact, secrets: secrets() };
      this.#channel?.postMessage(told);
    });
  }

  ask(): Promise<[number, Bytes][]> {
    const channel = this.#channel;
    if (!channel) return Promise.resolve([]);
    return new Promise((resolve) => {
      const done = (secrets: [number, Bytes][]) => {
        clearTimeout(timer);
        channel.removeEventListener("message", hear);
        resolve(secrets);
      };
      const hear = ({ data }: MessageEvent<Said>) => {
        if (data.is === "told" && data.contact === this.#contact) done(data.secrets);
      };
      const timer = setTimeout(() => done([]), ANSWER_MS);
      channel.addEventListener("message", hear);
      const asked: Said = { is: "asked", contact: this.#contact };
      channel.postMessage(asked);
    });
  }

  close(): void {
    this.#channel?.close();
  }
}
