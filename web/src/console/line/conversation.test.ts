import { describe, expect, it } from "vitest";

import { newId } from "../../shared/bytes.ts";
import type { ContactView, KeyBox, Line, Members } from "../../shared/contract.gen.ts";
import { newKeyPair } from "../../shared/hpke.ts";
import { Room } from "../../shared/room.ts";
import { Conversation } from "./conversation.ts";
import type { Desk } from "./reading.ts";
import { reduce, type Room as Shown, START, type State } from "./state.ts";
import { contact, snapshot } from "../test-views.ts";

const CONTACT = "c".repeat(32);

type SaySent = Omit<Line, "seq" | "by"> & { epoch: number };

/** The server and the visitor's page behind it: real keys, real ciphertext. */
class FarEnd {
  readonly visitor = new Room(CONTACT, "visitor");
  readonly said: SaySent[] = [];
  readonly refuse: string[] = [];
  lines: Line[] = [];
  boxes: KeyBox[] = [];
  version = 1;
  state: State = START;
  conversation: Conversation | undefined;

  private constructor(
    readonly privateKey: CryptoKey,
    readonly publicKey: Uint8Array<ArrayBuffer>,
  ) {}

  static async open(): Promise<FarEnd> {
    const { pair, publicKey } = await newKeyPair();
    const line = new FarEnd(pair.privateKey, publicKey);
    line.load();
    return line;
  }

  /** Loads the console (again): the key pair stays, all else begins anew. */
  load(): void {
    this.state = START;
    this.state = reduce(this.state, { kind: "snapshot", received_at: 0, snapshot: this.snapshot() });
    const desk: Desk = {
      privateKey: this.privateKey,
      ask: <T>(event: string, body: object) => Promise.resolve(this.answer(event, body) as never as { ok: true; value: T }),
      tell: (happening) => (this.state = reduce(this.state, happening)),
      now: () => 1_000,
    };
    this.conversation = new Conversation(this.view(), desk);
  }

  view(): ContactView {
    return contact(CONTACT, { epoch: 7, seq: this.lines.length, members_version: this.version });
  }

  /** The page makes the secret of the present period and seals it to the console. */
  async giveKey(): Promise<void> {
    const member = { member: "m", role: "volunteer", reads_from: 1, epoch: 7, public_key: this.publicKey, until_at: 0 } as const;
    const members: Members = { version: this.version, list: [{ ...member, signature: new Uint8Array(64) }] };
    this.visitor.begin(this.version);
    const sealed = await this.visitor.sealed(members);
    this.boxes = sealed.map(({ period, box }) => ({ period, box, members: period === this.version ? ["m"] : [] }));
  }

  async visitorSays(text: string): Promise<Line> {
    const sealed = await this.visitor.seal({ text, at: 5 }, this.visitor.next(newId(), this.version));
    const line: Line = { ...sealed, contact: CONTACT, by: "visitor", seq: this.lines.length + 1 };
    this.lines.push(line);
    return line;
  }

  follow(): Promise<void> {
    return this.conversation?.follow(this.view()) ?? Promise.resolve();
  }

  get shown(): Shown["lines"] {
    return this.state.rooms[CONTACT]?.lines ?? [];
  }

  /** Waits until nothing is under way. */
  async settled(done: () => boolean): Promise<void> {
    await expect.poll(done, { interval: 1 }).toBe(true);
  }

  private snapshot() {
    return snapshot({ contacts: [this.view()] });
  }

  private answer(event: string, body: object): { ok: boolean; value?: unknown; code?: string } {
    if (event === "keys") return { ok: true, value: { version: this.version, boxes: this.boxes, after: 0 } };
    if (event === "resume") {
      const { after } = body as { after: number };
      return { ok: true, value: { lines: this.lines.filter((line) => line.seq > after), more: false } };
    }
    const say = body as SaySent;
    this.said.push(say);
    const code = this.refuse.shift();
    if (code !== undefined && code !== "lost-ack") return { ok: false, code };
    const known = this.lines.find((line) => line.client_id === say.client_id);
    if (known === undefined && say.period !== this.version) return { ok: false, code: "key-period-passed" };
    const { epoch: _epoch, ...line } = say;
    const seq = known?.seq ?? this.lines.length + 1;
    if (known === undefined) this.lines.push({ ...line, by: "volunteer", seq });
    return code === "lost-ack" ? { ok: false, code: "unreachable" } : { ok: true, value: { seq } };
  }
}

