import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { fromBase64, fromHex, newId, toBase64, utf8 } from "../../shared/bytes.ts";
import type { OnNow as Person, RoomLine, RoomMember, SayInShiftRoom, ShiftRoomView } from "../../shared/contract.gen.ts";
import { newKeyPair, privateKeyFrom } from "../../shared/hpke.ts";
import type { KeyPair } from "../line/keystore.ts";
import { isShortEnough, memberOf, openLine, sealLine } from "./shiftroom-lines.ts";
import { ShiftRoom } from "./shiftroom.svelte.ts";

const AT = 1_700_000_000_123;
const HOUR_MS = 3_600_000;

interface Console {
  readonly keys: KeyPair;
  readonly member: RoomMember;
}

async function console_(): Promise<Console> {
  const { pair, publicKey } = await newKeyPair();
  const member = { member: await memberOf(publicKey), public_key: toBase64(publicKey) };
  return { keys: { publicKey, privateKey: pair.privateKey }, member };
}

/** The line as the server gives it to one of those it was sealed to. */
function given(said: SayInShiftRoom, by: Console, to: Console, change: Partial<RoomLine> = {}): RoomLine {
  const box = said.boxes.find((one) => one.member === to.member.member)?.box ?? "";
  const members = said.boxes.map((one) => one.member).sort();
  const usual = { number: 1, name: "Anja", branch_name: "Utrecht", is_coach: false, is_mine: by === to, until_at: AT + HOUR_MS };
  return { ...usual, line: said.line, sealed: said.sealed, box, members, by: by.member.member, ...change };
}

const sealed = (by: Console, to: readonly Console[], text = "Wie kan om tien uur?") =>
  sealLine({ text, at: AT }, by.member.member, to.map((one) => one.member), newId());

describe("a line of the room", () => {
  it("opens for each to whom it was sealed, its writer too", async () => {
    const [anja, bas] = [await console_(), await console_()];
    const said = await sealed(anja, [anja, bas]);

    for (const one of [anja, bas])
      expect(await openLine(given(said, anja, one), one.keys.privateKey)).toEqual({ text: "Wie kan om tien uur?", at: AT });
  });

  it("is the same thing here and on the other side of the tests", async () => {
    const kept = JSON.parse(readFileSync(new URL("../../../../tests/vectors/shift_room.json", import.meta.url), "utf8")) as RoomLine & Record<"private_key" | "text" | "at", string>;
    const privateKey = await privateKeyFrom(fromHex(kept.private_key));

    expect(await openLine(kept, privateKey)).toEqual({ text: kept.text, at: kept.at });
  });

  it("opens for nobody else, with any of its boxes", async () => {
    const [anja, bas, els] = [await console_(), await console_(), await console_()];
    const said = await sealed(anja, [anja, bas]);

    for (const box of said.boxes)
      expect(await openLine(given(said, anja, bas, { box: box.box }), els.keys.privateKey)).toBeNull();
  });

  it.each(["line", "by", "members", "sealed", "box"] as const)("does not open with another %s", async (field) => {
    const [anja, bas] = [await console_(), await console_()];
    const line = given(await sealed(anja, [anja, bas]), anja, bas);
    const other = given(await sealed(bas, [bas], "iets anders"), bas, bas);

    expect(await openLine({ ...line, [field]: other[field] }, bas.keys.privateKey)).toBeNull();
  });

  it("hides how long it is, and what it says", async () => {
    const anja = await console_();
    const sizes = await Promise.all(["ja", "x".repeat(200)].map(async (text) => fromBase64((await sealed(anja, [anja], text)).sealed).length));

    expect(sizes).toEqual([272, 272]);
    expect(toBase64(utf8("Wie kan om tien uur?"))).not.toContain((await sealed(anja, [anja])).sealed);
  });

  it("has another key each time, also under the same id", async () => {
    const anja = await console_();
    const line = newId();
    const twice = await Promise.all([1, 2].map(() => sealLine({ text: "ja", at: AT }, anja.member.member, [anja.member], line)));

    expect(twice[0]?.sealed).not.toBe(twice[1]?.sealed);
  });

  it("is sealed to no key under another's name", async () => {
    const [anja, bas] = [await console_(), await console_()];

    await expect(
      sealLine({ text: "ja", at: AT }, anja.member.member, [{ ...bas.member, member: anja.member.member }], newId()),
    ).rejects.toThrow();
  });

  it("is at most 2,000 signs, and fits in its largest size", () => {
    expect([isShortEnough("x".repeat(2_000)), isShortEnough("x".repeat(2_001)), isShortEnough("€".repeat(1_400))]).toEqual([true, false, false]);
  });
});

const person = (name: string, change: Partial<Person> = {}): Person => ({ name, branch_name: "Utrecht", is_coach: false, is_me: false, ...change });

/** The server, with two on a shift and a coach; `anja` is the console under test. */
class FarEnd {
  lines: RoomLine[] = [];
  readonly refuse: string[] = [];
  readonly sent: SayInShiftRoom[] = [];
  now = AT;
  isIn = true;
  hasRoom = true;
  readonly room: ShiftRoom;

