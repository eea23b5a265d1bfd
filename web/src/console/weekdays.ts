/** Weekdays added up in one number: Monday 1, Tuesday 2, Wednesday 4 … Sunday 64. Pure. */

import type { Tongue } from "./times.ts";

export const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6] as const;
/** A Monday, to name days by. */
const MONDAY = Date.parse("2026-01-05T12:00:00Z");
const DAY_MS = 86_400_000;

export function hasDay(mask: number, day: number): boolean {
  return (mask & (1 << day)) !== 0;
}

export function maskOf(days: readonly number[]): number {
  return days.reduce((mask, day) => mask | (1 << day), 0);
}

export function daysOf(mask: number): number[] {
  return WEEKDAYS.filter((day) => hasDay(mask, day));
}

export function dayShort(day: number, tongue: Tongue): string {
  const format = new Intl.DateTimeFormat(tongue === "nl" ? "nl-NL" : "en-GB", { timeZone: "UTC", weekday: "short" });
  return format.format(MONDAY + day * DAY_MS);
}

/** "ma–vr", "za, zo", "ma, wo–vr": days in a row are drawn together. */
export function daysWords(mask: number, tongue: Tongue): string {
  const runs: number[][] = [];
  for (const day of daysOf(mask)) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  const named = runs.flatMap((run) => (run.length < 3 ? run.map((day) => dayShort(day, tongue)) : [`${dayShort(run[0] ?? 0, tongue)}–${dayShort(run.at(-1) ?? 0, tongue)}`]));
  return named.join(", ");
}
