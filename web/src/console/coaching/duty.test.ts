import { describe, expect, it } from "vitest";

import { choiceOf, dayOf, dutyOrder, dutyWeek, gaps, inRingOrder, isOneDay, LONGEST_MS, onDutyAt, uncovered } from "./duty.ts";
import { duty } from "../test-views.ts";
import { momentOf } from "../times.ts";

const MONDAY = "2026-11-23";
const at = (date: string, time: string) => momentOf(date, time);
const WEEK = { from: at(MONDAY, "00:00"), to: at("2026-11-30", "00:00") };
const FORM = { who: "ada", fromDay: MONDAY, fromTime: "23:00", toDay: "2026-11-24", toTime: "07:00", order: "1" };

describe("a week of the rota", () => {
  it("shows a duty on each day that it lies in, as far as it does", () => {
    const week = dutyWeek(MONDAY, [duty("Ada", at(MONDAY, "22:00"), at("2026-11-25", "07:00"))]);

    expect(week.map((day) => day.parts.map(({ from, to, isWhole }) => [from, to, isWhole]))).toEqual([
      [[at(MONDAY, "22:00"), at("2026-11-24", "00:00"), false]],
      [[at("2026-11-24", "00:00"), at("2026-11-25", "00:00"), true]],
      [[at("2026-11-25", "00:00"), at("2026-11-25", "07:00"), false]],
      [],
      [],
      [],
      [],
    ]);
  });

  it("has a day of 23 hours in spring and one of 25 in autumn, both whole days", () => {
    const spring = dutyWeek("2026-03-23", [duty("Ada", at("2026-03-23", "00:00"), at("2026-03-30", "00:00"))]);
    const autumn = dutyWeek("2026-10-19", [duty("Ada", at("2026-10-19", "00:00"), at("2026-10-26", "00:00"))]);

    expect(spring.map((day) => day.hours)).toEqual([24, 24, 24, 24, 24, 24, 23]);
    expect(autumn.map((day) => day.hours)).toEqual([24, 24, 24, 24, 24, 24, 25]);
    expect([...spring, ...autumn].every((day) => day.parts[0]?.isWhole)).toBe(true);
  });

  it("names telephones in the order in which they ring: who stands in comes after all coaches", () => {
    const duties = [
      duty("Cora", 0, 10, { stands_in: true, phone_order: 1 }),
      duty("Bea", 0, 10, { phone_order: 2 }),
      duty("Ada", 0, 10, { phone_order: 2 }),
      duty("Zoë", 0, 10, { phone_order: 1 }),
    ];

    expect(inRingOrder(duties).map((one) => one.person_name)).toEqual(["Zoë", "Ada", "Bea", "Cora"]);
    expect(onDutyAt(duties, 10)).toEqual([]);
    expect(onDutyAt(duties, 0)).toHaveLength(4);
  });
});

describe("what is missing", () => {
  it("is what no duty covers, however duties overlap", () => {
    const duties = [duty("b", 40, 60), duty("a", 10, 50), duty("c", 20, 30), duty("d", 80, 200)];

    expect(uncovered({ from: 0, to: 100 }, duties)).toEqual([
      { from: 0, to: 10 },
      { from: 60, to: 80 },
    ]);
    expect(uncovered({ from: 0, to: 100 }, [])).toEqual([{ from: 0, to: 100 }]);
  });

  it("is told once, as the worst that it is: nobody, nobody with a telephone, only who stands in", () => {
    const duties = [
      duty("Ada", WEEK.from, at("2026-11-26", "09:00")),
      duty("Bea", at("2026-11-26", "10:00"), at("2026-11-27", "00:00"), { has_phone: false }),
      duty("Cora", at("2026-11-27", "00:00"), WEEK.to, { stands_in: true }),
    ];

    expect(gaps(MONDAY, duties, 0)).toEqual([
      { kind: "nobody", from: at("2026-11-26", "09:00"), to: at("2026-11-26", "10:00") },
      { kind: "no_phone", from: at("2026-11-26", "10:00"), to: at("2026-11-27", "00:00") },
      { kind: "stand_in", from: at("2026-11-27", "00:00"), to: WEEK.to },
    ]);
  });

  it("is not told of what is over", () => {
    const now = at("2026-11-25", "12:00");

    expect(gaps(MONDAY, [], now)).toEqual([{ kind: "nobody", from: now, to: WEEK.to }]);
    expect(gaps(MONDAY, [], WEEK.to)).toEqual([]);
  });

  it("counts the hour that comes twice", () => {
    const covered = duty("Ada", at("2026-10-19", "00:00"), at("2026-10-25", "02:00"));
    const [gap] = gaps("2026-10-19", [covered], 0);

    expect((gap?.to ?? 0) - (gap?.from ?? 0)).toBe(23 * 3_600_000);
  });

  it("ends on the day it begins also at midnight", () => {
    expect(isOneDay(dayOf(MONDAY))).toBe(true);
    expect(isOneDay({ ...dayOf(MONDAY), to: dayOf(MONDAY).to + 1 })).toBe(false);
  });
});

describe("the form of a duty", () => {
  it("becomes an order in moments, and keeps apart who coaches and who stands in", () => {
    const starts_at = at(MONDAY, "23:00");
    const order = { person: "ada", starts_at, ends_at: starts_at + 8 * 3_600_000, phone_order: 1, stands_in: false };

    expect(dutyOrder(FORM)).toEqual(order);
    expect(dutyOrder({ ...FORM, who: choiceOf({ person: "ada", stands_in: true }) })).toEqual({ ...order, stands_in: true });
  });

  it("is an hour shorter in the night that the clock goes forward", () => {
    const order = dutyOrder({ ...FORM, fromDay: "2026-03-28", toDay: "2026-03-29" });

    expect(typeof order === "object" && order.ends_at - order.starts_at).toBe(7 * 3_600_000);
  });

  it.each([
    [{ who: "" }, "need_who"],
    [{ fromDay: "" }, "need_times"],
    [{ toTime: "" }, "need_times"],
    [{ order: "0" }, "need_order"],
    [{ order: "10" }, "need_order"],
    [{ order: "" }, "need_order"],
    [{ toDay: MONDAY }, "need_end"],
    [{ toDay: "2026-11-30", toTime: "23:01" }, "need_week"],
  ])("with %o says %s", (change, fault) => {
    expect(dutyOrder({ ...FORM, ...change })).toBe(fault);
  });

  it("takes a week and no more", () => {
    const order = dutyOrder({ ...FORM, toDay: "2026-11-30", toTime: "23:00" });

    expect(typeof order === "object" && order.ends_at - order.starts_at).toBe(LONGEST_MS);
  });
});
