import { describe, expect, it } from "vitest";

import { datesOf, draftOf, type Level, LEVELS, levelsOf, moved, next, pressed, weekdayOf, type WishDraft, wishFault, withException } from "./mine.ts";

const MONDAY = "2026-12-21";
const plain = (level: Level): Level[][] => Array.from({ length: 7 }, () => Array.from({ length: 6 }, () => level));

describe("a wish", () => {
  it("goes round: gladly, can, rather not, cannot, and gladly again", () => {
    expect(LEVELS.map(next)).toEqual(["1", "r", "0", "2"]);
  });
});

describe("a press in the grid", () => {
  it("changes that one square", () => {
    const found = pressed(plain("1"), 1, 3);

    expect(found[1]).toEqual(["1", "1", "1", "r", "1", "1"]);
    expect(found.filter((_, row) => row !== 1)).toEqual(plain("1").slice(1));
  });

  it("on a day gives its whole row what comes after its first square", () => {
    const found = pressed(pressed(plain("1"), 2, 5), 2, -1);

    expect(found[2]).toEqual(["r", "r", "r", "r", "r", "r"]);
    expect(found[3]).toEqual(plain("1")[3]);
  });

  it("on a time gives its whole column what comes after its first square", () => {
    expect(pressed(plain("0"), -1, 4)).toEqual(plain("0").map((row) => row.map((sign, part) => (part === 4 ? "2" : sign))));
  });
});

describe("a key in the grid", () => {
  it.each([
    ["ArrowRight", false, 0, 0, { row: 0, column: 1 }],
    ["ArrowRight", false, 0, 5, { row: 0, column: 5 }],
    ["ArrowDown", false, 6, 2, { row: 6, column: 2 }],
    ["ArrowUp", false, 0, 2, { row: -1, column: 2 }],
    ["ArrowLeft", false, 0, 0, { row: 0, column: -1 }],
    ["ArrowLeft", false, -1, 0, { row: -1, column: 0 }],
    ["ArrowUp", false, 0, -1, { row: 0, column: -1 }],
    ["Home", false, 3, 4, { row: 3, column: 0 }],
    ["End", false, 3, 0, { row: 3, column: 5 }],
    ["Home", true, 3, 4, { row: 0, column: 0 }],
    ["End", true, 3, 4, { row: 6, column: 5 }],
  ] as const)("%s (control: %s) from row %i, column %i stays inside and skips the empty corner", (key, control, row, column, to) => {
    expect(moved(key, control, row, column)).toEqual(to);
  });

  it("that is none of the grid's is left to the page", () => {
    expect(moved("Tab", false, 0, 0)).toBeNull();
    expect(moved("Enter", false, 0, 0)).toBeNull();
  });
});

describe("the days of a period", () => {
  it("run through the end of the year", () => {
    expect(datesOf("2026-12-30", 4)).toEqual(["2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02"]);
    expect([weekdayOf(MONDAY), weekdayOf("2026-12-27")]).toEqual([0, 6]);
  });
});

describe("the wishes of a period", () => {
  const pattern = plain("1");
  pattern[6] = ["0", "0", "0", "0", "0", "0"];

  it("are the usual week, by weekday whatever day the period begins on", () => {
    expect(levelsOf({ pattern, exceptions: [] }, "2026-12-26", 3)).toEqual(["111111", "000000", "111111"]);
  });

  it("follow the exceptions: a day part, and a whole day", () => {
    const exceptions = [
      { date: MONDAY, part: 3, level: "2" },
      { date: "2026-12-25", part: null, level: "0" },
    ] as const;

    expect(levelsOf({ pattern, exceptions }, MONDAY, 6)).toEqual(["111211", "111111", "111111", "111111", "000000", "111111"]);
  });

  it("come back as they were given", () => {
    const given: WishDraft = {
      pattern,
      exceptions: [
        { date: "2026-12-23", part: 2, level: "r" },
        { date: "2026-12-25", part: null, level: "0" },
        { date: "2027-01-03", part: null, level: "2" },
      ],
      wanted: 4,
      most: 6,
      nights: 1,
    };

    expect(draftOf({ ...given, levels: levelsOf(given, MONDAY, 28) }, MONDAY)).toEqual(given);
  });

  it("stay what they are, even when no week is like another", () => {
    const signs = "012r";
    const levels = Array.from({ length: 28 }, (_, day) => Array.from({ length: 6 }, (__, part) => signs[(day * 5 + part * 3 + (day % 3)) % 4]).join(""));
    const draft = draftOf({ levels, wanted: 1, most: 2, nights: 0 }, "2026-12-23");

    expect(levelsOf(draft, "2026-12-23", 28)).toEqual(levels);
  });
});

describe("one more exception", () => {
  const day = { date: MONDAY, part: null, level: "0" } as const;
  const evening = { date: MONDAY, part: 3, level: "2" } as const;

  it("goes before an earlier one on the same day part, and beside another", () => {
    expect(withException([evening], { ...evening, level: "0" })).toEqual([{ ...evening, level: "0" }]);
    expect(withException([day], evening)).toEqual([day, evening]);
    expect(levelsOf({ pattern: plain("1"), exceptions: withException([day], evening) }, MONDAY, 1)).toEqual(["000200"]);
  });

  it("for the whole day goes before all of that day", () => {
    expect(withException([evening], day)).toEqual([day]);
  });

  it("leaves other days as they are", () => {
    const earlier = { date: "2026-12-20", part: 3, level: "r" } as const;

    expect(withException([evening, earlier], day)).toEqual([earlier, day]);
    expect(withException([earlier], evening)).toEqual([earlier, evening]);
  });
});

describe("the numbers of a wish", () => {
  it.each([
    [{ wanted: 4, most: 6, nights: 1 }, null],
    [{ wanted: 0, most: 0, nights: 0 }, null],
    [{ wanted: Number.NaN, most: 6, nights: 1 }, "need_numbers"],
    [{ wanted: 2.5, most: 6, nights: 1 }, "need_numbers"],
    [{ wanted: 4, most: 29, nights: 1 }, "need_numbers"],
    [{ wanted: 4, most: 3, nights: 1 }, "need_most"],
    [{ wanted: 1, most: 3, nights: 4 }, "need_nights"],
  ] as const)("%o are told: %s", (numbers, fault) => {
    expect(wishFault(numbers)).toBe(fault);
  });
});
