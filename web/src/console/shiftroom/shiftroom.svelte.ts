/**
 * Who is on now, and the shift's own room, as this console has them.
 *
 * Words live here until the shift ends in which they were said, and nowhere else.
 */

import { newId } from "../../shared/bytes.ts";
import type { OnNow, RoomLine, RoomMember, SaidInShiftRoom, ShiftRoomView } from "../../shared/contract.gen.ts";
import type { Answer } from "../api.ts";
import type { KeyPair } from "../line/keystore.ts";
import { openLine, sealLine } from "./shiftroom-lines.ts";

type Ask = <T>(event: string, body: object) => Promise<Answer<T>>;

/** One line as it is shown. `text` null: it could not be opened. */
export interface ShownRoomLine {
  readonly line: string;
  readonly name: string;
  readonly branch_name: string | null;
  readonly is_coach: boolean;
  readonly is_mine: boolean;
  readonly text: string | null;
  readonly at: number | null;
  readonly until_at: number;
}

/** An answer this old is asked again: hints may have been lost. */
const LASTS_MS = 15_000;
/** Many hints at once are one question. */
const HINT_WAIT_MS = 250;
/** Somebody may come or go each time that a line is sealed. */
const MOST_TRIES = 4;

export class ShiftRoom {
  people: readonly OnNow[] = $state.raw([]);
  lines: readonly ShownRoomLine[] = $state.raw([]);
  /** one is on now */
  isIn = $state(false);
  /** somebody stands on a shift: there is a room */
  hasRoom = $state(false);
  unread = $state(0);
  /** the room is open on the screen: what comes is read */
  isOpen = $state(false);
  draft = $state("");

  readonly #ask: Ask;
  readonly #now: () => number;
  #keys: KeyPair | null = null;
  #me: string | null = null;
  #members: readonly RoomMember[] = [];
  #after = 0;
  #askedAt = 0;
  #work: Promise<void> = Promise.resolve();
  #said: { text: string; line: string } | null = null;
  #hint: ReturnType<typeof setTimeout> | undefined;

  /** @param now the server's moment */
  constructor(ask: Ask, now: () => number) {
    this.#ask = ask;
    this.#now = now;
  }

  /** From now on with this console's keys. */
  begin(keys: KeyPair): void {
    this.#forget();
    this.#keys = keys;
  }

  /** Forgets who is there and every word. */
  end(): void {
    clearTimeout(this.#hint);
    this.#hint = undefined;
    this.#keys = null;
    this.draft = "";
    this.#forget();
  }

  /** Something changed, the server says. */
  hint = (): void => {
    this.#hint ??= setTimeout(() => {
      this.#hint = undefined;
      void this.ask();
    }, HINT_WAIT_MS);
  };

  /** Each second: words of a shift that is over go, and an old answer is asked again. */
  look(): void {
    const now = this.#now();
    if (this.lines.some((one) => one.until_at <= now)) this.lines = this.lines.filter((one) => one.until_at > now);
    if (Date.now() - this.#askedAt >= LASTS_MS) void this.ask();
  }

  /** Asks who is on now and what is new; one question after the other. */
  ask(): Promise<void> {
    return this.#inTurn(() => this.#askAll());
  }

  open(): void {
    this.isOpen = true;
    this.unread = 0;
  }

  close(): void {
    this.isOpen = false;
  }

  /** Says something to who is there now; gives the code of a refusal, or null. */
  async say(text: string): Promise<string | null> {
    let code: string | null = "unreachable";
    // What got no answer may be there all the same: said again it is the same line.
    if (this.#said?.text !== text) this.#said = { text, line: newId() };
    const { line } = this.#said;
    await this.#inTurn(async () => {
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        code = await this.#sayOnce(text, line);
        if (code !== "room-changed") break;
        await this.#askAll();
      }
      if (code !== "unreachable") this.#said = null;
      if (code === null) await this.#askAll();
    });
    return code;
  }

  async #sayOnce(text: string, line: string): Promise<string | null> {
    if (this.#me === null) return "not-on-shift";
    try {
      const said = await sealLine({ text, at: this.#now() }, this.#me, this.#members, line);
      const asked = await this.#ask<SaidInShiftRoom>("shift-room-say", said);
      return asked.ok ? null : asked.code;
    } catch {
      return "unknown"; // A key in the list that is none: better unsaid than for some only.
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#work.then(work);
    this.#work = mine.catch(() => undefined);
    return mine;
  }

  async #askAll(): Promise<void> {
    this.#askedAt = Date.now();
    for (let more = this.#keys !== null; more; ) {
      const asked = await this.#ask<ShiftRoomView>("shift-room", { after: this.#after });
      if (!asked.ok || this.#keys === null) return;
      await this.#take(asked.value, this.#keys);
      more = asked.value.more && asked.value.lines.length > 0;
    }
  }

  async #take(view: ShiftRoomView, keys: KeyPair): Promise<void> {
    // Who is no more on now keeps no word of it.
    if (view.me === null) this.#forget();
    this.#me = view.me;
    this.#members = view.members;
    this.isIn = view.me !== null;
    this.hasRoom = view.has_room;
    this.people = view.people;
    const come: ShownRoomLine[] = [];
    for (const line of view.lines) if (line.number > this.#after) come.push(await this.#opened(line, keys));
    if (view.lines.length === 0 || this.#keys === null) return;
    this.#after = view.lines[view.lines.length - 1]?.number ?? this.#after;
    this.lines = [...this.lines, ...come];
    if (!this.isOpen) this.unread += come.filter((one) => !one.is_mine).length;
  }

  async #opened(line: RoomLine, keys: KeyPair): Promise<ShownRoomLine> {
    const words = await openLine(line, keys.privateKey);
    const { name, branch_name, is_coach, is_mine, until_at } = line;
    return { line: line.line, name, branch_name, is_coach, is_mine, until_at, text: words?.text ?? null, at: words?.at ?? null };
  }

  #forget(): void {
    this.people = [];
    this.lines = [];
    this.isIn = this.hasRoom = false;
    this.unread = 0;
    this.#me = null;
    this.#members = [];
    this.#after = 0;
  }
}
