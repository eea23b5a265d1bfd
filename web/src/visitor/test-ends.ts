/** Both ends of a chat for tests: the server with whoever reads there, and loads of the page. */
import { type Bytes, newId, random, toBase64, toHex, utf8 } from "../shared/bytes.ts";
import type {
  Ack,
  Keys,
  Line,
  Member,
  RefusalCode,
  VisitorSay,
  VisitorSnapshot,
} from "../shared/contract.gen.ts";
import * as hpke from "../shared/hpke.ts";
import { Room } from "../shared/room.ts";
import { Conversation, type World } from "./conversation.ts";
import { Keep, type Shelf } from "./keep.ts";
import type { Wire } from "./line.ts";
import { type Happening, next, START, type State } from "./state.ts";

const CONTACT = "c".repeat(32);
const CURVE = { name: "ECDSA", namedCurve: "P-256" };

interface Reader {
  member: string;
  room: Room;
  learn(): Promise<number[]>;
  /** The text of every line; throws when one does not open. */
  read(): Promise<string[]>;
  /** The same, with null for a line that does not open. */
  readable(): Promise<(string | null)[]>;
}

/** The server's side of one conversation, and the volunteers who come and go. */
export class Server {
  readonly #pair: CryptoKeyPair;
  readonly signer: Bytes;
  readonly half = random(32);
  readonly said: VisitorSay[] = [];
  readonly lines: Line[] = [];
  readonly boxes = new Map<string, { period: number; box: Bytes; members: string[] }>();
  list: Member[] = [];
  members = 0;
  version = 0;
  /** The next answers to `say`: null loses the acknowledgement of a line that was stored. */
  sayings: (RefusalCode | null)[] = [];

  private constructor(pair: CryptoKeyPair, signer: Bytes) {
    this.#pair = pair;
    this.signer = signer;
  }

  static async start(): Promise<Server> {
    const pair = await crypto.subtle.generateKey(CURVE, true, ["sign", "verify"]);
    const signer = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    return new Server(pair, signer);
  }

  /** Lets a volunteer in, and out whoever had the conversation; gives what reads as that volunteer. */
  async letIn(): Promise<Reader> {
    this.list = this.list.filter(({ role }) => role !== "volunteer");
    return this.#add("volunteer");
  }

  /** Lets somebody read along from now on. */
  async letReader(role: "coach" | "mentor" | "colleague"): Promise<Reader> {
    return this.#add(role);
  }

  letOut(id: string): void {
    this.members++;
    this.list = this.list.filter(({ member }) => member !== id);
  }

  async #add(role: Member["role"]): Promise<Reader> {
    const { pair, publicKey } = await hpke.newKeyPair();
    const member = newId();
    const reads_from = ++this.members;
    const kind = role === "volunteer" ? "ll-member" : `ll-reader|${role}|${reads_from}`;
    const said = `${kind}|${CONTACT}|1|${member}|${toHex(publicKey)}|9`;
    const how = { name: "ECDSA", hash: "SHA-256" };
    const signature = new Uint8Array(
      await crypto.subtle.sign(how, this.#pair.privateKey, utf8(said)),
    );
    const public_key = publicKey;
    this.list = [
      ...this.list,
      { member, role, reads_from, epoch: 1, public_key, until_at: 9, signature },
    ];
    const room = new Room(CONTACT, "volunteer");
    const learn = () =>
      room.learnFrom(
        [...this.boxes].filter(([name]) => name.startsWith(member)).map(([, box]) => box),
        pair.privateKey,
      );
    const opened = async (line: Line) => {
      try {
        return (await room.open(line)).text;
      } catch {
        return null;
      }
    };
    const readable = async () => {
      await learn();
      return Promise.all(this.lines.map(opened));
    };
    const read = async () => {
      await learn();
      return Promise.all(this.lines.map(async (line) => (await room.open(line)).text));
    };
    return { member, read, readable, room, learn };
  }

  nobody(): void {
    this.members++;
    this.list = [];
  }

