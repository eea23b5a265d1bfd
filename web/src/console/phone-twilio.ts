/** Calls by Twilio's library, in this browser. It takes calls only; the token allows no other. */

import { Call, Device, type TwilioError } from "@twilio/voice-sdk";

import type { PhoneSignOn } from "../shared/contract.gen.ts";
import type { Phone, PhoneEars, PhoneFault } from "./phone.ts";

/** After "Aannemen" the ringing may still be on its way; then it is picked up when it comes. */
const WAITS_MS = 15_000;

/** The library's own sounds are fetched from its maker: we ring ourselves. */
const SILENT = { incoming: false, outgoing: false, disconnect: false };

/** Where the library signs on. A test points it to a stand-in of its own. */
export interface Whereabouts {
  readonly edge: string;
  readonly signalling?: string;
}

export class TwilioPhone implements Phone {
  readonly #ears: PhoneEars;
  readonly #at: Whereabouts;
  #device: Device | null = null;
  #call: Call | null = null;
  #acceptsUntil = 0;

  constructor(ears: PhoneEars, at: Whereabouts = { edge: "dublin" }) {
    this.#ears = ears;
    this.#at = at;
  }

  signOn = async (ticket: PhoneSignOn): Promise<void> => {
    if (this.#device !== null) {
      this.#device.updateToken(ticket.token);
      return;
    }
    this.#ears.state("signing_on");
    const options = {
      edge: this.#at.edge,
      closeProtection: false,
      allowIncomingWhileBusy: false,
      logLevel: "silent" as const,
      appName: "luisterlijn",
      ...(this.#at.signalling === undefined ? {} : { chunderw: this.#at.signalling }),
    };
    const device = new Device(ticket.token, options as Device.Options);
    this.#device = device;
    for (const [sound, on] of Object.entries(SILENT)) {
      (device.audio as unknown as Record<string, (on: boolean) => boolean>)[sound]?.(on);
    }
    device.on("registered", () => this.#ears.state("ready"));
    device.on("unregistered", () => this.#ears.state("off"));
    device.on("error", (error: TwilioError.TwilioError) => this.#failed(error));
    device.on("tokenWillExpire", () => this.#ears.ticketEnds());
    device.on("incoming", (call: Call) => this.#rang(call));
    try {
      await device.register();
    } catch (error) {
      this.#failed(error as TwilioError.TwilioError);
    }
  };

  signOff = (): void => {
    this.#device?.destroy();
    this.#device = null;
    this.#call = null;
    this.#ears.state("off");
  };

  accept = (): void => {
    this.#acceptsUntil = Date.now() + WAITS_MS;
    if (this.#call?.status() === Call.State.Pending) this.#call.accept();
  };

  hangUp = (): void => this.#device?.disconnectAll();

  mute = (on: boolean): void => this.#call?.mute(on);

  #rang(call: Call): void {
    this.#call = call;
    call.on("accept", () => this.#ears.state("in_call"));
    call.on("warning", () => this.#ears.quality("weak"));
    call.on("warning-cleared", () => this.#ears.quality("good"));
    call.on("reconnecting", () => this.#ears.quality("bad"));
    call.on("reconnected", () => this.#ears.quality("good"));
    call.on("error", (error: TwilioError.TwilioError) => this.#failed(error));
    for (const over of ["cancel", "disconnect", "reject"]) call.on(over, () => this.#over(call));
    this.#ears.state("ringing");
    if (Date.now() < this.#acceptsUntil) call.accept();
  }

  #over(call: Call): void {
    if (this.#call !== call) return;
    this.#call = null;
    this.#acceptsUntil = 0;
    this.#ears.state(this.#device?.state === Device.State.Registered ? "ready" : "off");
  }

  #failed(error: { code?: number }): void {
    this.#ears.state("failed", faultOf(error.code ?? 0));
  }
}

/** What went wrong, for the person: the library's codes are for its makers. */
export function faultOf(code: number): PhoneFault {
  if (code === 31401 || code === 31402 || code === 31208) return "microphone";
  if (code >= 20101 && code <= 20157) return "ticket";
  if ((code >= 31000 && code < 31010) || code === 31005 || code >= 53000) return "network";
  return "unknown";
}
