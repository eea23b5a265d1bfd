/**
 * What the page keeps over a reload, and how.
 *
 * sessionStorage holds the token and half A of a wrapping key; the server holds half B. Secrets and
 * unsent lines lie in a box that only both halves open, so what stays on the disk opens nothing.
 */
import { type Bytes, concat, fromBase64, fromUtf8, random, toBase64, utf8 } from "../shared/bytes.ts";
import type { ChatBegun } from "../shared/contract.gen.ts";
import type { Words } from "../shared/lines.ts";
import { derive, type Room, type SealedLine, unwrap, wrap } from "../shared/room.ts";

const NAME = "ll";

/** A line that the server has not acknowledged. */
export interface Unsent {
  id: string;
  words: Words;
  /** Sealed bytes, re-sent as they are; null while nobody can read it yet. */
  line: SealedLine | null;
}

interface Stored extends ChatBegun {
  a: string;
  box: string | null;
  ticket: string | null;
}

interface Inside {
  secrets: Record<string, string>;
  waiting: { id: string; words: Words; line: (Omit<SealedLine, "sealed"> & { sealed: string }) | null }[];
  published: number;
}

export interface Opened {
  secrets: [number, Bytes][];
  waiting: Unsent[];
  /** The last period whose keys the server acknowledged. */
  published: number;
}

/** The part of Storage that we use; a browser may refuse it. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export class Keep {
  readonly #shelf: Shelf | null;
  #stored: Stored | null = null;
  #half: Bytes | null = null;
  #turn: Promise<void> = Promise.resolve();

  /** Without a shelf all stays in memory. */
  constructor(shelf: Shelf | null) {
    this.#shelf = shelf;
  }

  get memoryOnly(): boolean {
    return this.#shelf === null;
  }

  get ticket(): string | null {
    return this.#stored?.ticket ?? null;
  }

  begin(begun: ChatBegun): void {
    this.#stored = { ...begun, a: toBase64(random(32)), box: null, ticket: null };
    this.#write();
  }

  /** The conversation this tab had before a reload, or null. */
  restore(): ChatBegun | null {
    try {
      const text = this.#shelf?.getItem(NAME);
      this.#stored = text ? (JSON.parse(text) as Stored) : null;
    } catch {
      this.#stored = null; // Not ours, or the browser refuses.
    }
    if (!this.#stored) return null;
    const { contact, token, signer } = this.#stored;
    return { contact, token, signer };
  }

  /** Takes in the server's half, and the ticket for coming back too late; empty when not new. */
  heard(half: Bytes | null, ticket: string): void {
    if (half) this.#half = half;
    if (this.#stored && ticket !== "" && this.#stored.ticket !== ticket) {
      this.#stored.ticket = ticket;
      this.#write();
    }
  }

  /** Opens the box; null when there is none, or when the halves do not fit. */
  async open(): Promise<Opened | null> {
    const key = await this.#key();
    if (!key || !this.#stored?.box) return null;
    try {
      const plain = await unwrap(fromBase64(this.#stored.box), key);
      const inside = JSON.parse(fromUtf8(plain)) as Inside;
      return {
        published: inside.published,
        secrets: Object.entries(inside.secrets).map(([p, s]) => [Number(p), fromBase64(s)]),
        waiting: inside.waiting.map(({ line, ...rest }) => ({
          ...rest,
          line: line && { ...line, sealed: fromBase64(line.sealed) },
        })),
      };
    } catch {
      return null;
    }
  }

  /** Wraps and writes; several at once are written in order. */
  save(room: Room, waiting: readonly Unsent[], published: number): Promise<void> {
    const inside: Inside = {
      secrets: Object.fromEntries(room.secrets().map(([p, s]) => [p, toBase64(s)])),
      waiting: waiting.map(({ line, ...rest }) => ({
        ...rest,
        line: line && { ...line, sealed: toBase64(line.sealed) },
      })),
      published,
    };
    this.#turn = this.#turn.then(async () => {
      const key = await this.#key();
      if (!key || !this.#stored || this.memoryOnly) return;
      this.#stored.box = toBase64(await wrap(utf8(JSON.stringify(inside)), key));
      this.#write();
    });
    return this.#turn;
  }

  clear(): void {
    this.#stored = null;
    this.#half = null;
    try {
      this.#shelf?.removeItem(NAME);
    } catch {
      // The browser refuses: then nothing was written either.
    }
  }

  async #key(): Promise<Bytes | null> {
    if (!this.#half || !this.#stored) return null;
    return derive(concat(fromBase64(this.#stored.a), this.#half), "ll-half");
  }

  #write(): void {
    if (!this.#stored) return;
    try {
      this.#shelf?.setItem(NAME, JSON.stringify(this.#stored));
    } catch {
      // Full, or refused: a reload then starts anew.
    }
  }
}
