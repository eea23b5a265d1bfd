import { describe, expect, it } from "vitest";

import type { ConsoleSnapshot, ContactView } from "../../shared/contract.gen.ts";
import { type Happening, nextUnread, openContact, reduce, type ShownLine, standing, standingKey, START, type State, unread } from "./state.ts";
import { contact, snapshot as told } from "../test-views.ts";

const ONE = "1".repeat(32);
const TWO = "2".repeat(32);

function view(id: string, change: Partial<ContactView> = {}): ContactView {
  return contact(id, { number: id === ONE ? 1 : 2, ...change });
}

function snapshot(now_at: number, contacts: ContactView[], change: Partial<ConsoleSnapshot> = {}): Happening {
  return {
    kind: "snapshot",
    received_at: now_at - 500,
    snapshot: told({
      version: now_at,
      now_at,
      presence: { ...told().presence, capacity: 2, load: contacts.length },
      contacts,
      ...change,
    }),
  };
}

function line(seq: number | null, change: Partial<ShownLine> = {}): ShownLine {
  return {
    client_id: `line-${seq}`,
    seq,
    by: "visitor",
    state: "there",
    text: `woorden ${seq}`,
    at: 1,
    why: null,
    gap_before: false,
    is_ours: false,
    ...change,
  };
}

const said = (contact: string, what: ShownLine): Happening => ({ kind: "line", contact, line: what });

function after(...happenings: Happening[]): State {
  return happenings.reduce(reduce, START);
}

