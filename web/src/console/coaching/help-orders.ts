/** The orders of help, of being beside a conversation and of after-care, as a console sends them. */

import type { JoinMode, LeaveShift, WantTalk } from "../../shared/contract.gen.ts";
import { type Aside, wayTo } from "./coach.ts";

/** Sends an order; gives the code of a refusal, or null. */
type Order = (event: string, body: object) => Promise<string | null>;

export class HelpOrders {
  readonly #order: Order;
  /** what is ended here is no news when it is gone */
  readonly #letGo: (what: string) => void;

  constructor(order: Order, letGo: (what: string) => void) {
    this.#order = order;
    this.#letGo = letGo;
  }

  /** Asks for help; a conversation that has just left us is no reason not to be helped. */
  ask = async (contact: string | null, urgent: boolean): Promise<string | null> => {
    const refused = await this.#order("help", { contact, urgent });
    if (refused !== "not-your-contact" || contact === null) return refused;
    return this.#order("help", { contact: null, urgent });
  };

  withdraw = (request: string): Promise<string | null> => this.#end("help-withdraw", { request }, request);

  take = (request: string): Promise<string | null> => this.#order("help-take", { request });

  /** Notes what one decided about the emergency services. */
  emergency = (request: string, called: boolean): Promise<string | null> => this.#order("emergency", { request, called });

  /** The help was given: who is still with the conversation leaves it first. */
  done = async ({ request, joined }: Aside): Promise<string | null> => {
    if (joined !== null) await this.leave(joined.joining);
    return request === null ? null : this.#end("help-done", { request: request.request }, request.request);
  };

  readAlong = (contact: string, to: string): Promise<string | null> => this.#order("read-along", { contact, to });

  answer = (joining: string, yes: boolean): Promise<string | null> => this.#order("join-answer", { joining, yes });

  /** Takes part in the conversation of a request in this way, whatever the way was before. */
  join = async (aside: Aside, mode: JoinMode): Promise<string | null> => {
    const { request, joined } = aside;
    const way = wayTo(aside, mode);
    if (way === "none") return null;
    if (way === "change" && joined !== null) return this.#order("join-mode", { joining: joined.joining, mode });
    if (request === null) return null;
    if (way === "rejoin" && joined !== null) {
      const refused = await this.leave(joined.joining);
      if (refused !== null) return refused;
    }
    return this.#order("join", { request: request.request, mode });
  };

  leave = (joining: string): Promise<string | null> => this.#end("join-leave", { joining }, joining);

  stop = (joining: string): Promise<string | null> => this.#end("join-stop", { joining }, joining);

  takeOver = (request: string): Promise<string | null> => this.#order("take-over", { request });

  talk = (wanted: WantTalk["wanted"]): Promise<string | null> => this.#order("talk", { wanted });

  talked = (talk: string): Promise<string | null> => this.#order("talk-done", { talk });

  leaveShift = (mood: LeaveShift["mood"]): Promise<string | null> => this.#order("leave-shift", { mood });

  agreeHeavy = (agrees: boolean): Promise<string | null> => this.#order("agree-heavy", { agrees });

  #end(event: string, body: object, what: string): Promise<string | null> {
    this.#letGo(what);
    return this.#order(event, body);
  }
}
