import { describe, expect, it } from "vitest";

import { clock, dateOf, hour, minutesBetween, momentOf, mondayOf, plusDays, secondsLeft, weekOf } from "./times.ts";

const EVENING = Date.parse("2026-11-24T19:00:00+01:00");

describe("moments in Amsterdam", () => {
  it("names hours as the line does", () => {
    expect(hour(EVENING, "nl")).toBe("19");
    expect(hour(EVENING + 30 * 60_000, "nl")).toBe("19.30");
    expect(hour(EVENING, "en")).toBe("19:00");
    expect(clock(EVENING + 15 * 60_000, "nl")).toBe("19.15");
  });

  it("gives the moment of a local date and time, in winter and in summer", () => {
    expect(momentOf("2026-11-24", "19:00")).toBe(EVENING);
    expect(momentOf("2026-07-01", "00:00")).toBe(Date.parse("2026-07-01T00:00:00+02:00"));
    expect(momentOf("2027-01-01", "00:00")).toBe(Date.parse("2027-01-01T00:00:00+01:00"));
  });

  it("takes the first of an hour that comes twice, and the hour after one that is skipped", () => {
    expect(momentOf("2026-10-25", "02:30")).toBe(Date.parse("2026-10-25T02:30:00+02:00"));
    expect(momentOf("2026-10-25", "03:00")).toBe(Date.parse("2026-10-25T03:00:00+01:00"));
    expect(momentOf("2026-03-29", "02:30")).toBe(Date.parse("2026-03-29T03:30:00+02:00"));
  });

  it("gives the local date on both sides of midnight and of the clock change", () => {
    expect(dateOf(Date.parse("2026-11-24T23:30:00+01:00"))).toBe("2026-11-24");
    expect(dateOf(Date.parse("2026-11-24T23:30:00Z"))).toBe("2026-11-25");
    expect(dateOf(Date.parse("2026-10-25T00:30:00Z"))).toBe("2026-10-25");
    expect(dateOf(Date.parse("2026-03-28T23:30:00Z"))).toBe("2026-03-29");
  });

  it("counts days over the clock change without losing one", () => {
    expect(plusDays("2026-03-28", 1)).toBe("2026-03-29");
    expect(plusDays("2026-03-29", 1)).toBe("2026-03-30");
    expect(plusDays("2026-10-25", 1)).toBe("2026-10-26");
  });

  it("finds Monday and the week number, at the turn of the year too", () => {
    expect(mondayOf("2026-11-24")).toBe("2026-11-23");
    expect(mondayOf("2026-11-29")).toBe("2026-11-23");
    expect(weekOf("2026-11-24")).toBe(48);
    expect(weekOf("2026-01-01")).toBe(1);
    expect(weekOf("2027-01-01")).toBe(53);
  });

  it("never counts below zero", () => {
    expect(secondsLeft(1_000, 900)).toBe(1);
    expect(secondsLeft(1_000, 5_000)).toBe(0);
    expect(minutesBetween(5_000, 0)).toBe(0);
    expect(minutesBetween(0, 119_000)).toBe(1);
  });
});