describe("what the console shows", () => {
  it("follows the server's clock and opens the first conversation", () => {
    const state = after(snapshot(10_000, [view(ONE), view(TWO)]));

    expect(state.clock_ahead_ms).toBe(500);
    expect(openContact(state)?.contact).toBe(ONE);
  });

  it("does not go back to an older snapshot", () => {
    const state = after(snapshot(2_000, [view(ONE)]), snapshot(1_000, []));

    expect(state.snapshot?.contacts).toHaveLength(1);
  });

  it("takes a snapshot whose version began again", () => {
    const state = after(snapshot(1_000, [], { version: 90 }), snapshot(2_000, [view(ONE)], { version: 1 }));

    expect(state.snapshot?.contacts).toHaveLength(1);
  });

  it("keeps lines, draft and open conversation over a new snapshot", () => {
    const state = after(
      snapshot(1_000, [view(ONE), view(TWO)]),
      { kind: "open", contact: TWO },
      { kind: "draft", contact: TWO, text: "Hoe is" },
      said(TWO, line(1)),
      snapshot(2_000, [view(ONE), view(TWO)]),
    );

    expect(state.open).toBe(TWO);
    expect(state.rooms[TWO]?.draft).toBe("Hoe is");
    expect(state.rooms[TWO]?.lines).toHaveLength(1);
  });

  it("says it when a conversation left us, and says nothing when we let it go ourselves", () => {
    const lost = after(snapshot(1_000, [view(ONE)]), snapshot(2_000, []));
    const letGo = after(snapshot(1_000, [view(ONE)]), { kind: "let_go", contact: ONE }, snapshot(2_000, []));

    expect(lost.notices.map((notice) => [notice.key, notice.values])).toEqual([["calls.gone", { number: 1 }]]);
    expect(letGo.notices).toEqual([]);
    expect(lost.rooms).toEqual({});
  });

  it.each([
    ["chat", "calls.handed", "calls.stays"],
    ["phone", "phone.handed", "phone.stays"],
  ])("tells how the hand-over of a %s went", (channel, handed, stays) => {
    const asked = snapshot(1_000, [view(ONE, { channel, handing: { alias: "Els", until_at: 21_000 } })]);
    const yes = after(asked, snapshot(2_000, []));
    const no = after(asked, snapshot(2_000, [view(ONE, { channel })]));
    const ended = after(asked, snapshot(2_000, [view(ONE, { channel, state: "wrapup" })]));
    const waits = after(asked, asked);

    expect(yes.notices.map((notice) => [notice.key, notice.values])).toEqual([[handed, { number: 1, alias: "Els" }]]);
    expect(no.notices.map((notice) => [notice.key, notice.values])).toEqual([[stays, { number: 1, alias: "Els" }]]);
    expect(ended.notices).toEqual([]);
    expect(waits.notices).toEqual([]);
  });

  it("says who took a conversation over, instead of that it is gone", () => {
    const coach = { joining: "j", alias: "Ada", role: "coach", mode: "read", state: "present" } as const;
    const resting = snapshot(2_000, []);
    const { snapshot: after_it } = resting as Extract<Happening, { kind: "snapshot" }>;
    const rested: Happening = { ...resting, snapshot: { ...after_it, presence: { ...after_it.presence, state: "after_care" } } } as Happening;
    const taken = after(snapshot(1_000, [view(ONE, { beside: [coach] })]), rested);

    expect(taken.notices.map((notice) => [notice.key, notice.values])).toEqual([["join.took", { alias: "Ada" }]]);
  });

  it("tells once that the coach is done, also when they left the conversation just before", () => {
    const coach = { joining: "j", alias: "Ada", role: "coach", mode: "read", state: "present" } as const;
    const help = { request: "r", urgent: false, state: "taken", alias: "Ada" } as const;
    const coaching = { on_duty: false, agrees_heavy: false, emergency: false, help, joined: [], requests: [], talks: [] };
    const state = after(
      snapshot(1_000, [view(ONE, { beside: [coach] })], { coaching }),
      snapshot(2_000, [view(ONE)], { coaching }),
      snapshot(3_000, [view(ONE)]),
    );

    expect(state.notices.map((notice) => notice.key)).toEqual(["help.done"]);
  });

  it("says no more that the coach has left when they are back", () => {
    const coach = { joining: "j", alias: "Ada", role: "coach", mode: "read", state: "present" } as const;
    const left = after(snapshot(1_000, [view(ONE, { beside: [coach] })]), snapshot(2_000, [view(ONE)]));
    const back = reduce(left, snapshot(3_000, [view(ONE, { beside: [{ ...coach, joining: "k" }] })]));

    expect(left.notices.map((notice) => notice.key)).toEqual(["join.left"]);
    expect(back.notices).toEqual([]);
  });

  it("says nothing of a request that we withdrew ourselves", () => {
    const help = { request: "r", urgent: false, state: "taken", alias: "Ada" } as const;
    const coaching = { on_duty: false, agrees_heavy: false, emergency: false, help, joined: [], requests: [], talks: [] };
    const asked = snapshot(1_000, [view(ONE)], { coaching });
    const withdrawn = after(asked, { kind: "let_go", contact: "r" }, snapshot(1_500, [view(ONE)], { coaching }), snapshot(2_000, [view(ONE)]));

    expect(withdrawn.notices).toEqual([]);
    expect(withdrawn.let_go).toEqual([]);
  });

  it("names a call that left us a call", () => {
    const lost = after(snapshot(1_000, [view(ONE, { channel: "phone" })]), snapshot(2_000, []));

    expect(lost.notices.map((notice) => notice.key)).toEqual(["phone.gone"]);
  });

  it("keeps a notice until it is closed", () => {
    const lost = after(snapshot(1_000, [view(ONE)]), snapshot(2_000, []), snapshot(3_000, []));

    expect(lost.notices).toHaveLength(1);
    expect(reduce(lost, { kind: "notice_closed", id: lost.notices[0]?.id ?? 0 }).notices).toEqual([]);
  });

  it("shows nothing of a conversation any more when another screen took over", () => {
    const state = after(snapshot(1_000, [view(ONE)]), said(ONE, line(1)), { kind: "link", link: "replaced" });

    expect(state).toEqual({ ...START, link: "replaced" });
    expect(JSON.stringify(state)).not.toContain("woorden");
  });
});

