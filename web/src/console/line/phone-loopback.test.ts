import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Answer } from "../api.ts";
import { LoopbackPhone } from "./phone-loopback.ts";

const TICKET = { kind: "loopback", identity: "1".repeat(32), token: "", edge: "" } as const;

function phone(answers: Record<string, Answer<object>> = {}) {
  const asked: string[] = [];
  const said: string[] = [];
  const made = new LoopbackPhone(
    { state: (state) => said.push(state), quality: vi.fn(), ticketEnds: vi.fn() },
    (event) => {
      asked.push(event);
      return Promise.resolve(answers[event] ?? { ok: true, value: {} });
    },
  );
  return { made, asked, said };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the demo's telephone", () => {
  it("rings, is picked up, and is ready for the next call", async () => {
    const { made, asked, said } = phone();

    await made.signOn(TICKET);
    made.hint("ring");
    made.accept();
    await settled();
    made.hint("over");

    expect(said).toEqual(["signing_on", "ready", "ringing", "in_call", "ready"]);
    expect(asked).toEqual(["phone-on", "phone-answer"]);
  });

  it("picks up a ring that comes just after Aannemen", async () => {
    const { made, said } = phone();

    await made.signOn(TICKET);
    made.accept();
    vi.advanceTimersByTime(14_000);
    made.hint("ring");
    await settled();

    expect(said.at(-1)).toBe("in_call");
  });

  it("never picks up a later call that nobody took", async () => {
    const { made, asked, said } = phone();
    await made.signOn(TICKET);

    made.accept();
    vi.advanceTimersByTime(15_001);
    made.hint("ring");
    await settled();
    expect(said.at(-1)).toBe("ringing");

    made.hint("over");
    made.accept();
    made.hint("over");
    made.hint("ring");
    await settled();
    expect(asked).toEqual(["phone-on"]);
  });

  it("stays in its call when it signs on again after a restart of the line", async () => {
    const { made, asked, said } = phone();
    await made.signOn(TICKET);
    made.hint("ring");
    made.accept();
    await settled();

    await made.signOn(TICKET);

    expect(said.at(-1)).toBe("in_call");
    expect(asked.filter((event) => event === "phone-on")).toHaveLength(2);
  });

  it("does not ring when it is signed off, also when that came during the sign-on", async () => {
    const { made, said } = phone();

    const signing = made.signOn(TICKET);
    made.signOff();
    await signing;
    made.hint("ring");

    expect(said).toEqual(["signing_on", "off"]);
  });

  it("says that it failed when the line does not let it sign on", async () => {
    const { made, said } = phone({ "phone-on": { ok: false, code: "unreachable" } });

    await made.signOn(TICKET);

    expect(said).toEqual(["signing_on", "failed"]);
  });
});
