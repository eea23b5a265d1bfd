import { describe, expect, it } from "vitest";

import { asksHome, besideKey, GOES_HOME_MS, helpAbout, helpNews, helpSaid, invitation, mayStop, takenBy } from "./help.ts";
import { beside, contact, help, joined, request, side, snapshot } from "../test-views.ts";

const SHIFT = { starts_at: 0, ends_at: 10 * GOES_HOME_MS, branch_name: "Utrecht" };

describe("where a request for help stands", () => {
  it.each([
    [help(), "help.open"],
    [help({ urgent: true }), "help.open_urgent"],
    [help({ state: "calling", alias: "Ada" }), "help.calling"],
    [help({ state: "taken", alias: "Ada", urgent: true }), "help.taken"],
    [help({ state: "nobody", urgent: true }), "help.nobody"],
  ])("%o is said by %s", (is, key) => {
    expect(helpSaid(is)?.key).toBe(key);
  });

  it("names who is called or helps, and says nothing when nothing was asked", () => {
    expect(helpSaid(help({ state: "taken", alias: "Ada" }))?.values).toEqual({ alias: "Ada" });
    expect(helpSaid(null)).toBeNull();
  });

  it("is about the conversation on the screen, while it goes on", () => {
    expect(helpAbout(contact("c"))).toBe("c");
    expect(helpAbout(contact("c", { state: "wrapup" }))).toBeNull();
    expect(helpAbout(null)).toBeNull();
  });
});

describe("who is beside a conversation", () => {
  it.each([
    ["chat", beside("Els"), "join.reads"],
    ["chat", beside("Els", { state: "asked" }), "join.asked"],
    ["chat", beside("Ada", { mode: "alone" }), "join.chat_alone"],
    ["phone", beside("Ada", { mode: "alone" }), "join.call_alone"],
    ["phone", beside("Ada", { mode: "listen" }), "join.call_listen"],
    ["phone", beside("Ada", { mode: "whisper" }), "join.call_whisper"],
    ["phone", beside("Ada", { mode: "join" }), "join.call_join"],
  ] as const)("in a %s, %o is told by %s", (channel, one, key) => {
    expect(besideKey(channel, one)).toBe(key);
  });

  it("a mentor or colleague may be thanked, a coach is not sent away, and any question can be taken back", () => {
    expect(mayStop(beside("Els"))).toBe(true);
    expect(mayStop(beside("Els", { role: "mentor" }))).toBe(true);
    expect(mayStop(beside("Ada", { role: "coach" }))).toBe(false);
    expect(mayStop(beside("Ada", { role: "coach", state: "asked" }))).toBe(true);
  });

  it("an invitation is shown until its time is over", () => {
    const asked = side({ joined: [joined("a"), joined("b", { state: "asked", until_at: 20 })] });

    expect(invitation(asked, 19)?.contact).toBe("b");
    expect(invitation(asked, 20)).toBeNull();
    expect(invitation(undefined, 0)).toBeNull();
  });
});

describe("going home", () => {
  const at = (state: "ready" | "paused" | "away" | "after_care" | "none", shift: typeof SHIFT | null = SHIFT) =>
    snapshot({ shift, presence: { ...snapshot().presence, state } });
  const middle = SHIFT.ends_at - GOES_HOME_MS - 1;

  it("is asked about with Weg at any time, and with signing out at the end of the shift only", () => {
    expect(asksHome(at("ready"), "away", middle)).toBe(true);
    expect(asksHome(at("ready"), "sign_out", middle)).toBe(false);
    expect(asksHome(at("paused"), "sign_out", middle + 1)).toBe(true);
    expect(asksHome(at("ready", null), "sign_out", middle)).toBe(true);
  });

  it("is asked about with signing out after something heavy, whatever the hour", () => {
    expect(asksHome(at("after_care"), "sign_out", middle)).toBe(true);
  });

  it("is not asked about twice, nor of who has no shift, nor without the line", () => {
    expect(asksHome(at("away"), "away", middle)).toBe(false);
    expect(asksHome(at("none", null), "sign_out", middle)).toBe(false);
    expect(asksHome(null, "away", middle)).toBe(false);
  });
});

describe("what others changed in help", () => {
  const keys = (...[before, after, letGo = []]: [Parameters<typeof helpNews>[0], Parameters<typeof helpNews>[1], string[]?]) =>
    helpNews(before, after, letGo).map((one) => one.key);
  const helped = snapshot({ coaching: side({ help: help({ state: "taken", alias: "Ada" }) }) });

  it("is told when the coach is done, and not when we withdrew ourselves", () => {
    expect(helpNews(helped, snapshot(), [])).toEqual([{ key: "help.done", values: { alias: "Ada" } }]);
    expect(keys(helped, snapshot(), ["own"])).toEqual([]);
    expect(keys(snapshot({ coaching: side({ help: help() }) }), snapshot())).toEqual([]);
  });

  it("is told to the coach when the volunteer withdrew, and not when the coach was done", () => {
    const taken = snapshot({ coaching: side({ requests: [request("Vera", { mine: true, state: "taken" }), request("Bas")] }) });

    expect(helpNews(taken, snapshot(), [])).toEqual([{ key: "coach.withdrawn", values: { name: "Vera" } }]);
    expect(keys(taken, snapshot(), ["request of Vera"])).toEqual([]);
  });

  it("is told when a colleague says no, and when somebody is gone, but not at the end of the conversation", () => {
    const was = snapshot({ contacts: [contact("c", { beside: [beside("Els", { state: "asked" }), beside("Jan")] })] });
    const alone = snapshot({ contacts: [contact("c")] });
    const over = snapshot({ contacts: [contact("c", { state: "wrapup" })] });

    expect(helpNews(was, alone, [])).toEqual([
      { key: "join.no", values: { alias: "Els" } },
      { key: "join.left", values: { alias: "Jan" } },
    ]);
    expect(keys(was, alone, ["joining of Els", "joining of Jan"])).toEqual([]);
    expect(keys(was, over)).toEqual([]);
    expect(keys(was, snapshot())).toEqual([]);
  });

  it("is not told when somebody goes on in another way", () => {
    const reads = snapshot({ contacts: [contact("c", { beside: [beside("Ada", { role: "coach" })] })] });
    const calls = snapshot({ contacts: [contact("c", { beside: [beside("Ada", { role: "coach", mode: "alone", joining: "new" })] })] });

    expect(keys(reads, calls)).toEqual([]);
  });

  it("is told to who read along when it is over, unless they left, or have the conversation now", () => {
    const was = snapshot({ coaching: side({ joined: [joined("c")] }) });

    expect(helpNews(was, snapshot(), [])).toEqual([{ key: "join.over", values: { alias: "Anja" } }]);
    expect(keys(was, snapshot(), ["joining of c"])).toEqual([]);
    expect(keys(was, snapshot({ contacts: [contact("c")] }))).toEqual([]);
    expect(keys(snapshot({ coaching: side({ joined: [joined("c", { state: "asked" })] }) }), snapshot())).toEqual([]);
  });

  it("a conversation that left us with a rest for us was taken over by the coach who was there", () => {
    const was = contact("c", { beside: [beside("Ada", { role: "coach" })] });
    const resting = snapshot({ presence: { ...snapshot().presence, state: "after_care" } });

    expect(takenBy(was, resting)).toBe("Ada");
    expect(takenBy(was, snapshot())).toBeNull();
    expect(takenBy(contact("c", { beside: [beside("Els")] }), resting)).toBeNull();
  });
});
