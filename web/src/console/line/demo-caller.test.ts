// @vitest-environment jsdom
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { DemoCall } from "../../shared/contract.gen.ts";
import DemoCaller from "./DemoCaller.svelte";
import { button, click, press, show } from "../test-page.ts";

describe("the demo's caller", () => {
  const CALLING: DemoCall = { call: "1".repeat(32), state: "hearing", prompts: ["Dit is de Luisterlijn."] };

  let answers: Record<string, DemoCall | number>;
  let asked: string[];

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    answers = { "/demo/call": CALLING };
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
      asked.push(`${init.method} ${path.replace(CALLING.call, "1")} ${String(init.body ?? "")}`.trim());
      const found = answers[path] ?? CALLING;
      return Promise.resolve(typeof found === "number" ? new Response("{}", { status: found }) : Response.json(found));
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  async function calls(): Promise<void> {
    show(DemoCaller, {});
    click("Bellen");
    await vi.advanceTimersByTimeAsync(100);
    flushSync();
  }

  it("reads what a caller hears, and presses keys by mouse and by keyboard", async () => {
    await calls();

    expect(document.querySelector("[role=log]")?.textContent).toContain("Dit is de Luisterlijn.");
    expect(document.body.textContent).toContain("Je hoort een stem.");
    click("8");
    press("1");
    expect(asked.slice(1)).toEqual(['POST /demo/call/1/key {"key":"8"}', 'POST /demo/call/1/key {"key":"1"}']);
  });

  it("is over when the exchange knows the call no more, and is asked no further", async () => {
    await calls();

    answers[`/demo/call/${CALLING.call}`] = 404;
    await vi.advanceTimersByTimeAsync(800);
    flushSync();
    expect(document.body.textContent).toContain("Het gesprek is voorbij.");
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(before);
    expect(button("Bellen")).toBeDefined();
  });
});
