/** A volunteer's own roster: wishes by weekday and by date, and the order of what is shown. Pure. */

import { plusDays } from "../times.ts";

/** 2 gladly, 1 can, r rather not, 0 cannot: as the server writes it, one sign a day part. */
export type Level = "2" | "1" | "r" | "0";

/** In the order in which one press goes on. */
export const LEVELS: readonly Level[] = ["2", "1", "r", "0"];

/** Of four hours each, from 07:00 on; the last, 03:00, still belongs to the evening before. */
export const PARTS = 6;
export const WEEK = 7;

export interface Exception {
  readonly date: string;
  /** which day part; null: the whole day */
  readonly part: number | null;
  readonly level: Level;
}

/** What stands in the form of a period. `pattern`: 7 weekdays from Monday on, 6 signs each. */
export interface WishDraft {
  readonly pattern: readonly (readonly Level[])[];
  readonly exceptions: readonly Exception[];
  readonly wanted: number;
  readonly most: number;
  readonly nights: number;
}

/** What the server keeps of a period. `levels`: a text a day. */
export interface Wish {
  readonly levels: readonly string[];
  readonly wanted: number;
  readonly most: number;
  readonly nights: number;
}

function isLevel(sign: string): sign is Level {
  return (LEVELS as readonly string[]).includes(sign);
}

/** The next wish at a press; after the last comes the first. */
export function next(level: Level): Level {
  return LEVELS[(LEVELS.indexOf(level) + 1) % LEVELS.length] ?? "1";
}

/** 0 for Monday, 6 for Sunday. */
export function weekdayOf(date: string): number {
  return (new Date(`${date}T12:00:00Z`).getUTCDay() + WEEK - 1) % WEEK;
}

/** The dates of a period. */
export function datesOf(first: string, days: number): string[] {
  return Array.from({ length: days }, (_, at) => plusDays(first, at));
}

/**
 * The pattern after a press on one square, or on the head of a row or column.
 *
 * `day` -1 is the head of a column, `part` -1 of a row: all below it get the same wish, the next
 * after that of its first square.
 */
export function pressed(pattern: WishDraft["pattern"], day: number, part: number): Level[][] {
  const from = pattern[Math.max(day, 0)]?.[Math.max(part, 0)] ?? "1";
  const to = next(from);
  return pattern.map((signs, row) => signs.map((sign, column) => ((day < 0 || day === row) && (part < 0 || part === column) ? to : sign)));
}

/** Where an arrow leads in the grid; heads are row and column -1. Null: not a key of the grid. */
export function moved(key: string, withControl: boolean, row: number, column: number): { row: number; column: number } | null {
  const inside = (at: number, last: number): number => Math.min(Math.max(at, -1), last);
  const to = (r: number, c: number): { row: number; column: number } => {
    const found = { row: inside(r, WEEK - 1), column: inside(c, PARTS - 1) };
    // The corner is empty: there is nothing to press.
    return found.row < 0 && found.column < 0 ? { row, column } : found;
  };
  if (key === "ArrowUp") return to(row - 1, column);
  if (key === "ArrowDown") return to(row + 1, column);
  if (key === "ArrowLeft") return to(row, column - 1);
  if (key === "ArrowRight") return to(row, column + 1);
  if (key === "Home") return withControl ? to(0, 0) : to(row, 0);
  if (key === "End") return withControl ? to(WEEK - 1, PARTS - 1) : to(row, PARTS - 1);
  return null;
}

/** One sign a day part of each day: the pattern, and over it the exceptions in their order. */
export function levelsOf(draft: Pick<WishDraft, "pattern" | "exceptions">, first: string, days: number): string[] {
  return datesOf(first, days).map((date) => {
    const signs = [...(draft.pattern[weekdayOf(date)] ?? [])];
    for (const { date: on, part, level } of draft.exceptions) {
      if (on !== date) continue;
      if (part === null) signs.fill(level);
      else signs[part] = level;
    }
    return signs.join("");
  });
}

/** The sign that most of these days have; the earlier one where two are equal. */
function usual(signs: readonly Level[]): Level {
  const times = (level: Level): number => signs.filter((sign) => sign === level).length;
  return signs.reduce<Level>((best, sign) => (times(sign) > times(best) ? sign : best), signs[0] ?? "1");
}

/** The form of what was given before: what most weeks share is the pattern, the rest exceptions. */
export function draftOf(wish: Wish, first: string): WishDraft {
  const days = datesOf(first, wish.levels.length).map((date, at) => ({
    date,
    weekday: weekdayOf(date),
    signs: Array.from({ length: PARTS }, (_, part): Level => {
      const sign = wish.levels[at]?.[part] ?? "";
      return isLevel(sign) ? sign : "1";
    }),
  }));
  const pattern = Array.from({ length: WEEK }, (_, weekday) =>
    Array.from({ length: PARTS }, (__, part) => usual(days.filter((day) => day.weekday === weekday).map((day) => day.signs[part] ?? "1"))),
  );
  const exceptions = days.flatMap(({ date, weekday, signs }): Exception[] => {
    const other = signs.flatMap((level, part) => (level === pattern[weekday]?.[part] ? [] : [{ date, part, level }]));
    const [one] = other;
    const isWhole = one !== undefined && other.length > 1 && signs.every((sign) => sign === one.level);
    return isWhole ? [{ date, part: null, level: one.level }] : other;
  });
  const { wanted, most, nights } = wish;
  return { pattern, exceptions, wanted, most, nights };
}

/** With one more exception: a later word on the same day part goes before an earlier one. */
export function withException(exceptions: readonly Exception[], more: Exception): Exception[] {
  const kept = exceptions.filter((one) => one.date !== more.date || (more.part !== null && one.part !== more.part));
  return [...kept, more].sort((one, other) => one.date.localeCompare(other.date) || (one.part ?? -1) - (other.part ?? -1));
}

export type WishFault = "need_numbers" | "need_most" | "need_nights";

const MOST = 28;

/** The first thing that is wrong with the numbers, or null; the server has the last word. */
export function wishFault({ wanted, most, nights }: Pick<WishDraft, "wanted" | "most" | "nights">): WishFault | null {
  if (![wanted, most, nights].every((one) => Number.isInteger(one) && one >= 0 && one <= MOST)) return "need_numbers";
  if (most < wanted) return "need_most";
  return nights > most ? "need_nights" : null;
}
