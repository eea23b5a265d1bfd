/** The demo's telephone: rings and talks without sound, by the console's own socket. */

import type { PhoneSignOn } from "../../shared/contract.gen.ts";
import type { Ask, Phone, PhoneEars } from "./phone.ts";

/** After "Aannemen" the ringing may still be on its way; then it is picked up when it comes. */
const WAITS_MS = 15_000;

export class LoopbackPhone implements Phone {
  readonly #ears: PhoneEars;
  readonly #ask: Ask;
  #stands: "off" | "on" | "ringing" | "in_call" = "off";
  #isWanted = false;
  #acceptsUntil = 0;

  constructor(ears: PhoneEars, ask: Ask) {
    this.#ears = ears;
    this.#ask = ask;
  }

  signOn = async (ticket: PhoneSignOn): Promise<void> => {
    this.#isWanted = true;
    const isFirst = this.#stands === "off";
    if (isFirst) this.#ears.state("signing_on");
    const asked = await this.#ask("phone-on", { identity: ticket.identity });
    if (!isFirst || !this.#isWanted) return;
    if (asked.ok) this.#now("on");
    else this.#ears.state("failed", "network");
  };

  signOff = (): void => {
    this.#isWanted = false;
    this.#now("off");
  };

  accept = (): void => {
    this.#acceptsUntil = Date.now() + WAITS_MS;
    if (this.#stands === "ringing") void this.#answer();
  };

  hangUp = (): void => void this.#ask("phone-hang-up");

  mute = (): void => undefined;

  hint = (event: "ring" | "over"): void => {
    if (this.#stands === "off") return;
    if (event === "over") {
      this.#acceptsUntil = 0;
      this.#now("on");
      return;
    }
    this.#now("ringing");
    if (Date.now() < this.#acceptsUntil) void this.#answer();
  };

  async #answer(): Promise<void> {
    this.#acceptsUntil = 0;
    const asked = await this.#ask("phone-answer");
    if (asked.ok && this.#stands === "ringing") this.#now("in_call");
  }

  #now(stands: "off" | "on" | "ringing" | "in_call"): void {
    this.#stands = stands;
    this.#ears.state(stands === "on" ? "ready" : stands);
  }
}
