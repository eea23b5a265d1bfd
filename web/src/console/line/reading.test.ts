import { describe, expect, it } from "vitest";

import { type Bytes, newId } from "../../shared/bytes.ts";
import type { ConsoleSnapshot, JoinedView, KeyBox, Line, Member } from "../../shared/contract.gen.ts";
import { newKeyPair } from "../../shared/hpke.ts";
import { Room } from "../../shared/room.ts";
import { Conversation } from "./conversation.ts";
import { type Desk, Reading } from "./reading.ts";
import { readAlong, reduce, START, type State } from "./state.ts";
import { NO_ATTENDANCE } from "../test-views.ts";

const CONTACT = "c".repeat(32);
const VOLUNTEER = "volunteer";

/** The page, the volunteer and the server, with real keys; Ada's console reads along. */
class FarEnd {
  readonly visitor = new Room(CONTACT, "visitor");
  readonly anja = new Room(CONTACT, "volunteer");
  readonly asked: string[] = [];
  lines: Line[] = [];
  boxes: KeyBox[] = [];
  version = 1;
  /** null: not let in */
  after: number | null = null;
  joined: JoinedView["state"] | null = "present";
  has = false;
  readsFrom = 1;
  state: State = START;

  private constructor(
    readonly privateKey: CryptoKey,
    readonly publicKey: Bytes,
  ) {}

  static async open(): Promise<FarEnd> {
    const { pair, publicKey } = await newKeyPair();
    const far = new FarEnd(pair.privateKey, publicKey);
    far.visitor.begin(1);
    far.share();
    far.look();
    return far;
  }

  get desk(): Desk {
    return {
      privateKey: this.privateKey,
      ask: (event, body) => {
        this.asked.push(event);
        return Promise.resolve(this.answer(event, body) as never);
      },
      tell: (happening) => (this.state = reduce(this.state, happening)),
      now: () => 1_000,
    };
  }

  view(): JoinedView {
    return {
      joining: "j",
      state: this.joined ?? "present",
      mode: "read",
      contact: CONTACT,
      channel: "chat",
      alias: "Anja",
      epoch: 1,
      seq: this.lines.length,
      members_version: this.version,
      language: "nl",
      until_at: null,
    };
  }

  /** The console hears a snapshot. */
  look(): void {
    const presence = { state: "ready", since_at: 0, capacity: 2, load: 0, rest_until_at: null, care_until_at: null, takes_calls: false, phone_at: "browser", has_own_phone: false } as const;
    const joined = this.joined === null ? [] : [this.view()];
    const coaching = { on_duty: true, agrees_heavy: false, emergency: false, help: null, joined, requests: [], talks: [] };
    const contacts = this.has ? [{ contact: CONTACT, state: "active", seq: this.lines.length, members_version: this.version } as never] : [];
    const snapshot: ConsoleSnapshot = { version: 1, now_at: 1, alias: "Ada", shift: null, next_shift: null, presence, offer: null, contacts, coaching, attendance: NO_ATTENDANCE, cover: "good" };
    this.state = reduce(this.state, { kind: "snapshot", snapshot, received_at: 0 });
  }

  /** A new key period in which Ada may read from now on. */
  letIn(): void {
    this.visitor.begin(++this.version);
    this.share();
    this.after = this.lines.length;
    this.readsFrom = this.version;
  }

  /** The page seals to Ada what she may have. */
  async giveKey(role: Member["role"] = "coach"): Promise<void> {
    const member: Member = { member: "m", role, reads_from: this.readsFrom, epoch: 1, public_key: this.publicKey, until_at: 0, signature: new Uint8Array(64) };
    const sealed = await this.visitor.sealed({ version: this.version, list: [member] });
    this.boxes = sealed.map(({ period, box }) => ({ period, box, members: period === this.version ? ["m"] : [] }));
  }

  async says(text: string, by: Line["by"] = "visitor"): Promise<Line> {
    const room = by === "visitor" ? this.visitor : this.anja;
    const sealed = await room.seal({ text, at: 5 }, room.next(newId(), this.version));
    const line: Line = { ...sealed, contact: CONTACT, by, seq: this.lines.length + 1 };
    this.lines.push(line);
    return line;
  }

  get room() {
    return this.state.rooms[CONTACT];
  }

  get shown(): [string, string | null][] {
    return (this.room?.lines ?? []).map(({ state, text }) => [state, text]);
  }

  private share(): void {
    for (const [period, secret] of this.visitor.secrets()) this.anja.learn(period, secret);
  }

  private answer(event: string, body: object): { ok: boolean; value?: unknown; code?: string } {
    const after = this.has ? 0 : this.after;
    if (after === null) return { ok: false, code: "not-your-contact" };
    if (event === "keys") return { ok: true, value: { version: this.boxes.at(-1)?.period ?? 0, boxes: this.boxes, after } };
    const from = Math.max(after, (body as { after: number }).after);
    return { ok: true, value: { lines: this.lines.filter((line) => line.seq > from), more: false } };
  }
}

