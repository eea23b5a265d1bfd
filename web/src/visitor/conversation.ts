/** One conversation as the protocol sees it: keys, lines in order, what is not acknowledged yet. */
import { type Bytes, fromBase64, newId } from "../shared/bytes.ts";
import type {
  ChatBegun,
  Ended,
  Line,
  Lines,
  Members,
  RefusalCode,
  Refused,
  SealedKey,
  VisitorSnapshot,
} from "../shared/contract.gen.ts";
import { Streams } from "../shared/holes.ts";
import type { Words } from "../shared/lines.ts";
import { hasIt, Room, vouched } from "../shared/room.ts";
import type { Keep, Unsent } from "./keep.ts";
import type { Ears, Wire } from "./line.ts";
import type { Happening } from "./state.ts";

const RETRY_MS = 1_000;
const GONE_MS = 1_000;

/** The server takes so many boxes at once, and the present period's own each time. */
const MOST_BOXES = 64;

/** Boxes in orders the server takes: mostly one, more after very many changes of members. */
function parcels(boxes: readonly SealedKey[], version: number): SealedKey[][] {
  const own = boxes.filter(({ period }) => period === version);
  const earlier = boxes.filter(({ period }) => period !== version);
  const room = MOST_BOXES - own.length;
  const found = [[...own, ...earlier.slice(0, room)]];
  for (let at = room; at < earlier.length; at += room)
    found.push([...own, ...earlier.slice(at, at + room)]);
  return found;
}

/** How the conversation reaches the rest of the page; tests hand in their own. */
export interface World {
  tell(happening: Happening): void;
  now(): number;
  later(ms: number, what: () => void): void;
  /** Secrets that another tab of this conversation holds. */
  askTabs(): Promise<[number, Bytes][]>;
}

export class Conversation implements Ears {
  readonly room: Room;
  readonly #begun: ChatBegun;
  readonly #keep: Keep;
  readonly #world: World;
  readonly #streams = new Streams();
  #wire: Wire | null = null;
  #snapshot: VisitorSnapshot | null = null;
  #unsent: Unsent[] = [];
  #last = 0;
  #published = 0;
  #restored: boolean;
  #unshown: Unsent[] = [];
  #over = false;
  // Everything that touches keys and lines goes one after the other.
  #turn: Promise<void> = Promise.resolve();

  constructor(begun: ChatBegun, keep: Keep, world: World, restored: boolean) {
    this.#begun = begun;
    this.#keep = keep;
    this.#world = world;
    this.#restored = restored;
    this.room = new Room(begun.contact, "visitor");
  }

  /** Gives the conversation its connection; its events are this object's own. */
  over(wire: Wire): void {
    this.#wire = wire;
  }

  /** Waits until all that was begun is done. */
  async settled(): Promise<void> {
    let seen: Promise<void> | null = null;
    while (seen !== this.#turn) {
      seen = this.#turn;
      await seen;
    }
  }

