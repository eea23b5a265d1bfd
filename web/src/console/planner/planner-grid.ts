/** The planner's grid: hours by days, what is open, where a key leads. Pure. */

import type { BoardPlace, BoardShift } from "../../shared/contract.gen.ts";
import { clock, dateOf, momentOf, mondayOf, plusDays } from "../times.ts";

/** What of a shift the grid must know; `gap`: contacts that would not be lost if it were full. */
export type GridShift = Pick<BoardShift, "shift" | "date" | "starts_at" | "ends_at" | "starts" | "ends" | "channels" | "missing" | "gap">;

/** One line of the grid: shifts with the same hours and channels, one a day at most. */
export interface Row<S extends GridShift> {
  readonly key: string;
  /** local, HH:MM */
  readonly starts: string;
  readonly ends: string;
  readonly channels: readonly string[];
  /** one a day, in the order of the days */
  readonly cells: readonly (S | null)[];
}

export interface Grid<S extends GridShift> {
  /** service days, YYYY-MM-DD */
  readonly days: readonly string[];
  readonly rows: readonly Row<S>[];
}

export interface Spot {
  readonly row: number;
  readonly day: number;
}

const HOUR_MS = 3_600_000;
/** A day of the roster begins then: what starts in the small hours belongs to the evening before. */
export const DAY_STARTS = "06:00";
/** Service days from a date on. */
export function daysFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => plusDays(first, at));
}

/** Hours by days: rows in the order in which a day goes, from six in the morning on. */
export function lay<S extends GridShift>(days: readonly string[], shifts: readonly S[]): Grid<S> {
  const rows = new Map<string, { starts: string; ends: string; channels: readonly string[]; cells: (S | null)[] }>();
  for (const shift of [...shifts].sort((one, other) => one.starts_at - other.starts_at || one.shift.localeCompare(other.shift))) {
    const day = days.indexOf(shift.date);
    if (day < 0) continue;
    const { starts, ends } = shift;
    // Twice the same hours in a day: each has a line of its own.
    for (let nth = 0; ; nth += 1) {
      const key = [starts, ends, [...shift.channels].sort().join("+"), nth].join(" ");
      const row = rows.get(key) ?? { starts, ends, channels: shift.channels, cells: days.map(() => null) };
      if (row.cells[day] !== null) continue;
      row.cells[day] = shift;
      rows.set(key, row);
      break;
    }
  }
  const inDay = (time: string): string => (time < DAY_STARTS ? `1${time}` : `0${time}`);
  const ordered = [...rows.entries()].sort(
    ([one, { starts }], [other, { starts: later }]) => inDay(starts).localeCompare(inDay(later)) || one.localeCompare(other),
  );
  return { days, rows: ordered.map(([key, row]) => ({ key, ...row })) };
}

/** Who stands on a shift, reserves last. */
export function standing(places: readonly BoardPlace[]): BoardPlace[] {
  return [...places].sort((one, other) => Number(one.role === "reserve") - Number(other.role === "reserve"));
}

/** "VW" of "Vera de Wit": first and last word that begin with a capital. */
export function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter((word) => word !== "");
  const big = words.filter((word) => word[0] !== word[0]?.toLowerCase());
  const used = big.length > 0 ? big : words;
  const [first = "", last = ""] = [used[0]?.[0], used.length > 1 ? used.at(-1)?.[0] : ""];
  return (first + last).toUpperCase();
}

/** Hours that a shift lasts by the sun more than its clock says: -1 or 1 when the clock jumps. */
export function clockJump(shift: Pick<GridShift, "starts_at" | "ends_at">): number {
  const asUtc = (at: number): number => Date.parse(`${dateOf(at)}T${clock(at, "en")}:00Z`);
  const byClock = asUtc(shift.ends_at) - asUtc(shift.starts_at);
  return Math.round((shift.ends_at - shift.starts_at - byClock) / HOUR_MS);
}

/** How long a shift really lasts, in hours. */
export function hoursLong(shift: Pick<GridShift, "starts_at" | "ends_at">): number {
  return Math.round(((shift.ends_at - shift.starts_at) / HOUR_MS) * 10) / 10;
}

/** How many hours a service day has: 24, or 23 and 25 when the clock jumps. */
export function hoursInDay(day: string): number {
  return (momentOf(plusDays(day, 1), DAY_STARTS) - momentOf(day, DAY_STARTS)) / HOUR_MS;
}

export type Led = Spot | "earlier" | "later";

/** Where a key leads in the grid; null: it is not one of ours. */
export function lead(spot: Spot, size: { rows: number; days: number }, key: string, ctrl = false): Led | null {
  const bound = (value: number, most: number): number => Math.max(0, Math.min(most - 1, value));
  const to = (row: number, day: number): Spot => ({ row: bound(row, size.rows), day: bound(day, size.days) });
  switch (key) {
    case "ArrowUp":
      return to(spot.row - 1, spot.day);
    case "ArrowDown":
      return to(spot.row + 1, spot.day);
    case "ArrowLeft":
      return to(spot.row, spot.day - 1);
    case "ArrowRight":
      return to(spot.row, spot.day + 1);
    case "Home":
      return to(ctrl ? 0 : spot.row, 0);
    case "End":
      return to(ctrl ? size.rows - 1 : spot.row, size.days - 1);
    case "PageUp":
      return "earlier";
    case "PageDown":
      return "later";
    default:
      return null;
  }
}

/** Where a shift stands in the grid. */
export function spotOf<S extends GridShift>(grid: Grid<S>, shift: string): Spot | null {
  for (const [row, { cells }] of grid.rows.entries()) {
    const day = cells.findIndex((cell) => cell?.shift === shift);
    if (day >= 0) return { row, day };
  }
  return null;
}

/** Open shifts to come, in the order in which they are worth filling: most lost contacts first, then the soonest. */
export function byLoss<S extends GridShift>(shifts: readonly S[], now: number): S[] {
  return shifts
    .filter((shift) => shift.missing > 0 && shift.ends_at > now)
    .sort((one, other) => (other.gap ?? 0) - (one.gap ?? 0) || other.missing - one.missing || one.starts_at - other.starts_at);
}

/** The gap after this shift in that order; round again after the last. Null: nothing is open. */
export function nextGap(ordered: readonly GridShift[], from: string | null): string | null {
  const at = ordered.findIndex((gap) => gap.shift === from);
  return ordered[(at + 1) % Math.max(1, ordered.length)]?.shift ?? null;
}

/** Weeks (Monday to Sunday) that have a day of the month of a date. */
export function monthOf(date: string): string[][] {
  const month = date.slice(0, 7);
  const weeks: string[][] = [];
  for (let monday = mondayOf(`${month}-01`); weeks.length === 0 || monday.startsWith(month); monday = plusDays(monday, 7)) {
    weeks.push(daysFrom(monday, 7));
  }
  return weeks;
}

/** The first of the month so many months on. */
export function plusMonths(date: string, months: number): string {
  const [year = 0, month = 1] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1, 12)).toISOString().slice(0, 10);
}
