/** What the list of tonight says of each, in keys of texts. Pure. */

import type { AttendanceSide, TonightPlace, TonightShift } from "../../shared/contract.gen.ts";

/** Which words say how somebody's place is. */
export function placeKey(place: TonightPlace): string {
  if (place.role === "reserve" && (place.state === "published" || place.state === "confirmed")) return "tonight.state_reserve";
  return place.late ? "tonight.state_late" : `tonight.state_${place.state}`;
}

/** Whether something is wrong with a place: said in words, and marked beside them. */
export function isMissing(place: TonightPlace): boolean {
  return place.late || place.state === "no_show" || place.state === "cannot";
}

/** Who may be noted as present after all: expected, and the shift has begun. */
export function mayBePresent(place: TonightPlace): boolean {
  return place.role !== "reserve" && (place.late || place.state === "no_show");
}

/** Shifts that run, and those to come; where somebody is missing comes first, else by start. */
export function sorted(shifts: readonly TonightShift[], now: number): { now: TonightShift[]; soon: TonightShift[] } {
  const needs = (one: TonightShift): number => (one.missing > 0 ? 0 : 1);
  return {
    now: shifts.filter((one) => one.starts_at <= now).toSorted((a, b) => needs(a) - needs(b) || a.starts_at - b.starts_at),
    soon: shifts.filter((one) => one.starts_at > now),
  };
}

/** What changes when the list is to be asked for anew. */
export function mark(side: AttendanceSide | null): string {
  return side === null ? "" : [side.missed, ...side.alarms, ...side.call_ups.map((one) => one.call_up)].join(" ");
}
