/** Calls by Twilio's library, in this browser. It takes calls only; the token allows no other. */

import { Call, Device, type TwilioError } from "@twilio/voice-sdk";

import type { PhoneSignOn } from "../../shared/contract.gen.ts";
import type { Phone, PhoneEars, PhoneFault } from "./phone.ts";

/** After "Aannemen" the ringing may still be on its way; then it is picked up when it comes. */
const WAITS_MS = 15_000;

/** A ticket that was refused as too old is replaced at once, but not again and again. */
const EXPIRED = 20104;

/** The library fetches its sounds from its maker as soon as it starts: we ring ourselves. */
class NoSound {
  play = (): Promise<void> => Promise.resolve();
  stop = (): void => undefined;
  setSinkIds = (): void => undefined;
}

/** Left out of its types by the library; a newer one that drops them is found by the test. */
const UNTYPED = { Sound: NoSound, publishEvents: false };

export class TwilioPhone implements Phone {
  readonly #ears: PhoneEars;
  readonly #signalling: string | undefined;
  #device: Device | null = null;
  /** what rings or talks; never two at once */
  #call: Call | null = null;
  #isTalking = false;
  #fault: PhoneFault | null = null;
  #hasRenewed = false;
  #acceptsUntil = 0;
  readonly #warnings = new Set<string>();

  /** `signalling`: where to sign on instead of at the ticket's edge; for a test. */
  constructor(ears: PhoneEars, signalling?: string) {
    this.#ears = ears;
    this.#signalling = signalling;
  }

  signOn = async (ticket: PhoneSignOn): Promise<void> => {
    const old = this.#device;
    if (old !== null && (this.#call !== null || old.state === Device.State.Registered)) {
      this.#fault = null;
      old.updateToken(ticket.token);
      this.#tell();
      return;
    }
    this.#leave();
    this.#fault = null;
    const device = this.#made(ticket);
    this.#device = device;
    this.#tell();
    // Not waited for: with a refused ticket the library's promise is never kept.
    device.register().catch(() => {
      if (this.#device === device) this.#unregistered();
    });
  };

  signOff = (): void => {
    this.#leave();
    this.#tell();
  };

  accept = (): void => {
    if (this.#call?.status() === Call.State.Pending) this.#call.accept();
    else if (this.#call === null) this.#acceptsUntil = Date.now() + WAITS_MS;
  };

  hangUp = (): void => {
    if (this.#call?.status() === Call.State.Pending) this.#call.reject();
    else this.#call?.disconnect();
  };

  mute = (on: boolean): void => this.#call?.mute(on);

  #made(ticket: PhoneSignOn): Device {
    const device = new Device(ticket.token, {
      ...UNTYPED,
      edge: ticket.edge,
      allowIncomingWhileBusy: false,
      closeProtection: false,
      codecPreferences: [Call.Codec.Opus, Call.Codec.PCMU],
      enableImprovedSignalingErrorPrecision: true,
      logLevel: "silent",
      ...(this.#signalling === undefined ? {} : { chunderw: this.#signalling }),
    } as Device.Options);
    const hear = (event: string, does: (about: never) => void): void => {
      device.on(event, (about) => {
        if (this.#device === device) does(about as never);
      });
    };
    hear("registered", () => this.#registered());
    hear("unregistered", () => this.#unregistered());
    hear("error", (error: TwilioError.TwilioError) => this.#failed(error));
    hear("tokenWillExpire", () => this.#ears.ticketEnds());
    hear("incoming", (call: Call) => this.#rang(call));
    return device;
  }

  #registered(): void {
    this.#fault = null;
    this.#hasRenewed = false;
    this.#tell();
  }

  /** The library tries again by itself; what it said of the reason, if anything, came before. */
  #unregistered(): void {
    this.#fault ??= "network";
    this.#tell();
  }

  #rang(call: Call): void {
    const other = this.#call;
    if (other !== null && other.status() !== Call.State.Pending) {
      call.reject();
      return;
    }
    this.#call = call;
    // An offer that is over and still rings: the newest is the one on the screen.
    other?.reject();
    const over = (): void => this.#over(call);
    call.on("accept", () => this.#talks(call));
    call.on("warning", (name: string) => this.#warned(call, name, true));
    call.on("warning-cleared", (name: string) => this.#warned(call, name, false));
    call.on("reconnecting", () => this.#warned(call, "reconnecting", true));
    call.on("reconnected", () => this.#warned(call, "reconnecting", false));
    call.on("error", (error: TwilioError.TwilioError) => this.#broke(error));
    for (const event of ["cancel", "disconnect", "reject"]) call.on(event, over);
    call.on("transportClose", () => {
      // In a conversation the sound goes on, and the library takes the call up again.
      if (call.status() === Call.State.Pending) over();
    });
    this.#tell();
    if (Date.now() < this.#acceptsUntil) call.accept();
  }

  #talks(call: Call): void {
    if (this.#call !== call) return;
    this.#isTalking = true;
    this.#acceptsUntil = 0;
    this.#fault = null;
    this.#tell();
  }

  #over(call: Call): void {
    if (this.#call !== call) return;
    this.#call = null;
    this.#isTalking = false;
    this.#acceptsUntil = 0;
    this.#warnings.clear();
    this.#tell();
  }

  /** A call that broke ends by itself; that the microphone is not lent breaks the next one too. */
  #broke(error: { code?: number }): void {
    if (faultOf(error.code ?? 0) === "microphone") this.#failed(error);
  }

  #warned(call: Call, name: string, is: boolean): void {
    if (this.#call !== call || !this.#isTalking) return;
    // Somebody who listens is silent: the level of the microphone says nothing of the line.
    if (name.includes("audio")) return;
    if (is) this.#warnings.add(name);
    else this.#warnings.delete(name);
    const isBad = this.#warnings.has("reconnecting") || this.#warnings.has("ice-connectivity-lost");
    this.#ears.quality(isBad ? "bad" : this.#warnings.size > 0 ? "weak" : "good");
  }

  #failed(error: { code?: number }): void {
    this.#fault = faultOf(error.code ?? 0);
    this.#tell();
    if (error.code === EXPIRED && !this.#hasRenewed) {
      this.#hasRenewed = true;
      this.#ears.ticketEnds();
    }
  }

  #leave(): void {
    const device = this.#device;
    this.#device = null;
    this.#call = null;
    this.#isTalking = false;
    this.#warnings.clear();
    device?.destroy();
  }

  #tell(): void {
    if (this.#call !== null) this.#ears.state(this.#isTalking ? "in_call" : "ringing");
    else if (this.#device === null) this.#ears.state("off");
    else if (this.#fault !== null) this.#ears.state("failed", this.#fault);
    else if (this.#device.state === Device.State.Registered) this.#ears.state("ready");
    else this.#ears.state("signing_on");
  }
}

/** What went wrong, for the person: the library's codes are for its makers. */
export function faultOf(code: number): PhoneFault {
  if (code === 31401 || code === 31402 || code === 31208) return "microphone";
  if (code >= 20101 && code <= 20157) return "ticket";
  if ((code >= 31000 && code < 31010) || code >= 53000) return "network";
  return "unknown";
}
