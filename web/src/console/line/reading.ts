/**
 * One conversation as somebody reads it: its secrets, and its lines in the order of the server.
 *
 * Somebody beside a chat reads it so, from the moment they came in and never earlier; who has the
 * chat reads it so too, from the first line (`Conversation` adds what is written).
 *
 * How a screen shows a joined chat, read only:
 *
 * ```svelte
 * {#each state.snapshot.coaching.joined as view (view.joining)}   // state "present", mode "read"
 *   <Lines view={…} room={state.rooms[view.contact] ?? EMPTY_ROOM} … />
 * {/each}
 * ```
 *
 * - The desk makes one `Reading` per `JoinedView` (state "present", mode "read") and hands it each
 *   snapshot (`follow`), each `key` hint (`keyCame`) and each `line` hint (`heard`), as it does with
 *   a `Conversation`; it drops the object when the view is gone. `desk.svelte.ts` does so already.
 * - What is read comes out as happenings `line`, `line_is` and `key`, so it stands in
 *   `state.rooms[contact]`, a `Room` as of any conversation: `lines` (oldest first) and `has_key`.
 *   The room is there as long as the view is in the snapshot; then its words are gone.
 * - A line whose secret is not here yet has `state: "key_follows"` and `text: null`; it changes by
 *   itself when the secret comes. `has_key` false: no secret of the period in force yet ("sleutel
 *   volgt"). No line of a reader is `is_ours`: whoever reads along never writes.
 * - After a take-over the same contact is in `snapshot.contacts`; a `Conversation` then fills in the
 *   earlier lines of the same room, each at its place.
 */

import type { Line, Lines, MemberKeys } from "../../shared/contract.gen.ts";
import { KeyMissing, Room } from "../../shared/room.ts";
import type { Answer } from "../api.ts";
import type { Happening, ShownLine } from "./state.ts";

/** What a conversation needs of the desk around it. */
export interface Desk {
  readonly privateKey: CryptoKey;
  readonly ask: <T>(event: string, body: object) => Promise<Answer<T>>;
  readonly tell: (happening: Happening) => void;
  readonly now: () => number;
}

/** What a snapshot says of the lines and keys of a conversation, in hand or joined. */
export interface Followed {
  readonly contact: string;
  /** number of the last line */
  readonly seq: number;
  /** the key period in force */
  readonly members_version: number;
}

export class Reading {
  readonly contact: string;
  protected readonly desk: Desk;
  protected readonly room: Room;
  /** number of the last line we have; null until the server has said where our reading begins */
  protected last: number | null = null;
  /** the newest period whose secret was sealed to us */
  protected version = 0;
  readonly #counters = new Map<string, number>();
  readonly #unopened = new Map<string, Line>();
  #startsLate = false;
  #work: Promise<void> = Promise.resolve();

  constructor(view: Followed, desk: Desk) {
    this.contact = view.contact;
    this.desk = desk;
    this.room = new Room(view.contact, "volunteer");
  }

  /** A new snapshot: asks for what we miss. */
  follow(view: Followed): Promise<void> {
    return this.inTurn(async () => {
      if (view.members_version !== this.version || !this.hasKey) await this.askKeys();
      if (this.last !== null && view.seq > this.last) await this.#resume();
    });
  }

  /** The server says that a key is there. */
  keyCame(): Promise<void> {
    return this.inTurn(() => this.askKeys());
  }

  /** A line by hint: taken when it is the next one, else the reason to ask what is missing. */
  heard(line: Line): Promise<void> {
    return this.inTurn(async () => {
      if (this.last === null) await this.askKeys();
      if (this.last === null) return;
      if (line.seq === this.last + 1) await this.#take(line);
      else if (line.seq > this.last) await this.#resume();
    });
  }

  protected get hasKey(): boolean {
    return this.version > 0 && this.room.has(this.version);
  }

  /** Keys and lines are taken one after the other, so that an order is an order. */
  protected inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#work.then(work);
    this.#work = mine.catch(() => undefined);
    return mine;
  }

  /** Whether we wrote this line since the page was loaded; whoever only reads wrote none. */
  protected isOurs(_line: Line): boolean {
    return false;
  }

  protected async askKeys(): Promise<void> {
    const asked = await this.desk.ask<MemberKeys>("keys", { contact: this.contact });
    if (!asked.ok) return; // Not let in yet: the hint that a key is there asks again.
    const { version, boxes, after } = asked.value;
    await this.room.learnFrom(boxes, this.desk.privateKey);
    this.version = version;
    if (this.last === null || after > this.last) this.#beginAfter(after);
    this.desk.tell({ kind: "key", contact: this.contact, has_key: this.hasKey });
    await this.#openWaiting();
  }

  /** Our reading begins here; again further on when we were away in between. */
  #beginAfter(after: number): void {
    this.last = after;
    this.#startsLate = after > 0;
    this.#counters.clear();
  }

  async #openWaiting(): Promise<void> {
    for (const [clientId, line] of [...this.#unopened]) {
      const { state, text, at } = await this.#opened(line);
      if (state === "key_follows") continue;
      this.#unopened.delete(clientId);
      const change = { state, text, at };
      this.desk.tell({ kind: "line_is", contact: this.contact, client_id: clientId, change });
    }
  }

  async #opened(line: Line): Promise<Pick<ShownLine, "state" | "text" | "at">> {
    try {
      const words = await this.room.open(line);
      return { state: "there", text: words.text, at: words.at };
    } catch (fault) {
      return { state: fault instanceof KeyMissing ? "key_follows" : "unreadable", text: null, at: null };
    }
  }

  async #resume(): Promise<void> {
    for (let more = true; more; ) {
      const asked = await this.desk.ask<Lines>("resume", { contact: this.contact, after: this.last });
      if (!asked.ok) return;
      for (const line of asked.value.lines) if (line.seq === (this.last ?? 0) + 1) await this.#take(line);
      more = asked.value.more && asked.value.lines.length > 0;
    }
  }

  async #take(line: Line): Promise<void> {
    this.last = line.seq;
    const isOurs = this.isOurs(line);
    const opened = await this.#opened(line);
    if (opened.state === "key_follows") this.#unopened.set(line.client_id, line);
    this.desk.tell({
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

  /**
   * Each stream counts from 0 without holes; a hole is a line that somebody took away.
   *
   * Who came in later missed the beginning of the streams that ran already.
   */
  #isAfterGap({ by, stream, counter }: Line): boolean {
    const name = `${by} ${stream}`;
    const expected = this.#counters.get(name) ?? (this.#startsLate ? counter : 0);
    this.#counters.set(name, Math.max(expected, counter + 1));
    return counter > expected;
  }
}
