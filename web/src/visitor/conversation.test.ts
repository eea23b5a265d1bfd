import { describe, expect, test } from "vitest";
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
/** Hundreds of real key exchanges, on a machine that does other things too. */
const LONG = { timeout: 60_000 };
const CURVE = { name: "ECDSA", namedCurve: "P-256" };

/** The server's side of one conversation, and the volunteers who come and go. */
class Server {
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

  /** Lets a volunteer in as the only member; gives what reads as that volunteer. */
  async letIn(): Promise<{ read(): Promise<string[]>; room: Room; learn(): Promise<number[]> }> {
    const { pair, publicKey } = await hpke.newKeyPair();
    const member = newId();
    this.members++;
    const said = `ll-member|${CONTACT}|1|${member}|${toHex(publicKey)}|9`;
    const how = { name: "ECDSA", hash: "SHA-256" };
    const signature = new Uint8Array(
      await crypto.subtle.sign(how, this.#pair.privateKey, utf8(said)),
    );
    const role = "volunteer" as const;
    this.list = [{ member, role, epoch: 1, public_key: publicKey, until_at: 9, signature }];
    const room = new Room(CONTACT, "volunteer");
    const learn = () =>
      room.learnFrom(
        [...this.boxes].filter(([name]) => name.startsWith(member)).map(([, box]) => box),
        pair.privateKey,
      );
    const read = async () => {
      await learn();
      return Promise.all(this.lines.map(async (line) => (await room.open(line)).text));
    };
    return { read, room, learn };
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
      wait: { minutes: null },
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

class Memory implements Shelf {
  readonly kept = new Map<string, string>();
  getItem = (name: string) => this.kept.get(name) ?? null;
  setItem = (name: string, value: string) => void this.kept.set(name, value);
  removeItem = (name: string) => void this.kept.delete(name);
}

/** One load of the page. */
class Page {
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

describe("a conversation", () => {
  test("lines typed while waiting are sealed at acceptance, in the order they were typed", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    await page.say("een", "twee");
    expect(server.said).toEqual([]);
    expect(page.shown).toEqual([["een", "kept"], ["twee", "kept"]]);

    const anja = await server.letIn();
    await page.changed(server);

    expect(await anja.read()).toEqual(["een", "twee"]);
    expect(page.shown).toEqual([["een", "sent"], ["twee", "sent"]]);
  });

  test("the next volunteer reads every line, and the page's line for a passed period too", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    const anja = await server.letIn();
    await page.changed(server);
    await page.say("aan Anja");
    await anja.learn();
    server.nobody();
    const bert = await server.letIn(); // The page has not heard of it yet.
    await page.say("wie leest dit?");
    for (const again of page.later.splice(0)) again();
    await page.talk.settled();

    expect(await bert.read()).toEqual(["aan Anja", "wie leest dit?"]);
    expect(new Set(server.said.slice(1).map((line) => line.client_id)).size).toBe(1);
    await expect(anja.read()).rejects.toThrow();
  });

  test("a line whose acknowledgement was lost is sent again byte for byte, after a reload too", async () => {
    const server = await Server.start();
    const shelf = new Memory();
    const page = await new Page(server, shelf).connect();
    const anja = await server.letIn();
    await page.changed(server);
    server.sayings = ["try-again"];
    await page.say("half verstuurd");
    expect(page.state.database).toBe("away");

    const reloaded = await new Page(server, shelf).connect();

    expect(await anja.read()).toEqual(["half verstuurd"]);
    expect(server.said[1]).toEqual(server.said[0]);
    expect(reloaded.shown).toEqual([["half verstuurd", "sent"]]);
  });

  test("a stored line whose acknowledgement was lost is not stored twice", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    await server.letIn();
    await page.changed(server);
    server.sayings = [null];
    await page.say("een");
    await page.connect();
    expect(server.lines.length).toBe(1);
    expect(page.shown).toEqual([["een", "sent"]]);
  });

  test.each([["stored meanwhile", null], ["not stored", "try-again"]] as const)(
    "after a reload a line that was %s stands below the history",
    async (_, answer) => {
      const server = await Server.start();
      const shelf = new Memory();
      const page = await new Page(server, shelf).connect();
      await server.letIn();
      await page.changed(server);
      await page.say("een");
      server.sayings = [answer];
      await page.say("twee");

      const reloaded = await new Page(server, shelf).connect();

      expect(reloaded.shown.map(([text]) => text)).toEqual(["een", "twee"]);
    },
  );

  test("two hundred reloads keep every line, in order, without a doubled nonce", LONG, async () => {
    const server = await Server.start();
    const shelf = new Memory();
    let page = await new Page(server, shelf).connect();
    const anja = await server.letIn();
    await page.changed(server);
    for (let n = 0; n < 200; n++) {
      await page.say(`regel ${n}`);
      page = await new Page(server, shelf).connect();
    }
    const expected = Array.from({ length: 200 }, (_, n) => `regel ${n}`);
    expect(page.shown.map(([text]) => text)).toEqual(expected);
    expect(await anja.read()).toEqual(expected);
    const nonces = server.said.map((line) => `${line.period}|${line.stream}|${line.counter}`);
    expect(new Set(nonces).size).toBe(200);
  });

  test("after very many changes of members the next volunteer reads all", LONG, async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    let last = await server.letIn();
    for (let n = 0; n < 70; n++) {
      await page.changed(server);
      await page.say(`regel ${n}`);
      last = await server.letIn();
    }
    await page.changed(server);
    expect((await last.read()).length).toBe(70);
  });

  test("a missing line is shown where it is missing", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    const anja = await server.letIn();
    await page.changed(server);
    await anja.learn();
    for (const text of ["een", "verloren", "drie"]) {
      const spot = anja.room.next(newId(), server.members);
      const line = await anja.room.seal({ text, at: 1 }, spot);
      if (text !== "verloren") server.store(line, "volunteer");
    }
    await page.changed(server);
    expect(page.state.lines.map(({ text, missing }) => [text, missing])).toEqual([
      ["een", 0],
      ["drie", 1],
    ]);
  });

