/** The socket of the visitor: one connection, its heartbeat, and what the server says over it. */
import { io, type Socket } from "socket.io-client";
import { revive } from "../shared/bytes.ts";
import type { Ack, Ended, Line, RefusalCode, VisitorSnapshot } from "../shared/contract.gen.ts";

const BEAT_MS = 5_000;
const ACK_MS = 8_000;
const RETRY_MS = 1_000;
const MOVED_MS = 5_000;

/** What the chat hears. */
export interface Ears {
  up(): void;
  down(): void;
  refused(code: RefusalCode): void;
  changed(snapshot: VisitorSnapshot): void;
  line(line: Line): void;
  ended(ended: Ended): void;
  replaced(): void;
}

/** What the chat needs of a connection; tests hand in their own. */
export interface Wire {
  /** Null when no answer came: the connection is gone, ask again later. */
  ask<T = object>(event: string, body: object): Promise<Ack<T> | null>;
  wake(): void;
  close(): void;
}

export class SocketWire implements Wire {
  readonly #token: string;
  readonly #ears: Ears;
  #socket: Socket;
  #beat: ReturnType<typeof setInterval>;
  #lastBeat = 0;

  constructor(token: string, ears: Ears) {
    this.#token = token;
    this.#ears = ears;
    this.#socket = this.#connect();
    this.#beat = setInterval(() => this.#sendBeat(), BEAT_MS);
  }

  async ask<T = object>(event: string, body: object): Promise<Ack<T> | null> {
    if (!this.#socket.connected) return null;
    try {
      return revive((await this.#socket.timeout(ACK_MS).emitWithAck(event, body)) as Ack<T>);
    } catch {
      return null;
    }
  }

  /** After a locked screen: connect at once rather than after the pause, or see that we are on. */
  wake(): void {
    if (!this.#socket.connected) this.#socket.connect();
    else
      void this.ask("beat", {}).then((ack) => {
        if (!ack && this.#socket.connected) this.#socket.disconnect().connect();
      });
  }

  close(): void {
    clearInterval(this.#beat);
    this.#socket.removeAllListeners();
    this.#socket.disconnect();
  }

  #sendBeat(): void {
    if (!this.#socket.connected || Date.now() - this.#lastBeat < BEAT_MS - 500) return;
    this.#lastBeat = Date.now();
    this.#socket.emit("beat", {}, () => undefined);
  }

  #connect(): Socket {
    const socket = io("/visitor", {
      path: "/socket.io",
      transports: ["websocket"],
      auth: { token: this.#token },
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
    });
    // Timers of a page in the background may stop; the server's pings still arrive.
    socket.io.on("ping", () => this.#sendBeat());
    socket.on("connect", () => this.#ears.up());
    socket.on("disconnect", (reason) => {
      this.#ears.down();
      if (reason === "io server disconnect") setTimeout(() => socket.connect(), RETRY_MS);
    });
    socket.on("connect_error", (error) => {
      if (socket.active) this.#ears.down();
      else if (error.message === "contact-gone") this.#ears.refused("contact-gone");
      else {
        this.#ears.down();
        setTimeout(() => socket.connect(), RETRY_MS);
      }
    });
    socket.on("changed", (body) => this.#ears.changed(revive(body).snapshot as VisitorSnapshot));
    socket.on("line", (body) => this.#ears.line(revive(body) as Line));
    socket.on("prove", () => socket.emit("here", {}, () => undefined));
    socket.on("ended", (body) => this.#ears.ended(body as Ended));
    socket.on("replaced", () => {
      socket.removeAllListeners();
      socket.disconnect();
      this.#ears.replaced();
    });
    socket.on("moved", () => setTimeout(() => this.#move(socket), Math.random() * MOVED_MS));
    return socket;
  }

  /** The server restarts: open the new connection first, then let go of the old one. */
  #move(old: Socket): void {
    if (this.#socket !== old) return;
    old.off("replaced");
    old.off("disconnect");
    this.#socket = this.#connect();
    this.#socket.once("connect", () => old.removeAllListeners().disconnect());
  }
}
