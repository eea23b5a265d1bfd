/**
 * One conversation of this console: what `Reading` reads, and the lines of ours that are not
 * acknowledged yet.
 *
 * Words are opened and sealed here; they go to the view and nowhere else.
 */

import { newId } from "../../shared/bytes.ts";
import type { ContactView, Line } from "../../shared/contract.gen.ts";
import type { Words } from "../../shared/lines.ts";
import type { SealedLine, Spot } from "../../shared/room.ts";
import { type Desk, Reading } from "./reading.ts";
import type { ShownLine } from "./state.ts";

interface Outgoing {
  readonly client_id: string;
  readonly words: Words;
  spot: Spot | null;
  /** kept as it was sealed, and sent again byte for byte */
  sealed: SealedLine | null;
  refused: boolean;
}

/** After these the same bytes may be sent again; every other code is for the person to judge. */
const PASSING = new Set(["unreachable", "try-again", "too-fast"]);

export class Conversation extends Reading {
  #outgoing: Outgoing[] = [];
  #view: ContactView;
  #isSending = false;

  constructor(view: ContactView, desk: Desk) {
    super(view, desk);
    this.#view = view;
    this.last = 0; // Who has the chat reads it from the first line.
  }

  /** A new snapshot: asks for what we miss, and sends on what waits. */
  override async follow(view: ContactView): Promise<void> {
    this.#view = view;
    await super.follow(view);
    void this.sendOn();
  }

  override async keyCame(): Promise<void> {
    await super.keyCame();
    void this.sendOn();
  }

  /** Shows our line at once and sends it as soon as it can go. */
  say(text: string): void {
    const words: Words = { text, at: this.desk.now() };
    const outgoing: Outgoing = { client_id: newId(), words, spot: null, sealed: null, refused: false };
    this.#outgoing.push(outgoing);
    this.desk.tell({
      kind: "line",
      contact: this.contact,
      line: {
        client_id: outgoing.client_id,
        seq: null,
        by: "volunteer",
        state: this.hasKey ? "sending" : "waiting_key",
        text,
        at: words.at,
        why: null,
        gap_before: false,
        is_ours: true,
      },
    });
    void this.sendOn();
  }

  /** The person wants a refused line to be tried again. */
  sayAgain(clientId: string): void {
    const outgoing = this.#outgoing.find((one) => one.client_id === clientId);
    if (outgoing === undefined) return;
    outgoing.refused = false;
    this.#change(outgoing, { state: "sending", why: null });
    void this.sendOn();
  }

  /** Sends what waits, line by line in the order of writing; harmless when nothing waits. */
  async sendOn(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      let next = this.#nextOutgoing();
      while (next !== undefined && (await this.#sendOne(next))) next = this.#nextOutgoing();
    } finally {
      this.#isSending = false;
    }
  }

  /** A line of ours that came back is there: it is not sent again. */
  protected override isOurs(line: Line): boolean {
    const isOurs = line.by === "volunteer" && line.stream === this.room.stream;
    if (isOurs) this.#outgoing = this.#outgoing.filter((one) => one.client_id !== line.client_id);
    return isOurs;
  }

  #change(outgoing: Outgoing, change: Partial<Pick<ShownLine, "state" | "why" | "seq">>): void {
    this.desk.tell({ kind: "line_is", contact: this.contact, client_id: outgoing.client_id, change });
  }

  #nextOutgoing(): Outgoing | undefined {
    return this.#outgoing.find((one) => !one.refused);
  }

  /** True when the next line may follow; false when we must wait for the line or a key. */
  async #sendOne(outgoing: Outgoing): Promise<boolean> {
    if (!this.hasKey) {
      this.#change(outgoing, { state: "waiting_key" });
      return false;
    }
    outgoing.spot ??= this.room.next(outgoing.client_id, this.version);
    outgoing.sealed ??= await this.room.seal(outgoing.words, outgoing.spot);
    this.#change(outgoing, { state: "sending" });
    const body = { contact: this.contact, epoch: this.#view.epoch, ...outgoing.sealed };
    const asked = await this.desk.ask<{ seq: number }>("say", body);
    if (asked.ok) {
      this.#outgoing = this.#outgoing.filter((one) => one !== outgoing);
      this.#change(outgoing, { state: "there", seq: asked.value.seq });
      if (asked.value.seq === (this.last ?? 0) + 1) this.last = asked.value.seq;
      return true;
    }
    if (asked.code === "key-period-passed") return this.#reseal(outgoing);
    if (PASSING.has(asked.code)) return false;
    outgoing.refused = true;
    this.#change(outgoing, { state: "refused", why: asked.code });
    return true;
  }

  /** The members changed: the same line and client id, under the new period's secret. */
  async #reseal(outgoing: Outgoing): Promise<boolean> {
    await this.inTurn(() => this.askKeys());
    if (outgoing.spot === null || outgoing.spot.period === this.version) return false;
    // Same stream and counter: the period makes it another key.
    outgoing.spot = { ...outgoing.spot, period: this.version };
    outgoing.sealed = null;
    return true;
  }
}
