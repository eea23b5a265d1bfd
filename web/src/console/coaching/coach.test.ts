import { describe, expect, it } from "vitest";

import { asides, inOrder, isCoachsCall, isNews, isTaken, modes, needsPhone, ringsOn, standsKey, waiting, wayTo } from "./coach.ts";
import { beside, contact, help, joined, request, side, snapshot } from "../test-views.ts";

const names = (requests: readonly { name: string }[]) => requests.map((one) => one.name);

describe("the coach's one list", () => {
  it("has urgent requests first, then who asked first, and what another helps with last", () => {
    const requests = [
      request("later", { asked_at: 2 }),
      request("helped", { asked_at: 0, urgent: true, state: "taken" }),
      request("first", { asked_at: 1 }),
      request("urgent", { asked_at: 3, urgent: true }),
      request("mine", { asked_at: 4, urgent: true, state: "taken", mine: true }),
    ];

    expect(names(inOrder(requests))).toEqual(["urgent", "mine", "first", "later", "helped"]);
    expect(names(waiting(side({ requests })))).toEqual(["urgent", "first", "later"]);
  });

  it("says in words how each stands", () => {
    expect(standsKey(request("a", { state: "calling" }))).toBe("coach.state_calling");
    expect(standsKey(request("a", { state: "taken" }))).toBe("coach.state_taken");
    expect(standsKey(request("a", { state: "taken", mine: true }))).toBe("coach.state_mine");
  });

  it("is heard when a request comes, becomes urgent, or waits again, and not when it just stays", () => {
    const open = side({ requests: [request("a")] });
    const urgent = side({ requests: [request("a", { urgent: true })] });
    const taken = side({ requests: [request("a", { state: "taken" })] });

    expect(isNews(undefined, open)).toBe(true);
    expect(isNews(side(), open)).toBe(true);
    expect(isNews(open, open)).toBe(false);
    expect(isNews(open, urgent)).toBe(true);
    expect(isNews(urgent, urgent)).toBe(false);
    expect(isNews(open, taken)).toBe(false);
    expect(isNews(taken, open)).toBe(true);
  });

  it("rings on for an urgent request only, and not for who is helping", () => {
    const urgent = request("a", { urgent: true });
    const mine = request("b", { mine: true, state: "taken" });

    expect(ringsOn(side({ on_duty: true, requests: [urgent] }))).toBe(true);
    expect(ringsOn(side({ on_duty: false, requests: [urgent] }))).toBe(false);
    expect(ringsOn(side({ on_duty: true, requests: [urgent, mine] }))).toBe(false);
    expect(ringsOn(side({ on_duty: true, requests: [request("a")] }))).toBe(false);
    expect(ringsOn(side({ on_duty: true, requests: [{ ...urgent, state: "taken" }] }))).toBe(false);
  });
});

describe("what one is busy with", () => {
  it("is each request one took, with its conversation, and then what is read by invitation", () => {
    const mine = request("Vera", { mine: true, state: "taken", contact: "c" });
    const found = asides(side({ requests: [request("Bas"), mine], joined: [joined("d"), joined("c"), joined("e", { state: "asked" })] }));

    expect(found.map(({ request: of, joined: at }) => [of?.name ?? null, at?.contact ?? null])).toEqual([
      ["Vera", "c"],
      [null, "d"],
    ]);
    expect(asides(undefined)).toEqual([]);
  });

  it("knows a conversation that was taken over", () => {
    const [aside] = asides(side({ requests: [request("Vera", { mine: true, contact: "c" })] }));
    if (aside === undefined) expect.fail("nothing");

    expect(isTaken(aside, snapshot({ contacts: [contact("c")] }))).toBe(true);
    expect(isTaken(aside, snapshot())).toBe(false);
    expect(isTaken({ ...aside, request: request("Vera", { contact: null }) }, snapshot({ contacts: [contact("c")] }))).toBe(false);
  });
});

describe("the ways to help", () => {
  it("are those of the channel, and without a conversation the two speak alone", () => {
    expect(modes({ contact: "c", channel: "phone" })).toEqual(["alone", "listen", "whisper", "join"]);
    expect(modes({ contact: "c", channel: "chat" })).toEqual(["read", "alone"]);
    expect(modes({ contact: null, channel: null })).toEqual(["alone"]);
  });

  it("lead from one to the other: a call changes, a chat is left and joined anew", () => {
    const of = (at: ReturnType<typeof joined> | null) => ({ key: "k", request: request("Vera", { mine: true }), joined: at });

    expect(wayTo(of(null), "read")).toBe("join");
    expect(wayTo(of(joined("c")), "read")).toBe("none");
    expect(wayTo(of(joined("c")), "alone")).toBe("rejoin");
    expect(wayTo(of(joined("c", { channel: "phone", mode: "listen" })), "whisper")).toBe("change");
  });
});

describe("the telephone of a console that helps", () => {
  it("is needed by who took a request, by who speaks, and by who is helped", () => {
    const alone = beside("Ada", { mode: "alone", role: "coach" });

    expect(needsPhone(snapshot())).toBe(false);
    expect(needsPhone(snapshot({ coaching: side({ requests: [request("Vera")] }) }))).toBe(false);
    expect(needsPhone(snapshot({ coaching: side({ requests: [request("Vera", { mine: true })] }) }))).toBe(true);
    expect(needsPhone(snapshot({ coaching: side({ joined: [joined("c")] }) }))).toBe(false);
    expect(needsPhone(snapshot({ coaching: side({ joined: [joined("c", { mode: "listen" })] }) }))).toBe(true);
    expect(needsPhone(snapshot({ coaching: side({ help: help({ state: "taken" }) }) }))).toBe(true);
    expect(needsPhone(snapshot({ coaching: side({ help: help() }) }))).toBe(false);
    expect(needsPhone(snapshot({ contacts: [contact("c", { beside: [alone] })] }))).toBe(true);
    expect(needsPhone(snapshot({ contacts: [contact("c", { beside: [beside("Els")] })] }))).toBe(false);
  });

  it("rings for the coach only where no call of one's own is there or offered", () => {
    const offer = { contact: "c", epoch: 1, channel: "phone", language: "nl", until_at: 0, from_alias: null };

    expect(isCoachsCall(snapshot({ contacts: [contact("c")] }))).toBe(true);
    expect(isCoachsCall(snapshot({ contacts: [contact("c", { channel: "phone", state: "wrapup" })] }))).toBe(true);
    expect(isCoachsCall(snapshot({ contacts: [contact("c", { channel: "phone" })] }))).toBe(false);
    expect(isCoachsCall(snapshot({ offer }))).toBe(false);
    expect(isCoachsCall(snapshot({ offer: { ...offer, channel: "chat" } }))).toBe(true);
  });
});