  snapshot(): VisitorSnapshot {
    return {
      version: ++this.version,
      contact: CONTACT,
      state: this.list.length > 0 ? "active" : "queued",
      position: 1,
      wait: { low: null, high: null },
      line: "open",
      members: { version: this.members, list: this.list },
      seq: this.lines.length,
      half: this.half,
      // Only an answer to `open` brings a ticket; a later snapshot has none.
      ticket: this.version === 1 ? "t1" : "",
      frozen: false,
    };
  }

  store(line: VisitorSay, by: Line["by"]): number {
    const known = this.lines.find((one) => one.client_id === line.client_id);
    if (known) return known.seq;
    const seq = this.lines.length + 1;
    this.lines.push({ ...line, contact: CONTACT, seq, by });
    return seq;
  }

  answer(event: string, body: unknown): Ack<Record<string, unknown>> | null {
    switch (event) {
      case "open":
        return { ok: true, snapshot: this.snapshot() };
      case "keys":
        return this.#keys(body as Keys);
      case "say":
        return this.#say(body as VisitorSay);
      case "resume": {
        const { after } = body as { after: number };
        const lines = this.lines.filter((line) => line.seq > after).slice(0, 50);
        return { ok: true, lines, more: (lines.at(-1)?.seq ?? after) < this.lines.length };
      }
      default:
        return { ok: true };
    }
  }

  #keys({ period, sealed }: Keys): Ack<Record<string, unknown>> {
    if (period !== this.members) return { ok: false, code: "key-period-passed" };
    if (sealed.length > 64) return { ok: false, code: "bad-request" };
    for (const { member, period: of, box } of sealed) {
      const members = of === period ? this.list.map((one) => one.member) : [];
      this.boxes.set(`${member}|${of}`, { period: of, box, members });
    }
    return { ok: true };
  }

  #say(line: VisitorSay): Ack<Record<string, unknown>> | null {
    this.said.push(line);
    const planned = this.sayings.shift();
    if (planned) return { ok: false, code: planned, retry_ms: 1 };
    const known = this.lines.some((one) => one.client_id === line.client_id);
    if (!known && line.period !== this.members) return { ok: false, code: "key-period-passed" };
    const seq = this.store(line, "visitor");
    return planned === null ? null : { ok: true, seq };
  }
}

export class Memory implements Shelf {
  readonly kept = new Map<string, string>();
  getItem = (name: string) => this.kept.get(name) ?? null;
  setItem = (name: string, value: string) => void this.kept.set(name, value);
  removeItem = (name: string) => void this.kept.delete(name);
}

/** One load of the page. */
export class Page {
  state: State = START;
  readonly happenings: Happening[] = [];
  readonly talk: Conversation;
  readonly keep: Keep;
  later: (() => void)[] = [];

  constructor(server: Server, shelf: Shelf | null) {
    this.keep = new Keep(shelf);
    const kept = this.keep.restore();
    const begun = kept ?? { contact: CONTACT, token: "k", signer: toBase64(server.signer) };
    if (!kept) this.keep.begin(begun);
    const world: World = {
      tell: (happening) => {
        this.happenings.push(happening);
        this.state = next(this.state, happening);
      },
      now: () => 1_700_000_000_000,
      later: (_, what) => void this.later.push(what),
      askTabs: () => Promise.resolve([]),
    };
    this.talk = new Conversation(begun, this.keep, world, kept !== null);
    const wire: Wire = {
      ask: (event, body) => Promise.resolve(server.answer(event, body) as never),
      wake: () => undefined,
      close: () => undefined,
    };
    this.talk.over(wire);
  }

  async connect(): Promise<this> {
    this.talk.up();
    await this.talk.settled();
    return this;
  }

  async say(...texts: string[]): Promise<void> {
    for (const text of texts) this.talk.say(text);
    await this.talk.settled();
  }

  async changed(server: Server): Promise<void> {
    this.talk.changed(server.snapshot());
    await this.talk.settled();
  }

  get shown(): [string, string][] {
    return this.state.lines.map(({ text, mark }) => [text, mark]);
  }
}