describe("one conversation", () => {
  it("waits for the key, then shows what was written before it came", async () => {
    const line = await FarEnd.open();
    line.visitor.begin(1);
    await line.visitorSays("Ik zie niemand meer");

    await line.follow();
    expect(line.shown.map((one) => one.state)).toEqual(["key_follows"]);
    expect(line.state.rooms[CONTACT]?.has_key).toBe(false);

    await line.giveKey();
    await line.conversation?.keyCame();
    expect(line.shown.map((one) => [one.state, one.text])).toEqual([["there", "Ik zie niemand meer"]]);
  });

  it("sends what was typed before the key as soon as it is there", async () => {
    const line = await FarEnd.open();
    await line.follow();

    line.conversation?.say("Goedenavond");
    expect(line.shown[0]).toMatchObject({ state: "waiting_key", text: "Goedenavond" });
    expect(line.said).toEqual([]);

    await line.giveKey();
    await line.conversation?.keyCame();
    await line.settled(() => line.shown[0]?.state === "there");
    const [stored] = line.lines;
    expect(stored && (await line.visitor.open(stored))).toEqual({ text: "Goedenavond", at: 1_000 });
  });

  it("asks for the lines whose hint was lost, and shows each once in order", async () => {
    const line = await FarEnd.open();
    await line.giveKey();
    await line.follow();
    await line.visitorSays("een");
    await line.visitorSays("twee");
    const third = await line.visitorSays("drie");

    await line.conversation?.heard(third);
    await line.conversation?.heard(third);

    expect(line.shown.map((one) => one.text)).toEqual(["een", "twee", "drie"]);
  });

  it("shows that a line of a stream is missing", async () => {
    const line = await FarEnd.open();
    await line.giveKey();
    await line.visitorSays("een");
    line.visitor.next(newId(), 1);
    await line.visitorSays("drie");

    await line.follow();

    expect(line.shown.map((one) => one.gap_before)).toEqual([false, true]);
  });

  it("re-sends an unacknowledged line byte for byte, and stores it once", async () => {
    const line = await FarEnd.open();
    await line.giveKey();
    await line.follow();
    line.refuse.push("lost-ack");

    line.conversation?.say("Hoe is dat voor u?");
    await line.settled(() => line.said.length === 1);
    expect(line.shown[0]?.state).toBe("sending");

    await line.follow();
    await line.settled(() => line.shown[0]?.state === "there");
    for (const again of line.said.slice(1)) expect(again).toEqual(line.said[0]);
    expect(line.lines).toHaveLength(1);
    expect(line.shown).toHaveLength(1);
  });

  it("seals a line anew under the same client id when its key period has passed", async () => {
    const line = await FarEnd.open();
    await line.giveKey();
    await line.follow();
    line.version = 2;
    await line.giveKey();

    line.conversation?.say("Ik luister");
    await line.settled(() => line.shown[0]?.state === "there");

    const [first, second] = line.said;
    expect([first?.period, second?.period]).toEqual([1, 2]);
    expect(second?.client_id).toBe(first?.client_id);
    expect(second?.sealed).not.toEqual(first?.sealed);
    const [stored] = line.lines;
    expect(stored && (await line.visitor.open(stored)).text).toBe("Ik luister");
  });

  it("never uses a place in its stream twice under one key", async () => {
    const line = await FarEnd.open();
    await line.giveKey();
    await line.follow();
    line.refuse.push("lost-ack", "frozen");
    for (const text of ["een", "twee", "drie"]) line.conversation?.say(text);
    await line.settled(() => {
      void line.conversation?.sendOn();
      return line.lines.length === 3;
    });
    line.version = 2;
    await line.giveKey();
    line.conversation?.say("vier");
    await line.settled(() => line.shown.at(-1)?.state === "there");

    const spots = new Map<string, string>();
    for (const { period, stream, counter, sealed } of line.said) {
      const spot = `${period} ${stream} ${counter}`;
      expect(spots.get(spot) ?? String(sealed)).toBe(String(sealed));
      spots.set(spot, String(sealed));
    }
  });

  it("does not send a refused line again by itself", async () => {
    const line = await FarEnd.open();
    await line.giveKey();
    await line.follow();
    line.refuse.push("frozen");

    line.conversation?.say("Bent u daar?");
    await line.settled(() => line.shown[0]?.state === "refused");
    await line.follow();
    await line.follow();
    expect(line.said).toHaveLength(1);
    expect(line.shown[0]).toMatchObject({ why: "frozen", text: "Bent u daar?" });

    line.conversation?.sayAgain(line.shown[0]?.client_id ?? "");
    await line.settled(() => line.shown[0]?.state === "there");
    expect(line.said).toHaveLength(2);
  });

  it("goes on after the console was loaded again, with every line readable and a new stream", async () => {
    const line = await FarEnd.open();
    await line.giveKey();
    await line.follow();
    await line.visitorSays("Het is zo stil in huis");
    line.conversation?.say("Vertel maar");
    await line.follow();
    await line.settled(() => line.lines.length === 2);

    line.load();
    await line.follow();
    line.conversation?.say("Ik ben er nog");
    await line.settled(() => line.lines.length === 3);

    expect(line.shown.map((one) => one.text).sort()).toEqual(["Het is zo stil in huis", "Ik ben er nog", "Vertel maar"]);
    expect(new Set(line.said.map((one) => one.stream)).size).toBe(2);
  });

  it("shows a line that was altered as unreadable, not as a key that follows", async () => {
    const line = await FarEnd.open();
    await line.giveKey();
    const altered = await line.visitorSays("een");
    altered.sealed[0] = (altered.sealed[0] ?? 0) ^ 1;

    await line.follow();

    expect(line.shown[0]?.state).toBe("unreadable");
  });
});
