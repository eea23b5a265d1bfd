import { describe, expect, it, vi } from "vitest";

import type { PhoneSignOn, Presence } from "../../shared/contract.gen.ts";
import type { Answer } from "../api.ts";
import type { Phone, PhoneEars } from "./phone.ts";
import { Telephone } from "./telephone.svelte.ts";

const PRESENCE: Presence = {
  state: "ready",
  since_at: 0,
  capacity: 2,
  load: 0,
  rest_until_at: null,
  care_until_at: null,
  takes_calls: true,
  phone_at: "browser",
  has_own_phone: true,
};

const TICKET: PhoneSignOn = { kind: "loopback", identity: "1".repeat(32), token: "t", edge: "" };

function line(ticket: Answer<object> = { ok: true, value: TICKET }) {
  let ears: PhoneEars | undefined;
  const phone = { signOn: vi.fn(async () => ears?.state("ready")), signOff: vi.fn(), accept: vi.fn(), hangUp: vi.fn(), mute: vi.fn(), hint: vi.fn() } satisfies Phone;
  const ask = vi.fn(async () => ticket);
  const load = vi.fn(async (_kind: PhoneSignOn["kind"], given: PhoneEars) => {
    ears = given;
    return phone as Phone;
  });
  const telephone = new Telephone(ask, load);
  return { telephone, phone, ask, load, say: (...said: Parameters<PhoneEars["state"]>) => ears?.state(...said) };
}

const settled = () => new Promise((done) => setTimeout(done));

describe("the telephone of a console", () => {
  it.each([
    ["no calls are taken", { takes_calls: false }],
    ["calls go to the own phone", { phone_at: "own" }],
    ["there is a pause", { state: "paused" }],
    ["there is a rest after a heavy conversation", { state: "after_care" }],
  ] as const)("stays off while %s", async (_why, change) => {
    const { telephone, ask } = line();

    telephone.follow({ ...PRESENCE, ...change });
    await settled();

    expect(ask).not.toHaveBeenCalled();
    expect(telephone.state).toBe("off");
  });

  it("signs on once when the volunteer is ready, and off when they leave", async () => {
    const { telephone, phone, ask } = line();

    telephone.follow(PRESENCE);
    telephone.follow(PRESENCE);
    await settled();
    expect(ask).toHaveBeenCalledExactlyOnceWith("phone-ticket");
    expect(telephone.state).toBe("ready");

    telephone.follow({ ...PRESENCE, state: "away" });
    expect(phone.signOff).toHaveBeenCalledOnce();
  });

  it("stays on while a conversation is in hand, whatever was pressed", async () => {
    const { telephone, phone } = line();
    telephone.follow(PRESENCE);
    await settled();

    telephone.follow({ ...PRESENCE, state: "paused", load: 2 });

    expect(phone.signOff).not.toHaveBeenCalled();
  });

  it("is never signed off in the middle of a call", async () => {
    const { telephone, phone, say } = line();
    telephone.follow(PRESENCE);
    await settled();

    say("in_call");
    telephone.follow({ ...PRESENCE, state: "away" });
    expect(phone.signOff).not.toHaveBeenCalled();
    say("ready");
    telephone.follow({ ...PRESENCE, state: "away" });
    expect(phone.signOff).toHaveBeenCalledOnce();
  });

  it("says what is wrong when there is no ticket, and tries again when the line is back", async () => {
    const { telephone, ask, phone } = line({ ok: false, code: "unreachable" });
    telephone.follow(PRESENCE);
    await settled();
    expect([telephone.state, telephone.why]).toEqual(["failed", "network"]);

    ask.mockResolvedValue({ ok: true, value: TICKET });
    telephone.lineBack();
    await settled();

    expect(phone.signOn).toHaveBeenCalledExactlyOnceWith(TICKET);
    expect([telephone.state, telephone.why]).toEqual(["ready", null]);
  });

  it("does not come back by itself when it was not wanted", async () => {
    const { telephone, ask } = line();

    telephone.lineBack();
    await settled();

    expect(ask).not.toHaveBeenCalled();
  });

  it("says so when its program could not be fetched", async () => {
    const { telephone, load } = line();
    load.mockRejectedValue(new Error("gone"));

    telephone.follow(PRESENCE);
    await settled();

    expect([telephone.state, telephone.why]).toEqual(["failed", "network"]);
  });

  it("is not signed on by a ticket that comes after it was closed", async () => {
    const { telephone, phone } = line();

    telephone.follow(PRESENCE);
    telephone.stop();
    await settled();

    expect(phone.signOn).not.toHaveBeenCalled();
    expect(telephone.state).toBe("off");
  });

  it("signs on for help, whether calls are taken or not, and off when the help is over", async () => {
    const { telephone, phone, ask } = line();
    const coach: Presence = { ...PRESENCE, takes_calls: false, state: "none" };

    telephone.follow(coach, true);
    await settled();
    expect(ask).toHaveBeenCalledExactlyOnceWith("phone-ticket");
    telephone.follow(coach, false);
    expect(phone.signOff).toHaveBeenCalledOnce();
  });

  it("stays off for help when the own phone is used", async () => {
    const { telephone, ask } = line();

    telephone.follow({ ...PRESENCE, phone_at: "own" }, true);
    await settled();

    expect(ask).not.toHaveBeenCalled();
  });

  it("answers what was pressed for before it had signed on, and that once", async () => {
    const { telephone, phone, say } = line();

    telephone.follow(PRESENCE);
    telephone.accept();
    await settled();
    expect(phone.accept).toHaveBeenCalledOnce();

    say("in_call");
    say("ready");
    await telephone.signOn();
    expect(phone.accept).toHaveBeenCalledOnce();
  });

  it("tries again for a press when it could not sign on", async () => {
    const { telephone, ask, phone } = line({ ok: false, code: "not-on-shift" });
    telephone.follow(PRESENCE, true);
    await settled();
    expect(telephone.state).toBe("failed");

    ask.mockResolvedValue({ ok: true, value: TICKET });
    telephone.accept();
    await settled();

    expect(telephone.state).toBe("ready");
    expect(phone.accept).toHaveBeenCalledOnce();
  });

  it("can be muted in a call only, and a new call begins with the microphone on", async () => {
    const { telephone, phone, say } = line();
    telephone.follow(PRESENCE);
    await settled();

    telephone.mute(true);
    expect(telephone.isMuted).toBe(false);
    say("in_call");
    telephone.mute(true);
    expect(telephone.isMuted).toBe(true);
    expect(phone.mute).toHaveBeenCalledExactlyOnceWith(true);
    say("ready");
    say("in_call");
    expect(telephone.isMuted).toBe(false);
  });
});
