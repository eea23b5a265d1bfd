import { describe, expect, it, vi } from "vitest";

import { HelpOrders } from "./help-orders.ts";
import { joined, request } from "../test-views.ts";

function orders(...answers: (string | null)[]) {
  const sent: [string, object][] = [];
  const order = vi.fn(async (event: string, body: object) => {
    sent.push([event, body]);
    return answers.shift() ?? null;
  });
  const letGo = vi.fn();
  return { orders: new HelpOrders(order, letGo), sent, letGo };
}

const TAKEN = request("Vera", { mine: true, state: "taken" });
const aside = (at: ReturnType<typeof joined> | null) => ({ key: "k", request: TAKEN, joined: at });

describe("the orders of help", () => {
  it("ask again without the conversation when it has just left us", async () => {
    const { orders: help, sent } = orders("not-your-contact", null);

    expect(await help.ask("c", true)).toBeNull();
    expect(sent).toEqual([
      ["help", { contact: "c", urgent: true }],
      ["help", { contact: null, urgent: true }],
    ]);
  });

  it("ask once, and give why it was refused", async () => {
    const { orders: help, sent } = orders("unreachable");

    expect(await help.ask("c", false)).toBe("unreachable");
    expect(sent).toHaveLength(1);
  });

  it("tell a decision about the emergency services, a no as well as a yes", async () => {
    const { orders: help, sent } = orders();

    await help.emergency(TAKEN.request, true);
    await help.emergency(TAKEN.request, false);

    expect(sent).toEqual([
      ["emergency", { request: TAKEN.request, called: true }],
      ["emergency", { request: TAKEN.request, called: false }],
    ]);
  });

  it("join, change a call in place, and go from reading to calling by leaving first", async () => {
    const call = { ...joined("c"), channel: "phone", mode: "listen" as const };
    const { orders: help, sent } = orders();

    await help.join(aside(null), "read");
    await help.join(aside(joined("c")), "read");
    await help.join(aside(call), "whisper");
    await help.join(aside(joined("c")), "alone");

    expect(sent).toEqual([
      ["join", { request: TAKEN.request, mode: "read" }],
      ["join-mode", { joining: call.joining, mode: "whisper" }],
      ["join-leave", { joining: "joining of c" }],
      ["join", { request: TAKEN.request, mode: "alone" }],
    ]);
  });

  it("do not join in another way when leaving was refused", async () => {
    const { orders: help, sent } = orders("unreachable");

    expect(await help.join(aside(joined("c")), "alone")).toBe("unreachable");
    expect(sent).toHaveLength(1);
  });

  it("leave the conversation before the help is done, and remember what was let go", async () => {
    const { orders: help, sent, letGo } = orders();

    await help.done(aside(joined("c")));

    expect(sent.map(([event]) => event)).toEqual(["join-leave", "help-done"]);
    expect(letGo.mock.calls.flat()).toEqual(["joining of c", TAKEN.request]);
  });
});