describe("lines", () => {
  it("are only added at the end, and our own line keeps its place and words when it is acknowledged", () => {
    const own = line(null, { client_id: "own", by: "volunteer", state: "sending", text: "Vertel maar", is_ours: true });
    const state = after(
      snapshot(1_000, [view(ONE)]),
      said(ONE, line(1)),
      said(ONE, own),
      said(ONE, line(2)),
      said(ONE, { ...own, seq: 3, state: "there", text: null, at: null }),
    );

    const lines = state.rooms[ONE]?.lines ?? [];
    expect(lines.map((one) => one.client_id)).toEqual(["line-1", "own", "line-2"]);
    expect(lines[1]).toMatchObject({ seq: 3, state: "there", text: "Vertel maar" });
  });

  it("are readable as soon as the key is there", () => {
    const state = after(
      snapshot(1_000, [view(ONE)]),
      said(ONE, line(1, { state: "key_follows", text: null, at: null })),
      { kind: "line_is", contact: ONE, client_id: "line-1", change: { state: "there", text: "dag", at: 5 } },
    );

    expect(state.rooms[ONE]?.lines[0]).toMatchObject({ seq: 1, state: "there", text: "dag", at: 5 });
  });

  it("of an unknown conversation change nothing", () => {
    const state = after(snapshot(1_000, [view(ONE)]));

    expect(reduce(state, said(TWO, line(1)))).toBe(state);
  });

  it("go when we end the conversation, and stay readable when the visitor ended it", () => {
    const talked = after(snapshot(1_000, [view(ONE)]), said(ONE, line(1)));
    const over = snapshot(2_000, [view(ONE, { state: "wrapup" })]);

    const byVisitor = reduce(talked, over);
    const byUs = reduce(reduce(talked, { kind: "ended_by_us", contact: ONE, reason: "ended" }), over);

    expect(byVisitor.rooms[ONE]?.lines).toHaveLength(1);
    expect(byUs.rooms[ONE]?.lines).toEqual([]);
  });
});

describe("unread", () => {
  const talked = after(snapshot(1_000, [view(ONE), view(TWO)]), said(TWO, line(1)), said(TWO, line(2)));

  it("counts what the visitor wrote since we looked or answered", () => {
    const room = (state: State) => state.rooms[TWO] ?? expect.fail("no room");
    const answered = reduce(talked, said(TWO, line(3, { by: "volunteer" })));

    expect(unread(room(talked))).toBe(2);
    expect(unread(room(reduce(talked, { kind: "seen", contact: TWO })))).toBe(0);
    expect(unread(room(answered))).toBe(0);
    expect(unread(room(reduce(answered, said(TWO, line(4)))))).toBe(1);
  });

  it("is found by going round from the open conversation", () => {
    expect(nextUnread(talked)).toBe(TWO);
    expect(nextUnread(reduce(talked, { kind: "open", contact: TWO }))).toBe(TWO);
    expect(nextUnread(reduce(talked, { kind: "seen", contact: TWO }))).toBeNull();
  });

  it("seeing what was already seen makes no new state", () => {
    const seen = reduce(talked, { kind: "seen", contact: TWO });

    expect(reduce(seen, { kind: "seen", contact: TWO })).toBe(seen);
  });
});

describe("how a conversation stands", () => {
  it.each([
    [{ call: { state: "held", code_left: true } }, "phone.state_held"],
    [{ call: null }, "phone.state_connecting"],
    [{ state: "wrapup", call: { state: "talking", code_left: true } }, "calls.state_wrapup"],
  ] as const)("a call %o is named by %s", (change, key) => {
    expect(standingKey(view(ONE, { channel: "phone", ...change }))).toBe(key);
  });

  it.each([
    [{}, "active"],
    [{ visitor_up: false }, "visitor_down"],
    [{ state: "caller_away", visitor_up: false }, "caller_away"],
    [{ state: "caller_away", frozen: true }, "frozen"],
    [{ frozen: true }, "frozen"],
    [{ state: "volunteer_away" }, "volunteer_away"],
    [{ state: "wrapup", frozen: true }, "wrapup"],
  ] as const)("%o is %s", (change, stands) => {
    expect(standing(view(ONE, change))).toBe(stands);
  });
});
