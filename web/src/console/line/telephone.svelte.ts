/** The telephone of this console: signs on when calls are taken here, and says how it is. */

import type { PhoneSignOn, Presence } from "../../shared/contract.gen.ts";
import { type Ask, loadPhone, type Phone, type PhoneFault, type PhoneState, type Quality } from "./phone.ts";

/** How long a press on "Aannemen" or "Meeluisteren" counts for a phone that is still signing on. */
const ANSWERS_FOR_MS = 15_000;

export class Telephone {
  state: PhoneState = $state("off");
  why: PhoneFault | null = $state(null);
  quality: Quality = $state("good");
  isMuted = $state(false);
  /** which phone is in use; null until the first sign-on */
  kind: PhoneSignOn["kind"] | null = $state(null);

  readonly #ask: Ask;
  readonly #load: typeof loadPhone;
  #phone: Phone | null = null;
  #isWanted = false;
  /** each sign-on has its number: an answer to an earlier one changes nothing */
  #turn = 0;
  #pressedAt = -Infinity;

  constructor(ask: Ask, load = loadPhone) {
    this.#ask = ask;
    this.#load = load;
  }

  /**
   * Signs on or off as the presence says: ready for calls, in this browser.
   *
   * @param isNeeded for help, whether calls are taken or not: a coach joins, or is spoken with.
   */
  follow(presence: Presence, isNeeded = false): void {
    const takes = presence.takes_calls && (presence.state === "ready" || presence.load > 0);
    const isOn = presence.phone_at === "browser" && (takes || isNeeded);
    if (isOn && !this.#isWanted) {
      this.#isWanted = true;
      void this.signOn();
    } else if (!isOn && this.#isWanted && this.state !== "in_call") {
      this.#isWanted = false;
      this.#turn += 1;
      this.#phone?.signOff();
    }
  }

  /** The console's own connection is back: a line that started again does not know this phone. */
  lineBack(): void {
    if (this.#isWanted) void this.signOn();
  }

  /** Signs on, also again after a fault. */
  signOn = async (): Promise<void> => {
    this.#turn += 1;
    const turn = this.#turn;
    if (this.state === "off" || this.state === "failed") this.#say("signing_on");
    const asked = await this.#ask("phone-ticket");
    if (turn !== this.#turn) return;
    if (!asked.ok) {
      this.#say("failed", "network");
      return;
    }
    const ticket = (asked as { value: PhoneSignOn }).value;
    try {
      const phone = await this.#phoneFor(ticket.kind);
      // Signed off meanwhile, or asked again: the later one goes on.
      if (turn !== this.#turn) return;
      await phone.signOn(ticket);
      if (Date.now() - this.#pressedAt < ANSWERS_FOR_MS) phone.accept();
    } catch {
      if (turn === this.#turn) this.#say("failed", "network");
    }
  };

  /** Picks up what rings, or is about to; a phone that could not sign on tries again for it. */
  accept = (): void => {
    this.#pressedAt = Date.now();
    if (this.state === "failed" && this.#isWanted) void this.signOn();
    this.#phone?.accept();
  };

  hangUp = (): void => this.#phone?.hangUp();

  mute = (on: boolean): void => {
    if (this.state !== "in_call") return;
    this.#phone?.mute(on);
    this.isMuted = on;
  };

  /** The demo's exchange rings, or stops. */
  hint(event: "ring" | "over"): void {
    this.#phone?.hint?.(event);
  }

  stop(): void {
    this.#turn += 1;
    this.#isWanted = false;
    this.#phone?.signOff();
    this.#phone = null;
    this.#say("off");
  }

  async #phoneFor(kind: PhoneSignOn["kind"]): Promise<Phone> {
    if (this.#phone !== null && this.kind === kind) return this.#phone;
    const turn = this.#turn;
    const ears = {
      state: (state: PhoneState, why?: PhoneFault) => this.#say(state, why),
      quality: (quality: Quality) => (this.quality = quality),
      ticketEnds: () => void this.signOn(),
    };
    const phone = await this.#load(kind, ears, this.#ask);
    if (turn === this.#turn) {
      this.#phone?.signOff();
      this.#phone = phone;
      this.kind = kind;
    }
    return phone;
  }

  #say(state: PhoneState, why?: PhoneFault): void {
    this.state = state;
    this.why = why ?? null;
    if (state === "in_call") this.#pressedAt = -Infinity;
    else {
      this.isMuted = false;
      this.quality = "good";
    }
  }
}