  test("nothing is sealed to a member whose signature is false", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    await server.letIn();
    server.list = server.list.map((one) => ({ ...one, signature: random(64) }));
    await page.changed(server);
    await page.say("geheim");
    expect(page.state.keys).toBe("untrusted");
    expect(server.boxes.size).toBe(0);
    expect(server.said).toEqual([]);
  });

  test("what is stored holds no word and no secret without the server's half", async () => {
    const server = await Server.start();
    const shelf = new Memory();
    const page = await new Page(server, shelf).connect();
    await page.say("kanarie");
    const stored = shelf.kept.get("ll") ?? "";
    expect(stored).not.toContain("kanarie");
    const thief = new Keep(shelf);
    thief.restore();
    thief.heard(random(32), "t1");
    expect(await thief.open()).toBeNull();
    thief.heard(server.half, "t1");
    expect((await thief.open())?.waiting[0]?.words.text).toBe("kanarie");
  });

  test("on a shared device nothing is stored at all", async () => {
    const server = await Server.start();
    const page = await new Page(server, null).connect();
    await page.say("kanarie");
    expect(new Keep(null).restore()).toBeNull();
    expect(page.keep.memoryOnly).toBe(true);
  });

  test("after the end nothing is left in the browser", async () => {
    const server = await Server.start();
    const shelf = new Memory();
    const page = await new Page(server, shelf).connect();
    page.talk.ended({ reason: "ended_by_volunteer", opinion: null });
    expect(shelf.kept.size).toBe(0);
    expect(page.state.screen).toBe("ended");
  });

  test("who comes back too late is offered the old place in the queue", async () => {
    const server = await Server.start();
    const shelf = new Memory();
    const page = await new Page(server, shelf).connect();
    page.talk.refused("contact-gone");
    expect(page.state).toMatchObject({ screen: "late", ticket: "t1" });
    expect(shelf.kept.size).toBe(0);
  });
});
