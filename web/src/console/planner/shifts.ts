/** A week of shifts as the coordinator sees it, and the one form that adds a shift. Pure. */

import type { BranchPerson, NewShift, Shift } from "../shared/contract.gen.ts";
import { dateOf, plusDays } from "./times.ts";

export interface Day {
  readonly date: string;
  readonly shifts: readonly Shift[];
}

export const DAYS = 7;
const MOST_PEOPLE = 20;

/** Seven days from a date, each with the shifts that start on it, earliest first. */
export function week(from: string, shifts: readonly Shift[]): Day[] {
  const sorted = [...shifts].sort((one, other) => one.starts_at - other.starts_at || one.ends_at - other.ends_at);
  return Array.from({ length: DAYS }, (_, at) => {
    const date = plusDays(from, at);
    return { date, shifts: sorted.filter((shift) => dateOf(shift.starts_at) === date) };
  });
}

/** How many places are still open; zero for a cancelled shift. */
export function open(shift: Shift): number {
  if (shift.state === "cancelled") return 0;
  return Math.max(0, shift.wanted - shift.places.length);
}

/** Who may still be put on: not on it yet; trained people first, then by name. */
export function candidates(shift: Shift, people: readonly BranchPerson[]): BranchPerson[] {
  const there = new Set(shift.places.map((place) => place.person));
  return people
    .filter((person) => !there.has(person.person))
    .sort((one, other) => Number(other.trained) - Number(one.trained) || one.name.localeCompare(other.name, "nl"));
}

/** What stands in the form, as typed. */
export interface ShiftForm {
  readonly date: string;
  readonly starts: string;
  readonly ends: string;
  readonly channels: readonly NewShift["channels"][number][];
  readonly wanted: string;
}

export type FormFault = "need_date" | "need_times" | "zero" | "need_channel" | "need_wanted";

const TIME = /^\d{2}:\d{2}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The first thing that is missing, or null; the server has the last word. */
export function formFault(form: ShiftForm): FormFault | null {
  if (!DATE.test(form.date)) return "need_date";
  if (!TIME.test(form.starts) || !TIME.test(form.ends)) return "need_times";
  if (form.starts === form.ends) return "zero";
  if (form.channels.length === 0) return "need_channel";
  const wanted = Number(form.wanted);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST_PEOPLE) return "need_wanted";
  return null;
}

/** The order to the server, for the own branch; ask only when `formFault` says null. */
export function asOrder(form: ShiftForm): NewShift {
  return { ...form, channels: [...form.channels], wanted: Number(form.wanted), branch: null };
}
