import { describe, expect, it } from "vitest";

import type { BranchPerson, Shift } from "../shared/contract.gen.ts";
import { asOrder, candidates, formFault, open, type ShiftForm, week } from "./shifts.ts";

function shift(starts: string, change: Partial<Shift> = {}): Shift {
  const starts_at = Date.parse(starts);
  return {
    shift: starts,
    branch: "b",
    starts_at,
    ends_at: starts_at + 4 * 3_600_000,
    channels: ["chat"],
    state: "published",
    wanted: 2,
    places: [],
    ...change,
  };
}

function person(name: string, trained = true): BranchPerson {
  return { person: name, name, channels: ["chat"], languages: ["nl"], trained };
}

const FORM: ShiftForm = { date: "2026-11-24", starts: "19:00", ends: "23:00", channels: ["chat"], wanted: "2" };

describe("the week of a branch", () => {
  it("has seven days, each with the shifts that start on it in Amsterdam", () => {
    const late = shift("2026-11-24T23:00:00+01:00");
    const early = shift("2026-11-24T07:00:00+01:00");
    const night = shift("2026-11-25T00:30:00+01:00");

    const days = week("2026-11-23", [late, night, early]);

    expect(days.map((day) => day.date)).toEqual([
      "2026-11-23",
      "2026-11-24",
      "2026-11-25",
      "2026-11-26",
      "2026-11-27",
      "2026-11-28",
      "2026-11-29",
    ]);
    expect(days[1]?.shifts).toEqual([early, late]);
    expect(days[2]?.shifts).toEqual([night]);
  });

  it("counts open places, and none on a cancelled shift", () => {
    const place = { place: "p", person: "a", name: "A", state: "published" };

    expect(open(shift("2026-11-24T19:00:00Z", { places: [place] }))).toBe(1);
    expect(open(shift("2026-11-24T19:00:00Z", { places: [place], wanted: 1 }))).toBe(0);
    expect(open(shift("2026-11-24T19:00:00Z", { state: "cancelled" }))).toBe(0);
  });

  it("offers who is not on the shift yet, trained people first", () => {
    const there = { place: "p", person: "Anna", name: "Anna", state: "published" };
    const people = [person("Zeno"), person("Bas", false), person("Anna"), person("Carla")];

    const found = candidates(shift("2026-11-24T19:00:00Z", { places: [there] }), people);

    expect(found.map((one) => one.name)).toEqual(["Carla", "Zeno", "Bas"]);
  });
});

describe("the form for a new shift", () => {
  it("is sent when it is whole, also over midnight", () => {
    expect(formFault(FORM)).toBeNull();
    expect(formFault({ ...FORM, starts: "23:00", ends: "03:00" })).toBeNull();
    expect(asOrder(FORM)).toEqual({ ...FORM, wanted: 2, branch: null });
  });

  it.each([
    [{ date: "" }, "need_date"],
    [{ starts: "" }, "need_times"],
    [{ ends: "19:00" }, "zero"],
    [{ channels: [] }, "need_channel"],
    [{ wanted: "0" }, "need_wanted"],
    [{ wanted: "" }, "need_wanted"],
    [{ wanted: "2.5" }, "need_wanted"],
    [{ wanted: "21" }, "need_wanted"],
  ] as const)("with %o says %s", (change, fault) => {
    expect(formFault({ ...FORM, ...change })).toBe(fault);
  });
});