describe("reading along", () => {
  it("shows the lines from the moment one came in, and no gap before them", async () => {
    const far = await FarEnd.open();
    await far.says("voor Anja");
    await far.says("Vertel maar", VOLUNTEER);
    far.letIn();
    await far.giveKey();
    const reading = new Reading(far.view(), far.desk);
    await far.says("Het is zo stil");
    await reading.follow(far.view());
    const answer = await far.says("Ik luister", VOLUNTEER);
    await reading.heard(answer);

    expect(far.shown).toEqual([["there", "Het is zo stil"], ["there", "Ik luister"]]);
    expect(far.room?.lines.map((line) => [line.gap_before, line.is_ours])).toEqual([[false, false], [false, false]]);
  });

  it("says that the key follows until it is there, and then opens what came before it", async () => {
    const far = await FarEnd.open();
    const reading = new Reading(far.view(), far.desk);
    far.letIn();
    await reading.follow(far.view());
    expect(far.room?.has_key).toBe(false);
    await reading.heard(await far.says("Het is zo stil"));
    expect(far.shown).toEqual([["key_follows", null]]);

    await far.giveKey();
    await reading.keyCame();

    expect(far.room?.has_key).toBe(true);
    expect(far.shown).toEqual([["there", "Het is zo stil"]]);
  });

  it("waits for the hint when the server has not let us in yet", async () => {
    const far = await FarEnd.open();
    await far.says("voor Anja");
    const reading = new Reading(far.view(), far.desk);
    await reading.follow(far.view());
    expect([far.asked, far.shown]).toEqual([["keys"], []]);

    far.letIn();
    await far.giveKey();
    await reading.keyCame();
    await reading.heard(await far.says("Het is zo stil"));

    expect(far.shown).toEqual([["there", "Het is zo stil"]]);
  });

  it("asks for lines whose hint was lost, and notices one that is missing", async () => {
    const far = await FarEnd.open();
    far.letIn();
    await far.giveKey();
    const reading = new Reading(far.view(), far.desk);
    await reading.follow(far.view());
    await far.says("een");
    await far.says("twee");
    await reading.heard(await far.says("drie"));
    far.visitor.next(newId(), far.version);
    await reading.heard(await far.says("vijf"));

    expect(far.shown.map(([, text]) => text)).toEqual(["een", "twee", "drie", "vijf"]);
    expect(far.room?.lines.map((line) => line.gap_before)).toEqual([false, false, false, true]);
  });

  it("goes on after somebody was let out and in again, without what was said meanwhile", async () => {
    const far = await FarEnd.open();
    far.letIn();
    await far.giveKey();
    const reading = new Reading(far.view(), far.desk);
    await reading.heard(await far.says("een"));
    far.letIn();
    await far.says("meanwhile");
    far.letIn();
    await far.giveKey();
    await reading.follow(far.view());
    await reading.heard(await far.says("drie"));

    expect(far.shown).toEqual([["there", "een"], ["there", "drie"]]);
  });

  it("leaves no word on the screen once it is over", async () => {
    const far = await FarEnd.open();
    far.letIn();
    await far.giveKey();
    const reading = new Reading(far.view(), far.desk);
    await reading.heard(await far.says("geheim"));
    expect(far.shown).toEqual([["there", "geheim"]]);

    far.joined = null;
    far.look();
    await reading.heard(await far.says("later"));

    expect(far.room).toBeUndefined();
    expect(JSON.stringify(far.state)).not.toContain("geheim");
  });

  it("is for who is there and reads: not for who is only asked", async () => {
    const far = await FarEnd.open();
    far.joined = "asked";
    far.look();
    expect(far.room).toBeUndefined();
    expect(far.state.snapshot === null ? null : readAlong(far.state.snapshot)).toEqual([]);
  });

  it("becomes a conversation at a take-over, with the earlier lines at their place", async () => {
    const far = await FarEnd.open();
    await far.says("voor Anja");
    await far.says("Vertel maar", VOLUNTEER);
    far.letIn();
    await far.giveKey();
    const reading = new Reading(far.view(), far.desk);
    await reading.heard(await far.says("Het is zo stil"));
    far.letIn();
    far.has = true;
    far.joined = null;
    far.look();
    await far.giveKey(VOLUNTEER);
    const [view] = far.state.snapshot?.contacts ?? [];
    if (view === undefined) throw new Error("no conversation");
    await new Conversation(view, far.desk).follow(view);

    expect(far.shown.map(([, text]) => text)).toEqual(["voor Anja", "Vertel maar", "Het is zo stil"]);
    expect(far.room?.lines.some((line) => line.gap_before)).toBe(false);
  });
});
