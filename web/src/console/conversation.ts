/**
 * One conversation of this console: its secrets, its lines in the order of the server, and the
 * lines of ours that are not acknowledged yet.
 *
 * Words are opened and sealed here; they go to the view and nowhere else.
 */

import { newId } from "../shared/bytes.ts";
import type { ContactView, Line, Lines, MemberKeys } from "../shared/contract.gen.ts";
import type { Words } from "../shared/lines.ts";
import { KeyMissing, Room, type SealedLine, type Spot } from "../shared/room.ts";
import type { Answer } from "./api.ts";
import type { Happening, ShownLine } from "./state.ts";

/** What a conversation needs of the desk around it. */
export interface Desk {
  readonly privateKey: CryptoKey;
  readonly ask: <T>(event: string, body: object) => Promise<Answer<T>>;
  readonly tell: (happening: Happening) => void;
  readonly now: () => number;
}

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

export class Conversation {
  readonly contact: string;
  readonly #desk: Desk;
  readonly #room: Room;
  readonly #counters = new Map<string, number>();
  readonly #unopened = new Map<string, Line>();
  #outgoing: Outgoing[] = [];
  #view: ContactView;
  #last = 0;
  #version = 0;
  #work: Promise<void> = Promise.resolve();
  #isSending = false;

  constructor(view: ContactView, desk: Desk) {
    this.contact = view.contact;
    this.#view = view;
    this.#desk = desk;
    this.#room = new Room(view.contact, "volunteer");
  }

  /** A new snapshot: asks for what we miss, and sends on what waits. */
  follow(view: ContactView): Promise<void> {
    this.#view = view;
    return this.#inTurn(async () => {
      if (view.members_version !== this.#version || !this.#hasKey) await this.#askKeys();
      if (view.seq > this.#last) await this.#resume();
      void this.sendOn();
    });
  }

  /** The server says that a key is there. */
  keyCame(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#askKeys();
      void this.sendOn();
    });
  }

  /** A line by hint: taken when it is the next one, else the reason to ask what is missing. */
  heard(line: Line): Promise<void> {
    return this.#inTurn(async () => {
      if (line.seq === this.#last + 1) await this.#take(line);
      else if (line.seq > this.#last) await this.#resume();
    });
  }

  /** Shows our line at once and sends it as soon as it can go. */
  say(text: string): void {
    const words: Words = { text, at: this.#desk.now() };
    const outgoing: Outgoing = { client_id: newId(), words, spot: null, sealed: null, refused: false };
    this.#outgoing.push(outgoing);
    this.#desk.tell({
      kind: "line",
      contact: this.contact,
      line: {
        client_id: outgoing.client_id,
        seq: null,
        by: "volunteer",
        state: this.#hasKey ? "sending" : "waiting_key",
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

  get #hasKey(): boolean {
    return this.#version > 0 && this.#room.has(this.#version);
  }

  /** Keys and lines are taken one after the other, so that an order is an order. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#work.then(work);
    this.#work = mine.catch(() => undefined);
    return mine;
  }

  #change(outgoing: Outgoing, change: Partial<Pick<ShownLine, "state" | "why" | "seq">>): void {
    this.#desk.tell({ kind: "line_is", contact: this.contact, client_id: outgoing.client_id, change });
  }

  async #askKeys(): Promise<void> {
    const asked = await this.#desk.ask<MemberKeys>("keys", { contact: this.contact });
    if (!asked.ok) return;
    const { version, boxes } = asked.value;
    await this.#room.learnFrom(boxes, this.#desk.privateKey);
    this.#version = version;
    this.#desk.tell({ kind: "key", contact: this.contact, has_key: this.#hasKey });
    await this.#openWaiting();
  }

  async #openWaiting(): Promise<void> {
    for (const [clientId, line] of [...this.#unopened]) {
      const { state, text, at } = await this.#opened(line);
      if (state === "key_follows") continue;
      this.#unopened.delete(clientId);
      const change = { state, text, at };
      this.#desk.tell({ kind: "line_is", contact: this.contact, client_id: clientId, change });
    }
  }

  async #opened(line: Line): Promise<Pick<ShownLine, "state" | "text" | "at">> {
    try {
      const words = await this.#room.open(line);
      return { state: "there", text: words.text, at: words.at };
    } catch (fault) {
      return { state: fault instanceof KeyMissing ? "key_follows" : "unreadable", text: null, at: null };
    }
  }

  async #resume(): Promise<void> {
    for (let more = true; more; ) {
      const asked = await this.#desk.ask<Lines>("resume", { contact: this.contact, after: this.#last });
      if (!asked.ok) return;
      for (const line of asked.value.lines) if (line.seq === this.#last + 1) await this.#take(line);
      more = asked.value.more && asked.value.lines.length > 0;
    }
  }

  async #take(line: Line): Promise<void> {
    this.#last = line.seq;
    const isOurs = line.by === "volunteer" && line.stream === this.#room.stream;
    if (isOurs) this.#outgoing = this.#outgoing.filter((one) => one.client_id !== line.client_id);
    const opened = await this.#opened(line);
    if (opened.state === "key_follows") this.#unopened.set(line.client_id, line);
    this.#desk.tell({
      kind: "line",
      contact: this.contact,
      line: {
        client_id: line.client_id,
        seq: line.seq,
        by: line.by,
        ...opened,
        why: null,
        gap_before: this.#isAfterGap(line) && !isOurs,
        is_ours: isOurs,
      },
    });
  }

  /** Each stream counts from 0 without holes; a hole is a line that somebody took away. */
  #isAfterGap({ by, stream, counter }: Line): boolean {
    const name = `${by} ${stream}`;
    const expected = this.#counters.get(name) ?? 0;
    this.#counters.set(name, Math.max(expected, counter + 1));
    return counter > expected;
  }

  #nextOutgoing(): Outgoing | undefined {
    return this.#outgoing.find((one) => !one.refused);
  }

  /** True when the next line may follow; false when we must wait for the line or a key. */
  async #sendOne(outgoing: Outgoing): Promise<boolean> {
    if (!this.#hasKey) {
      this.#change(outgoing, { state: "waiting_key" });
      return false;
    }
    outgoing.spot ??= this.#room.next(outgoing.client_id, this.#version);
    outgoing.sealed ??= await this.#room.seal(outgoing.words, outgoing.spot);
    this.#change(outgoing, { state: "sending" });
    const body = { contact: this.contact, epoch: this.#view.epoch, ...outgoing.sealed };
    const asked = await this.#desk.ask<{ seq: number }>("say", body);
    if (asked.ok) {
      this.#outgoing = this.#outgoing.filter((one) => one !== outgoing);
      this.#change(outgoing, { state: "there", seq: asked.value.seq });
      if (asked.value.seq === this.#last + 1) this.#last += 1;
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
    await this.#inTurn(() => this.#askKeys());
    if (outgoing.spot === null || outgoing.spot.period === this.#version) return false;
    // Same stream and counter: the period makes it another key.
    outgoing.spot = { ...outgoing.spot, period: this.#version };
    outgoing.sealed = null;
    return true;
  }
}
