import { describe, expect, test } from "vitest";
import en from "../../../texts/en.toml";
import nl from "../../../texts/nl.toml";
import type { Member, VisitorSnapshot } from "../shared/contract.gen.ts";
import {
  type Happening,
  lineWord,
  next,
  readingWords,
  START,
  type State,
  statusOf,
  stoppedWord,
} from "./state.ts";
import { fill, lineWords, opening, position, type Say, waiting } from "./words.ts";

const say = (nl["visitor"] as unknown as { say: Say }).say;
const sayEnglish = (en["visitor"] as unknown as { say: Say }).say;

const play = (...happenings: Happening[]): State => happenings.reduce(next, START);

const snapshot = (changes: Partial<VisitorSnapshot> = {}): Happening => ({
  is: "snapshot",
  snapshot: {
    version: 1,
    contact: "c1",
    state: "queued",
    position: 3,
    wait: { low: 2, high: 6 },
    line: "open",
    members: { version: 0, list: [] },
    seq: 0,
    half: null,
    ticket: "t1",
    frozen: false,
    ...changes,
  },
});

const member = (role: Member["role"], epoch = 1): Member => ({
  member: role,
  role,
  reads_from: 1,
  epoch,
  public_key: new Uint8Array(65),
  until_at: 1,
  signature: new Uint8Array(64),
});

const begun: Happening = { is: "begun" };
const up: Happening = { is: "link", link: "up" };
const ready: Happening = { is: "keys", keys: "ready" };
const talking = snapshot({
  version: 2,
  state: "active",
  position: null,
  members: { version: 1, list: [member("volunteer")] },
});

describe("what the page says of the conversation", () => {
  test("who waits hears the place in the queue", () => {
    expect(statusOf(play(begun, up, snapshot()))).toEqual({ name: "position", position: 3 });
    expect(position(3, say)).toBe("U bent de derde.");
    expect(position(12, say)).toBe("U bent nummer 12.");
  });

  test("while the keys are made the page says so, and then that a volunteer is there", () => {
    expect(statusOf(play(begun, up, talking)).name).toBe("keys");
    expect(statusOf(play(begun, up, talking, ready)).name).toBe("talking");
  });

  test("who loses the volunteer is told that it is not their fault", () => {
    const state = play(begun, up, talking, ready, snapshot({ version: 3, position: 1 }));
    expect(statusOf(state)).toEqual({ name: "again", position: 1 });
    expect(say["again"]).toContain("Dat ligt niet aan u.");
  });

  test("who reads along is named as long as somebody does, and then that nobody does", () => {
    const told = (...happenings: Happening[]) =>
      readingWords(play(begun, up, talking, ready, ...happenings)).map((name) => say[name]);
    const along = (version: number, ...roles: Member["role"][]) => {
      const list = [member("volunteer"), ...roles.map((role) => member(role))];
      return snapshot({ version, state: "active", members: { version, list } });
    };
    expect(told()).toEqual([]);
    expect(told(along(3, "coach"))).toEqual(["Er leest nu een coach mee: een ervaren collega van de vrijwilliger."]);
    expect(told(along(3, "mentor"))).toEqual(["Er leest nu een mentor mee: een ervaren vrijwilliger."]);
    expect(told(along(3, "colleague"))).toEqual(["Er leest nu een andere vrijwilliger mee."]);
    expect(told(along(3, "colleague", "coach", "colleague")).length).toBe(2);
    expect(told(along(3, "coach"), along(4))).toEqual(["Er leest nu niemand meer mee."]);
  });

  test("that somebody comes to read along does not make the page say that nobody listens", () => {
    const list = [member("volunteer"), member("coach")];
    const joined = snapshot({ version: 3, state: "active", members: { version: 2, list } });
    const state = play(begun, up, talking, ready, joined, { is: "keys", keys: "making" });
    expect(statusOf(state).name).toBe("talking");
    expect(next(state, { is: "typed", id: "l1", text: "hallo", at: 5 }).lines[0]?.mark).toBe("sending");
  });

  test("after a hand-over the page says so, and not after a loss", () => {
    const by = (version: number, epoch: number, role: Member["role"] = "volunteer") => {
      const members = { version, list: [member(role, epoch)] };
      return snapshot({ version, state: "active", members });
    };
    const word = (...happenings: Happening[]) => {
      const { name } = statusOf(play(begun, up, by(2, 1), ready, ...happenings));
      return say[name];
    };
    const other = "U praat nu met een collega van de vrijwilliger.";
    expect(word(by(3, 1))).toBe("U praat met een vrijwilliger."); // Another console of the same.
    expect(word(by(3, 2))).toBe(other);
    expect(word(by(3, 2), by(4, 2))).toBe(other);
    expect(word(by(3, 3))).toBe("U praat met een vrijwilliger."); // Lost, and found by somebody.
    expect(word(by(3, 2), snapshot({ version: 4 }), by(5, 4), ready)).toBe("U praat met een vrijwilliger.");
  });

  test("a member nobody vouches for stops the sending, and the page says why", () => {
    const state = play(begun, up, talking, { is: "keys", keys: "untrusted" });
    expect(statusOf(state).name).toBe("untrusted");
  });

  test("trouble is told before anything else", () => {
    const state = play(begun, up, talking, ready);
    expect(statusOf(next(state, { is: "link", link: "down" })).name).toBe("link_down");
    expect(statusOf(next(state, { is: "database", database: "away" })).name).toBe("database");
  });

  test("who waits is told when nobody is free, and when the line closes", () => {
    expect(lineWord(play(begun, up, snapshot()))).toBeNull();
    expect(lineWord(play(begun, up, snapshot({ line: "nobody_yet" })))).toBe("wait_nobody");
    expect(lineWord(play(begun, up, snapshot({ line: "closed" })))).toBe("wait_closing");
  });

  test("a snapshot without a ticket leaves the old one standing", () => {
    expect(play(begun, up, snapshot(), snapshot({ version: 2, ticket: "" })).ticket).toBe("t1");
  });

  test("a snapshot that comes late changes nothing", () => {
    const state = play(begun, up, talking, ready);
    expect(next(state, snapshot({ version: 1 }))).toBe(state);
  });
});