  private constructor(
    readonly anja: Console,
    readonly bas: Console,
  ) {
    this.room = new ShiftRoom((event, body) => Promise.resolve(this.#answer(event, body as never)), () => this.now);
    this.room.begin(anja.keys);
  }

  static async open(): Promise<FarEnd> {
    return new FarEnd(await console_(), await console_());
  }

  async basSays(text: string, change: Partial<RoomLine> = {}): Promise<void> {
    const said = await sealed(this.bas, [this.anja, this.bas], text);
    this.lines.push(given(said, this.bas, this.anja, { number: this.lines.length + 1, name: "Bas", ...change }));
  }

  #answer(event: string, body: SayInShiftRoom & { after: number }): never {
    if (event === "shift-room") return { ok: true, value: this.#view(body.after) } as never;
    this.sent.push(body);
    const code = this.refuse.shift();
    if (code !== undefined) return { ok: false, code } as never;
    if (!this.lines.some((one) => one.line === body.line))
      this.lines.push(given(body, this.anja, this.anja, { number: this.lines.length + 1 }));
    return { ok: true, value: { number: this.lines.length } } as never;
  }

  #view(after: number): ShiftRoomView {
    if (!this.isIn) return { me: null, has_room: false, people: [], members: [], lines: [], more: false };
    const waiting = this.lines.filter((one) => one.number > after && one.until_at > this.now);
    return {
      me: this.anja.member.member,
      has_room: this.hasRoom,
      people: [person("Ada", { is_coach: true, branch_name: null }), person("Anja", { is_me: true }), person("Bas", { branch_name: "Zwolle" })],
      members: [this.anja.member, this.bas.member],
      lines: waiting.slice(0, 2),
      more: waiting.length > 2,
    };
  }
}

const texts = (room: ShiftRoom) => room.lines.map((one) => one.text);

describe("the room of this console", () => {
  it("asks on until it has every line, and has each once", async () => {
    const far = await FarEnd.open();
    for (const text of ["een", "twee", "drie", "vier", "vijf"]) await far.basSays(text);

    await Promise.all([far.room.ask(), far.room.ask()]);

    expect(texts(far.room)).toEqual(["een", "twee", "drie", "vier", "vijf"]);
    expect(far.room.unread).toBe(5);
  });

  it("counts as unread what others said while it was closed", async () => {
    const far = await FarEnd.open();
    await far.room.say("van mij");
    await far.basSays("van Bas");
    await far.room.ask();
    expect(far.room.unread).toBe(1);

    far.room.open();
    await far.basSays("en nog iets");
    await far.room.ask();

    expect(far.room.unread).toBe(0);
  });

  it("seals anew, as the same line, when somebody came or left meanwhile", async () => {
    const far = await FarEnd.open();
    await far.room.ask();
    far.refuse.push("room-changed", "room-changed");

    expect(await far.room.say("hoort iedereen dit?")).toBeNull();

    expect(new Set(far.sent.map((one) => one.line)).size).toBe(1);
    expect(new Set(far.sent.map((one) => one.sealed)).size).toBe(3);
    expect(texts(far.room)).toEqual(["hoort iedereen dit?"]);
  });

  it("says nothing at all when one of the keys is none", async () => {
    const far = await FarEnd.open();
    far.bas.member.public_key = toBase64(new Uint8Array(65));
    await far.room.ask();

    expect(await far.room.say("voor sommigen?")).toBe("unknown");
    expect(far.sent).toEqual([]);
  });

  it("gives up in the end, and says why", async () => {
    const far = await FarEnd.open();
    await far.room.ask();
    far.refuse.push(...Array.from({ length: 9 }, () => "room-changed"));

    expect(await far.room.say("niemand blijft staan")).toBe("room-changed");
    expect(texts(far.room)).toEqual([]);
  });

  it("says what got no answer again as the same line", async () => {
    const far = await FarEnd.open();
    await far.room.ask();
    far.refuse.push("unreachable");

    expect(await far.room.say("ben je er?")).toBe("unreachable");
    expect(await far.room.say("ben je er?")).toBeNull();

    expect(new Set(far.sent.map((one) => one.line)).size).toBe(1);
  });

  it("drops each line when the shift ends in which it was said", async () => {
    const far = await FarEnd.open();
    await far.basSays("van de korte dienst", { until_at: AT + HOUR_MS });
    await far.basSays("van de lange dienst", { until_at: AT + 2 * HOUR_MS });
    await far.room.ask();

    far.now = AT + HOUR_MS;
    far.room.look();
    expect(texts(far.room)).toEqual(["van de lange dienst"]);
    far.now = AT + 2 * HOUR_MS;
    far.room.look();

    expect(texts(far.room)).toEqual([]);
  });

  it("keeps no word for who is no more on a shift, or has signed out", async () => {
    const far = await FarEnd.open();
    await far.basSays("voor wie er is");
    await far.room.ask();
    far.isIn = false;
    await far.room.ask();
    expect([far.room.isIn, far.room.people, far.room.lines]).toEqual([false, [], []]);

    far.isIn = true;
    await far.room.ask();
    expect(texts(far.room)).toEqual(["voor wie er is"]);
    far.room.draft = "half geschreven";
    far.room.end();

    expect([far.room.draft, far.room.lines, far.room.people, await far.room.say("nog iets")]).toEqual(["", [], [], "not-on-shift"]);
  });

  it("says so when a line cannot be opened, and reads on", async () => {
    const far = await FarEnd.open();
    await far.basSays("verminkt", { sealed: toBase64(new Uint8Array(272)) });
    await far.basSays("heel");
    await far.room.ask();

    expect(texts(far.room)).toEqual([null, "heel"]);
  });
});
