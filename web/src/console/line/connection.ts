/**
 * The console's socket: one connection, asked politely, opened again until it is closed on purpose.
 *
 * Nothing here knows what a conversation is.
 */

import { io, type Socket } from "socket.io-client";

import { type Bytes, revive, toBase64 } from "../../shared/bytes.ts";
import type { Ack, Line as SealedLine } from "../../shared/contract.gen.ts";
import type { Answer } from "../api.ts";
import { Pace } from "./pace.ts";

/** How long an ack may take before the question counts as unanswered. */
const PATIENCE_MS = 10_000;

/** Longest chance wait before coming back after a restart, so that consoles do not come all at once. */
const MOVED_WITHIN_MS = 5_000;

/** Wait after a refused connection; the library itself only repeats failed ones. */
const REFUSED_WAIT_MS = 2_000;

export interface LineEars {
  readonly up: () => void;
  readonly down: () => void;
  readonly moved: () => void;
  readonly replaced: () => void;
  readonly signedOut: () => void;
  readonly changed: (version: number) => void;
  readonly line: (line: SealedLine) => void;
  readonly key: (contact: string) => void;
  /** the demo's own phone rings, or stops */
  readonly phone: (event: "ring" | "over") => void;
  /** who is on now changed, or something was said in the shift's own room */
  readonly shiftRoom: () => void;
}

export class Connection {
  readonly #socket: Socket;
  readonly #pace = new Pace();
  #closed = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** @param ticket asks the server for a single-use ticket; each connection needs a new one. */
  constructor(publicKey: Bytes, ticket: () => Promise<Answer<{ ticket: string }>>, ears: LineEars) {
    this.#socket = io("/console", {
      transports: ["websocket"],
      reconnectionDelay: 500,
      reconnectionDelayMax: 4_000,
      autoConnect: false,
      auth: (give) => {
        void ticket().then((answer) => {
          if (answer.ok) give({ ticket: answer.value.ticket, public_key: toBase64(publicKey) });
          else if (answer.code === "signed-out") ears.signedOut();
          else give({ ticket: "", public_key: toBase64(publicKey) });
        });
      },
    });
    this.#listen(ears);
    this.#socket.connect();
  }

  get isUp(): boolean {
    return this.#socket.connected;
  }

  /** Asks and waits for the ack; waits its turn, and again when the server says too fast. */
  async ask<T>(event: string, body: object = {}): Promise<Answer<T>> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await this.#pace.turn();
      const ack = await this.#once<T>(event, body);
      if (ack === null) return { ok: false, code: "unreachable" };
      if (ack.ok) return { ok: true, value: ack };
      if (ack.code !== "too-fast") return { ok: false, code: ack.code };
      this.#pace.rest(ack.retry_ms ?? 1_000);
    }
    return { ok: false, code: "too-fast" };
  }

  /** Says that we are still here; is not counted by the server. */
  beat(): void {
    if (this.isUp) this.#socket.emit("beat", {}, () => undefined);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    this.#socket.disconnect();
  }

  async #once<T>(event: string, body: object): Promise<Ack<T> | null> {
    if (!this.isUp) return null;
    try {
      const ack: unknown = await this.#socket.timeout(PATIENCE_MS).emitWithAck(event, body);
      // An empty ack comes from a handler that gave nothing: not an answer.
      return ack === null || ack === undefined ? null : (revive(ack) as Ack<T>);
    } catch {
      return null;
    }
  }

  #later(wait_ms: number): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      if (this.#closed) return;
      this.#socket.disconnect().connect();
    }, wait_ms);
  }

  #listen(ears: LineEars): void {
    const socket = this.#socket;
    socket.on("connect", ears.up);
    socket.on("connect_error", () => {
      ears.down();
      if (!socket.active && !this.#closed) this.#later(REFUSED_WAIT_MS);
    });
    socket.on("disconnect", (reason) => {
      if (this.#closed) return;
      ears.down();
      if (reason === "io server disconnect") this.#later(REFUSED_WAIT_MS);
    });
    socket.on("moved", () => {
      ears.moved();
      this.#later(Math.random() * MOVED_WITHIN_MS);
    });
    socket.on("replaced", () => {
      this.close();
      ears.replaced();
    });
    socket.on("signed_out", () => {
      this.close();
      ears.signedOut();
    });
    socket.on("changed", (told: { version: number }) => ears.changed(told.version));
    socket.on("line", (line: SealedLine) => ears.line(revive(line)));
    socket.on("phone-ring", () => ears.phone("ring"));
    socket.on("phone-over", () => ears.phone("over"));
    socket.on("shift-room", ears.shiftRoom);
    socket.on("key", (told: { contact: string }) => ears.key(told.contact));
  }
}