describe("lines", () => {
  const typed: Happening = { is: "typed", id: "l1", text: "hallo", at: 5 };

  test("a line typed while waiting is kept, one typed in conversation is being sent", () => {
    expect(play(begun, up, snapshot(), typed).lines[0]?.mark).toBe("kept");
    expect(play(begun, up, talking, ready, typed).lines[0]?.mark).toBe("sending");
  });

  test("an own line that comes back is shown once, as sent", () => {
    const back: Happening = {
      is: "line",
      line: { id: "l1", by: "visitor", text: "hallo", at: 5, mark: "sent", missing: 0 },
    };
    const state = play(begun, up, talking, ready, typed, back, back);
    expect(state.lines.map(({ id, mark }) => [id, mark])).toEqual([["l1", "sent"]]);
    expect(next(state, { is: "marked", id: "l1", mark: "sending" }).lines[0]?.mark).toBe("sent");
  });

  test("who stops the conversation cannot read it any more; who was left can", () => {
    const end = (reason: "ended_by_caller" | "ended_by_volunteer"): Happening => ({
      is: "ended",
      ended: { reason, opinion: "o1" },
    });
    const state = play(begun, up, talking, ready, typed);
    expect(next(state, end("ended_by_caller")).lines).toEqual([]);
    expect(next(state, end("ended_by_volunteer")).lines.length).toBe(1);
    expect(next(state, end("ended_by_volunteer")).opinion).toBe("asked");
  });

  test("who never spoke to anybody is asked nothing afterwards", () => {
    const ended: Happening = { is: "ended", ended: { reason: "line_closed", opinion: "o1" } };
    expect(play(begun, up, snapshot(), ended).opinion).toBe("none");
  });
});

