// @vitest-environment jsdom
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { EnginePlan, PlanPerson } from "../../shared/contract.gen.ts";
import AutoPlan from "./AutoPlan.svelte";
import { byChange, changeWords, detailWords, net } from "./plan-words.ts";
import { click, show } from "../test-page.ts";
import { momentOf } from "../times.ts";

const hours = (date: string) => ({ shift: date, starts_at: momentOf(date, "19:00"), ends_at: momentOf(date, "23:00") });

function person(name: string, added: number, removed: number, moved = 0): PlanPerson {
  const some = (count: number) => Array.from({ length: count }, (_, at) => hours(`2026-11-2${at + 1}`));
  const moves = some(moved).map((old) => ({ old, new: hours("2026-11-30") }));
  return { person: name, name, branch: "b", added: some(added), removed: some(removed), moved: moves };
}

describe("what a plan changes, in words", () => {
  it("begins with who gets most more, and ends with who only moves", () => {
    const people = byChange([person("Moos", 0, 0, 1), person("Bas", 0, 2), person("Vera", 3, 1), person("Ada", 1, 0)]);

    expect(people.map(changeWords)).toEqual([
      "Vera krijgt 2 diensten meer",
      "Ada krijgt een dienst meer",
      "Bas krijgt 2 diensten minder",
      "Moos krijgt andere diensten, evenveel",
    ]);
    expect(people.map(net)).toEqual([2, 1, -2, 0]);
  });

  it("names each shift that comes, goes or moves", () => {
    expect(detailWords(person("Vera", 1, 1, 1), "nl")).toEqual([
      "erbij: zaterdag 21 november, 19–23 uur",
      "eraf: zaterdag 21 november, 19–23 uur",
      "van zaterdag 21 november, 19–23 uur naar maandag 30 november, 19–23 uur",
    ]);
  });
});

describe("filling automatically", () => {
  const RUNNING: EnginePlan = {
    plan: "p",
    branch: "b",
    from: "2026-11-23",
    days: 28,
    engine: "builtin",
    seconds: 60,
    state: "running",
    due_at: 0,
    stopping: false,
    spent: 12,
    cost: 3400,
    fault: null,
    added: 0,
    removed: 0,
    unplanned: 0,
  };
  let plan: EnginePlan = RUNNING;
  const asked: [string, string, unknown][] = [];

  beforeEach(() => {
    plan = RUNNING;
    asked.length = 0;
    vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
      asked.push([init.method ?? "", path, init.body === undefined ? null : JSON.parse(String(init.body))]);
      if (path.endsWith("/cancel")) plan = { ...plan, stopping: true };
      const value = init.method === "GET" ? (path.includes("difference") ? { plan: "p", people: [person("Vera", 2, 0)] } : { plans: [plan] }) : plan;
      return new Response(JSON.stringify(value));
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  const text = () => document.body.textContent.replaceAll(/\s+/g, " ");
  const shows = (words: string) =>
    vi.waitFor(() => {
      flushSync();
      expect(text()).toContain(words);
    });

  it("shows how far it is and the best so far, and stops with it", async () => {
    show(AutoPlan, { branch: "b", from: "2026-11-23", days: 28, refusal: String });

    await shows("12 van 60 seconden · beste rooster tot nu toe: 3.400 punten");
    expect(document.querySelector("progress")?.value).toBe(12);
    click("Stoppen en het beste houden");
    await shows("Stopt.");
    expect(asked.at(-1)).toEqual(["POST", "/planner/plans/p/cancel", { keep: true }]);
  });

  it("offers nothing to keep while nothing was found", async () => {
    plan = { ...RUNNING, cost: null };
    show(AutoPlan, { branch: "b", from: "2026-11-23", days: 28, refusal: String });

    await shows("12 van 60 seconden");
    expect(text()).not.toContain("Stoppen en het beste houden");
    click("Stoppen en niets veranderen");
    await shows("Stopt.");
    expect(asked.at(-1)?.[2]).toEqual({ keep: false });
  });

  it("tells what a plan that is done has changed", async () => {
    plan = { ...RUNNING, state: "done", added: 2 };
    show(AutoPlan, { branch: "b", from: "2026-11-23", days: 28, refusal: String });

    await shows("Klaar. Erbij: 2, eraf: 0.");
    await shows("Vera krijgt 2 diensten meer");
  });

  it("plans the whole line by night unless told otherwise", async () => {
    plan = { ...RUNNING, from: "2020-01-06" };
    show(AutoPlan, { branch: null, from: "2026-11-23", days: 28, refusal: String });

    click("Invullen");
    await vi.waitFor(() => expect(asked.at(-1)?.[0]).toBe("POST"));
    expect(asked.at(-1)?.[2]).toEqual({ from: "2026-11-23", days: 28, branch: null, engine: "builtin", seconds: 60, overnight: true });
  });
});
