/** The rota of coaches as a planner sees it: a week by day, what is missing, and the one form. Pure. */

import type { DutyView, NewDuty } from "../../shared/contract.gen.ts";
import { DAYS } from "../planner/shifts.ts";
import { dateOf, momentOf, plusDays } from "../times.ts";

/** From one moment to a later one, ms. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A duty as far as it lies in one day. */
export interface Part extends Stretch {
  readonly duty: DutyView;
  /** it fills the day */
  readonly isWhole: boolean;
}

export interface DutyDay {
  readonly date: string;
  /** 24, or 23 and 25 when the clock jumps */
  readonly hours: number;
  readonly parts: readonly Part[];
}

const HOUR_MS = 3_600_000;
export const LONGEST_MS = 7 * 24 * HOUR_MS;

/** In the order in which telephones ring: coaches first, then who stands in. */
export function inRingOrder(duties: readonly DutyView[]): DutyView[] {
  return [...duties].sort(
    (one, other) =>
      Number(one.stands_in) - Number(other.stands_in) ||
      one.phone_order - other.phone_order ||
      one.person_name.localeCompare(other.person_name, "nl"),
  );
}

/** Midnight to midnight of a local date. */
export function dayOf(date: string): Stretch {
  return { from: momentOf(date, "00:00"), to: momentOf(plusDays(date, 1), "00:00") };
}

/** Seven days from a date, each with the part of every duty that lies in it. */
export function dutyWeek(from: string, duties: readonly DutyView[]): DutyDay[] {
  const sorted = inRingOrder(duties);
  return Array.from({ length: DAYS }, (_, at) => {
    const date = plusDays(from, at);
    const day = dayOf(date);
    const parts = sorted
      .filter((duty) => duty.starts_at < day.to && duty.ends_at > day.from)
      .map((duty) => {
        const part = { from: Math.max(duty.starts_at, day.from), to: Math.min(duty.ends_at, day.to) };
        return { ...part, duty, isWhole: part.from === day.from && part.to === day.to };
      });
    return { date, hours: (day.to - day.from) / HOUR_MS, parts };
  });
}

/** Who is on duty at a moment, in the order in which telephones ring. */
export function onDutyAt(duties: readonly DutyView[], at: number): DutyView[] {
  return inRingOrder(duties.filter((one) => one.starts_at <= at && at < one.ends_at));
}

/** What no duty covers of a stretch, in order. */
export function uncovered(within: Stretch, duties: readonly DutyView[]): Stretch[] {
  const found: Stretch[] = [];
  let from = within.from;
  for (const duty of [...duties].sort((one, other) => one.starts_at - other.starts_at)) {
    if (duty.starts_at >= within.to) break;
    if (duty.starts_at > from) found.push({ from, to: duty.starts_at });
    from = Math.max(from, duty.ends_at);
  }
  if (from < within.to) found.push({ from, to: within.to });
  return found;
}

export interface Gap extends Stretch {
  readonly kind: "nobody" | "no_phone" | "stand_in";
}

/**
 * What is missing in the week from a date, from now on: nobody at all, nobody whose telephone can
 * ring, or nobody but who stands in. Each stretch is told once, as the worst that it is.
 */
export function gaps(from: string, duties: readonly DutyView[], now: number): Gap[] {
  const week = { from: Math.max(now, dayOf(from).from), to: dayOf(plusDays(from, DAYS - 1)).to };
  if (week.from >= week.to) return [];
  const nobody = uncovered(week, duties);
  const noPhone = uncovered(week, duties.filter((one) => one.has_phone));
  const noCoach = uncovered(week, duties.filter((one) => !one.stands_in));
  return [
    ...nobody.map((each) => ({ ...each, kind: "nobody" as const })),
    ...without(noPhone, nobody).map((each) => ({ ...each, kind: "no_phone" as const })),
    ...without(noCoach, noPhone).map((each) => ({ ...each, kind: "stand_in" as const })),
  ].sort((one, other) => one.from - other.from);
}

/** What of these stretches lies in none of the others; both in order. */
function without(stretches: readonly Stretch[], others: readonly Stretch[]): Stretch[] {
  return others.reduce<readonly Stretch[]>(
    (left, other) =>
      left.flatMap((each) =>
        [
          { from: each.from, to: Math.min(each.to, other.from) },
          { from: Math.max(each.from, other.to), to: each.to },
        ].filter((piece) => piece.from < piece.to),
      ),
    stretches,
  ) as Stretch[];
}

/** A stretch ends on the day it begins, or at the midnight after it. */
export function isOneDay({ from, to }: Stretch): boolean {
  return to <= dayOf(dateOf(from)).to;
}

/** What stands in the form, as typed. `who`: person and role, as `choiceOf` makes it. */
export interface DutyForm {
  readonly who: string;
  readonly fromDay: string;
  readonly fromTime: string;
  readonly toDay: string;
  readonly toTime: string;
  readonly order: string;
}

export type DutyFault = "need_who" | "need_times" | "need_order" | "need_end" | "need_week";

const TIME = /^\d{2}:\d{2}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const STANDS_IN = "stands-in";

/** Somebody as one choice of the form: who is coach and coordinator is there twice. */
export function choiceOf({ person, stands_in }: { person: string; stands_in: boolean }): string {
  return stands_in ? `${person} ${STANDS_IN}` : person;
}

/** The order of the form, or the first thing that is wrong; the server has the last word. */
export function dutyOrder(form: DutyForm): NewDuty | DutyFault {
  const [person = "", role] = form.who.split(" ");
  if (person === "") return "need_who";
  if (![form.fromDay, form.toDay].every((day) => DATE.test(day))) return "need_times";
  if (![form.fromTime, form.toTime].every((time) => TIME.test(time))) return "need_times";
  const order = Number(form.order);
  if (!Number.isInteger(order) || order < 1 || order > 9) return "need_order";
  const starts_at = momentOf(form.fromDay, form.fromTime);
  const ends_at = momentOf(form.toDay, form.toTime);
  if (ends_at <= starts_at) return "need_end";
  if (ends_at - starts_at > LONGEST_MS) return "need_week";
  return { person, starts_at, ends_at, phone_order: order, stands_in: role === STANDS_IN };
}