describe("words", () => {
  const tree = (table: object): string[] =>
    Object.entries(table).flatMap(([key, value]) =>
      typeof value === "object" ? tree(value).map((inner) => `${key}.${inner}`) : [key],
    );

  test("both languages have the same texts", () => {
    expect(tree(en)).toEqual(tree(nl));
  });

  test("each status and each end has its sentence, in both languages", () => {
    const names = [
      ..."one_moment offered talking talking_other away again coming_back keys".split(" "),
      ..."reads_coach reads_mentor reads_colleague reads_nobody".split(" "),
      ..."wait_nobody wait_closing untrusted frozen link_down database kept sending refused unreadable".split(" "),
    ];
    const ends = ["ended_by_caller", "ended_by_volunteer", "caller_gone", "abandoned"] as const;
    const more = ["refused_full", "line_closed", "limit", "abuse_ended"] as const;
    for (const reason of [...ends, ...more])
      names.push(stoppedWord(play({ is: "ended", ended: { reason, opinion: null } })));
    for (const code of ["line-full", "line-closed", "too-fast", "ticket-gone", "try-again"] as const)
      names.push(stoppedWord(play({ is: "refused", code })));
    for (const ticket of ["t", null]) names.push(stoppedWord(play({ is: "late", ticket })));
    names.push(stoppedWord(play({ is: "replaced" })));
    for (const name of names) {
      expect(say[name], name).toBeTruthy();
      expect(sayEnglish[name], name).toBeTruthy();
    }
  });

  test("the sentences of the product stand there literally", () => {
    expect(say["ended_by_caller"]).toBe(
      "Dank u wel voor uw vertrouwen. Wij bewaren niet wat u schreef.",
    );
    expect(say["away"]).toBe(
      "De verbinding viel weg. Dat ligt niet aan u. U bent zo weer aan de beurt.",
    );
  });

  test("the wait is said as a band, and what cannot be said is said to be so", () => {
    const told = (low: number | null, high: number | null) => waiting({ low, high }, say);
    expect(told(null, null)).toBe("Wij kunnen nog niet zeggen hoe lang het duurt.");
    expect(told(0, 1)).toBe("U bent nu meestal binnen 1 minuut aan de beurt.");
    expect(told(0, 8)).toBe("U bent nu meestal binnen 8 minuten aan de beurt.");
    expect(told(3, 8)).toBe("U wacht nu meestal 3 tot 8 minuten.");
    expect(told(0, 95)).toContain("maar ook langer dan een uur");
    expect(told(20, 95)).toContain("20 minuten of langer");
    expect(told(130, 200)).toContain("2 uur of langer");
  });

  test("opening times are said in Dutch time, also in the night that the clock changes", () => {
    const at = (text: string) => Date.parse(text);
    const now = at("2026-10-24T20:00:00Z");
    expect(opening(at("2026-10-24T21:00:00Z"), now, "nl", say)).toBe("23 uur");
    expect(opening(at("2026-10-25T09:00:00Z"), now, "nl", say)).toBe("morgen 10 uur");
    expect(opening(at("2026-10-26T08:30:00Z"), now, "nl", say)).toBe("maandag 9.30 uur");
    expect(opening(at("2026-10-25T09:00:00Z"), now, "en", sayEnglish)).toBe("tomorrow 10:00");
  });

  test("a closed line names the next opening and the other way", () => {
    const line = { chat: "closed", phone: "open", wait: { low: 2, high: 3 }, next_opening_at: null } as const;
    expect(lineWords(line, 0, "nl", say)).toEqual({
      state: "De chat is nu dicht.",
      more: "Bellen kan wel.",
    });
    const next_opening_at = Date.parse("2026-11-24T09:00:00Z");
    expect(lineWords({ ...line, next_opening_at }, next_opening_at - 1000, "nl", say).more).toBe(
      "Vanaf 10 uur zijn wij er weer. Bellen kan wel.",
    );
  });

  test("what is filled in is not itself filled in again", () => {
    expect(fill("{a} {b}", { a: "{b}", b: 2 })).toBe("{b} 2");
  });
});