  say(text: string): void {
    const words: Words = { text, at: this.#world.now() };
    const id = newId();
    this.#unsent.push({ id, words, line: null });
    this.#world.tell({ is: "typed", id, ...words });
    this.#queue(async () => {
      await this.#store();
      await this.#flush();
    });
  }

  /** Gives whether the server knows: by its answer, or because it has said so meanwhile. */
  async end(): Promise<boolean> {
    const ack = await this.#wire?.ask("end", {});
    return this.#over || (ack?.ok ?? false);
  }

  async freeze(): Promise<void> {
    await this.#wire?.ask("freeze", {});
  }

  // What the connection says.

  up(): void {
    this.#world.tell({ is: "link", link: "up" });
    this.#queue(() => this.#open());
  }

  down(): void {
    this.#world.tell({ is: "link", link: "down" });
  }

  refused(code: RefusalCode): void {
    if (code !== "contact-gone" || this.#over) return;
    const { ticket } = this.#keep;
    this.#finish();
    this.#world.tell({ is: "late", ticket });
  }

  changed(snapshot: VisitorSnapshot): void {
    this.#queue(() => this.#take(snapshot));
  }

  line(line: Line): void {
    this.#queue(async () => {
      if (line.seq === this.#last + 1) await this.#accept(line);
      else if (line.seq > this.#last) await this.#resume();
    });
  }

  ended(ended: Ended): void {
    if (this.#over) return;
    this.#finish();
    this.#world.tell({ is: "ended", ended });
  }

  /** Another tab holds the room now; this one keeps what it has, to go on later. */
  replaced(): void {
    this.#wire?.close();
    this.#wire = null;
    this.#world.tell({ is: "replaced" });
  }

  #finish(): void {
    this.#over = true;
    this.#unsent = [];
    this.#wire?.close();
    this.#wire = null;
    this.#keep.clear();
  }

  #queue(what: () => Promise<void>): void {
    this.#turn = this.#turn.then(() => (this.#over ? undefined : what()));
  }

  async #open(): Promise<void> {
    const ack = await this.#wire?.ask<{ snapshot: VisitorSnapshot }>("open", {});
    if (!ack) return; // The connection went; the next one opens again.
    if (!ack.ok) {
      this.#outage(ack, () => this.#open());
      return;
    }
    this.#world.tell({ is: "database", database: "up" });
    await this.#take(ack.snapshot);
  }

  async #take(snapshot: VisitorSnapshot): Promise<void> {
    if (this.#snapshot && snapshot.version < this.#snapshot.version) return;
    this.#keep.heard(snapshot.half, snapshot.ticket);
    if (this.#restored) await this.#unwrap();
    const before = this.#snapshot?.members.version;
    this.#snapshot = snapshot;
    if (before !== snapshot.members.version)
      this.#world.tell({ is: "keys", keys: this.#ready() ? "ready" : "none" });
    this.#world.tell({ is: "snapshot", snapshot });
    await this.#publish(snapshot.members);
    if (snapshot.seq > this.#last) await this.#resume();
    this.#showUnsent();
    await this.#flush();
  }

  /** Once after a reload: takes the secrets and unsent lines out of the box. */
  async #unwrap(): Promise<void> {
    this.#restored = false;
    const inside = await this.#keep.open();
    if (!inside) return;
    this.#published = inside.published;
    for (const [period, secret] of inside.secrets) this.room.learn(period, secret);
    this.#unsent = [...inside.waiting, ...this.#unsent];
    this.#unshown = inside.waiting;
  }

  /** Lines kept over a reload come below the history; those stored meanwhile are part of it. */
  #showUnsent(): void {
    for (const one of this.#unshown)
      if (this.#unsent.includes(one)) this.#world.tell({ is: "typed", id: one.id, ...one.words });
    this.#unshown = [];
  }

  #ready(): boolean {
    const members = this.#snapshot?.members;
    return (
      members !== undefined &&
      members.list.some(hasIt) &&
      this.#published === members.version &&
      this.room.has(members.version)
    );
  }

  /** Whether the server stands for each of the list, and one of them has the conversation. */
  async #trusts({ list }: Members): Promise<boolean> {
    const signer = fromBase64(this.#begun.signer);
    for (const member of list)
      if (!(await vouched(this.#begun.contact, member, signer))) return false;
    return list.filter(hasIt).length === 1;
  }

  /** Makes the secret of a new list of members, and hands it to each of them sealed. */
  async #publish(members: Members): Promise<void> {
    if (!members.list.some(hasIt)) return; // Who reads along has nothing to read yet.
    if (this.#ready()) return this.#world.tell({ is: "keys", keys: "ready" });
    if (!(await this.#trusts(members))) return this.#world.tell({ is: "keys", keys: "untrusted" });
    this.#world.tell({ is: "keys", keys: "making" });
    if (!this.room.has(members.version))
      for (const [period, secret] of await this.#world.askTabs())
        if (!this.room.has(period)) this.room.learn(period, secret);
    this.room.begin(members.version);
    // Kept before it is sent: a reload in between must not make a second secret.
    await this.#store();
    for (const sealed of parcels(await this.room.sealed(members), members.version)) {
      const ack = await this.#wire?.ask("keys", { period: members.version, sealed });
      if (!ack) return;
      if (!ack.ok) return this.#outage(ack, () => this.#open());
    }
    this.#published = members.version;
    await this.#store();
    this.#world.tell({ is: "keys", keys: "ready" });
  }

  async #resume(): Promise<void> {
    for (let more = true; more; ) {
      const ack = await this.#wire?.ask<Lines>("resume", { after: this.#last });
      if (!ack) return;
      if (!ack.ok) {
        this.#outage(ack, () => this.#resume());
        return;
      }
      for (const line of ack.lines) if (line.seq > this.#last) await this.#accept(line);
      more = ack.more && ack.lines.length > 0;
    }
  }

  async #accept(line: Line): Promise<void> {
    this.#last = line.seq;
    const missing = this.#streams.missingBefore(line);
    if (line.by === "visitor") await this.#acknowledged(line.client_id);
    const shown = { id: line.client_id, by: line.by, missing };
    try {
      const { text, at } = await this.room.open(line);
      this.#world.tell({ is: "line", line: { ...shown, text, at, mark: "sent" } });
    } catch {
      // Sealed under a secret this tab never had, or altered: shown as a line that cannot be read.
      const at = this.#world.now();
      this.#world.tell({ is: "line", line: { ...shown, text: "", at, mark: "unreadable" } });
    }
  }

  async #acknowledged(id: string): Promise<void> {
    this.#world.tell({ is: "marked", id, mark: "sent" });
    const left = this.#unsent.filter((one) => one.id !== id);
    if (left.length === this.#unsent.length) return;
    this.#unsent = left;
    await this.#store();
  }

  /** Sends what waits, one line at a time, so that they arrive in the order they were written. */
  async #flush(): Promise<void> {
    while (this.#ready()) {
      const first = this.#unsent[0];
      if (!first) return;
      if (!(await this.#send(first))) return;
    }
  }

  /** Gives whether the next line may be tried at once. */
  async #send(unsent: Unsent): Promise<boolean> {
    const period = this.#snapshot?.members.version ?? 0;
    this.#world.tell({ is: "marked", id: unsent.id, mark: "sending" });
    if (!unsent.line) {
      unsent.line = await this.room.seal(unsent.words, this.room.next(unsent.id, period));
      await this.#store();
    }
    const { line } = unsent;
    const ack = await this.#wire?.ask<{ seq: number }>("say", line);
    if (!ack) return false;
    if (ack.ok) {
      this.#world.tell({ is: "database", database: "up" });
      await this.#acknowledged(unsent.id);
      if (ack.seq === this.#last + 1) {
        this.#last = ack.seq;
        this.#streams.missingBefore({ by: "visitor", ...line });
      } else if (ack.seq > this.#last) await this.#resume();
      return true;
    }
    if (ack.code === "key-period-passed" && line.period !== period) {
      // Not stored, so it is sealed anew: same id and place in the stream, another key.
      unsent.line = await this.room.seal(unsent.words, { ...line, period });
      await this.#store();
      return true;
    }
    if (ack.code === "message-too-long" || ack.code === "bad-request") {
      this.#world.tell({ is: "marked", id: unsent.id, mark: "refused" });
      this.#unsent = this.#unsent.filter((one) => one !== unsent);
      await this.#store();
      return true;
    }
    const again = ack.code === "too-fast" ? () => this.#flush() : () => this.#open();
    this.#outage(ack, again);
    return false;
  }

  /** The server could not do it now: says so, and tries again later. */
  #outage(refused: Refused, again: () => Promise<void>): void {
    // A conversation that just ended says so itself, a moment after it refuses what was under way.
    if (refused.code === "contact-gone")
      return this.#world.later(GONE_MS, () => this.refused("contact-gone"));
    if (refused.code === "try-again") this.#world.tell({ is: "database", database: "away" });
    this.#world.later(refused.retry_ms ?? RETRY_MS, () => this.#queue(again));
  }

  #store(): Promise<void> {
    return this.#keep.save(this.room, this.#unsent, this.#published);
  }
}
