import { describe, expect, it } from "vitest";

import { byLoss, clockJump, daysFrom, hoursInDay, hoursLong, initials, lay, lead, monthOf, nextGap, plusMonths, spotOf, standing } from "./planner-grid.ts";
import { boardPlace, boardShift as shift } from "./test-planner.ts";
import { momentOf, plusDays } from "../times.ts";

const MONDAY = "2026-11-23";
const WEEK = daysFrom(MONDAY, 7);

describe("hours by days", () => {
  it("go from the morning to the small hours, which belong to the evening before", () => {
    const grid = lay(WEEK, [
      shift(plusDays(MONDAY, 1), "03:00", "07:00"),
      shift(MONDAY, "19:00", "23:00"),
      shift(MONDAY, "23:00", "03:00"),
      shift(plusDays(MONDAY, 6), "07:00", "11:00"),
    ]);

    expect(grid.rows.map((row) => row.starts)).toEqual(["07:00", "19:00", "23:00", "03:00"]);
    expect(spotOf(grid, "2026-11-24 03:00")).toEqual({ row: 3, day: 0 });
    expect(spotOf(grid, "2026-11-29 07:00")).toEqual({ row: 0, day: 6 });
    expect(spotOf(grid, "elsewhere")).toBeNull();
  });

  it("leave out what begins before six on the first day, and keep the last small hours", () => {
    const grid = lay(WEEK, [shift(MONDAY, "03:00", "07:00"), shift(plusDays(MONDAY, 7), "03:00", "07:00")]);

    expect(grid.rows).toHaveLength(1);
    expect(spotOf(grid, "2026-11-30 03:00")).toEqual({ row: 0, day: 6 });
  });

  it("give other channels, and a second shift of the same hours, a line of their own", () => {
    const chat = shift(MONDAY, "19:00", "23:00", { shift: "a", channels: ["chat"] });
    const grid = lay(WEEK, [chat, { ...chat, shift: "b", channels: ["phone"] }, { ...chat, shift: "c" }]);

    expect(grid.rows.map((row) => [row.channels, row.cells[0]?.shift])).toEqual([
      [["chat"], "a"],
      [["chat"], "c"],
      [["phone"], "b"],
    ]);
  });

  it("stay one line over the nights in which the clock jumps, and say how long the night is", () => {
    const spring = shift("2026-03-28", "23:00", "03:00");
    const autumn = shift("2026-10-24", "23:00", "03:00");
    const usual = shift("2026-10-25", "23:00", "03:00");

    expect([spring, autumn, usual].map((each) => [hoursLong(each), clockJump(each)])).toEqual([
      [3, -1],
      [5, 1],
      [4, 0],
    ]);
    expect(lay(daysFrom("2026-10-19", 7), [autumn, usual]).rows.map((row) => [row.starts, row.ends])).toEqual([["23:00", "03:00"]]);
    expect(["2026-03-28", "2026-10-24", "2026-10-25"].map(hoursInDay)).toEqual([23, 25, 24]);
  });
});

describe("a shift", () => {
  it("names its reserve after those who stand there", () => {
    const places = [boardPlace("Rik", { role: "reserve" }), boardPlace("Vera")];

    expect(standing(places).map((place) => place.name)).toEqual(["Vera", "Rik"]);
  });

  it.each([
    ["Vera de Wit", "VW"],
    ["Wim", "W"],
    ["anja van der berg", "AB"],
    ["Jan-Piet Öztürk", "JÖ"],
    ["", ""],
  ])("names %s as %s", (name, short) => {
    expect(initials(name)).toBe(short);
  });
});

describe("the keys of the grid", () => {
  const size = { rows: 4, days: 7 };

  it.each([
    ["ArrowUp", false, { row: 1, day: 3 }],
    ["ArrowDown", false, { row: 3, day: 3 }],
    ["ArrowLeft", false, { row: 2, day: 2 }],
    ["ArrowRight", false, { row: 2, day: 4 }],
    ["Home", false, { row: 2, day: 0 }],
    ["End", false, { row: 2, day: 6 }],
    ["Home", true, { row: 0, day: 0 }],
    ["End", true, { row: 3, day: 6 }],
    ["PageUp", false, "earlier"],
    ["PageDown", false, "later"],
    ["a", false, null],
  ])("lead on: %s", (key, ctrl, to) => {
    expect(lead({ row: 2, day: 3 }, size, key, ctrl)).toEqual(to);
  });

  it("stop at the edges", () => {
    expect(lead({ row: 0, day: 0 }, size, "ArrowUp")).toEqual({ row: 0, day: 0 });
    expect(lead({ row: 3, day: 6 }, size, "ArrowRight")).toEqual({ row: 3, day: 6 });
    expect(lead({ row: 3, day: 6 }, { rows: 1, days: 2 }, "ArrowDown")).toEqual({ row: 0, day: 1 });
  });
});

describe("the next gap", () => {
  const ordered = byLoss([
    shift(MONDAY, "10:00", "23:00", { shift: "a", missing: 1, gap: 2 }),
    shift(MONDAY, "11:00", "23:00", { shift: "b", missing: 2, gap: 9 }),
    shift(MONDAY, "12:00", "23:00", { shift: "c", missing: 0, gap: 0 }),
    shift(MONDAY, "13:00", "23:00", { shift: "d", missing: 1, gap: 2 }),
    shift(MONDAY, "07:00", "11:00", { shift: "past", missing: 3, gap: 99 }),
  ], momentOf(MONDAY, "11:00"));

  it("is the one to come that costs the most contacts, then the soonest, then round again", () => {
    expect(ordered.map((gap) => gap.shift)).toEqual(["b", "a", "d"]);
    expect(nextGap(ordered, null)).toBe("b");
    expect(nextGap(ordered, "b")).toBe("a");
    expect(nextGap(ordered, "d")).toBe("b");
  });

  it("is the worst of all when one stands where nothing is open", () => {
    expect(nextGap(ordered, "c")).toBe("b");
    expect(nextGap([], "c")).toBeNull();
  });

  it("counts heads where nothing is expected", () => {
    const blind = [shift(MONDAY, "10:00", "23:00", { missing: 1 }), shift(MONDAY, "11:00", "23:00", { missing: 3 })];

    expect(byLoss(blind, 0).map((gap) => gap.starts)).toEqual(["11:00", "10:00"]);
  });
});

describe("a month", () => {
  it("has the weeks that touch it", () => {
    const november = monthOf("2026-11-24");

    expect(november.map(([monday]) => monday)).toEqual(["2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30"]);
    expect(november.flat().at(-1)).toBe("2026-12-06");
    expect(monthOf("2027-02-10")).toHaveLength(4);
  });

  it("goes over the year", () => {
    expect(plusMonths("2026-12-31", 1)).toBe("2027-01-01");
    expect(plusMonths("2026-01-31", -1)).toBe("2025-12-01");
    expect(plusMonths("2026-01-31", 1)).toBe("2026-02-01");
  });
});
