/**
 * The telephone of a console: takes a call, ends it, and makes none.
 *
 * The view knows this promise only; what carries the sound is loaded when calls are taken here.
 */

import type { PhoneSignOn } from "../../shared/contract.gen.ts";
import type { Answer } from "../api.ts";

/** failed: calls cannot be taken in this browser now, `why` says what is wrong. */
export type PhoneState = "off" | "signing_on" | "ready" | "ringing" | "in_call" | "failed";

export type PhoneFault = "microphone" | "network" | "ticket" | "unknown";

export type Quality = "good" | "weak" | "bad";

export interface PhoneEars {
  readonly state: (state: PhoneState, why?: PhoneFault) => void;
  readonly quality: (quality: Quality) => void;
  /** the ticket is about to end: a new one is to be given by `signOn` */
  readonly ticketEnds: () => void;
}

export interface Phone {
  readonly signOn: (ticket: PhoneSignOn) => Promise<void>;
  readonly signOff: () => void;
  /** picks up what rings; nothing rings: nothing happens until it does, for some seconds */
  readonly accept: () => void;
  readonly hangUp: () => void;
  readonly mute: (on: boolean) => void;
  /** what the console's own connection says of it; for the demo's own phone */
  readonly hint?: (event: "ring" | "over") => void;
}

/** How a phone asks the server something; for the demo's own phone. */
export type Ask = (event: string, body?: object) => Promise<Answer<object>>;

/** Loads the phone that the ticket is for. */
export async function loadPhone(kind: PhoneSignOn["kind"], ears: PhoneEars, ask: Ask): Promise<Phone> {
  if (kind === "loopback") {
    const { LoopbackPhone } = await import("./phone-loopback.ts");
    return new LoopbackPhone(ears, ask);
  }
  const { TwilioPhone } = await import("./phone-twilio.ts");
  return new TwilioPhone(ears);
}
