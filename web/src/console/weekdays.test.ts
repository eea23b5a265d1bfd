import { describe, expect, it } from "vitest";

import { daysOf, daysWords, hasDay, maskOf } from "./weekdays.ts";

describe("weekdays in one number", () => {
  it.each([
    [31, "ma–vr"],
    [96, "za, zo"],
    [1 + 4 + 8 + 16, "ma, wo–vr"],
    [127, "ma–zo"],
    [64, "zo"],
    [0, ""],
  ])("%i is %s", (mask, words) => {
    expect(daysWords(mask, "nl")).toBe(words);
    expect(maskOf(daysOf(mask))).toBe(mask);
  });

  it("know each day", () => {
    expect([hasDay(65, 0), hasDay(65, 3), hasDay(65, 6)]).toEqual([true, false, true]);
  });
});
