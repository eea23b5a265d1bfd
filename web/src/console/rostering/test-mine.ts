/** For tests: what the server tells a volunteer of the own roster, with only what matters named. */

import type { AskedSwap, Me, OpenShift, OwnPlace, OwnRoster, OwnSwap, WishPeriod } from "../../shared/contract.gen.ts";
import { momentOf } from "../times.ts";

export const MONDAY = "2026-12-21";
/** of that Monday, 19 to 23 */
export const EVENING = "maandag 21 december, 19–23 uur";
export const SHIFT = {
  shift: "s",
  starts_at: momentOf(MONDAY, "19:00"),
  ends_at: momentOf(MONDAY, "23:00"),
  branch_name: "Utrecht",
  channels: ["chat", "phone"],
  night: false,
};

export function place(change: Partial<OwnPlace> = {}): OwnPlace {
  const usual = { role: "listener", state: "published", origin: "self", may_confirm: true, may_give_up: true, may_swap: true, undo_until_at: null, swap: null, beside: [] as string[] } as const;
  return { place: "p", ...SHIFT, ...usual, ...change };
}

export function swap(change: Partial<OwnSwap> = {}): OwnSwap {
  return { swap: "w", asked: null, asked_name: null, wants: [], until_at: 0, ...change };
}

export function asked(change: Partial<AskedSwap> = {}): AskedSwap {
  return { swap: "w", name: "Wim", ...SHIFT, to_me: false, mine: [], until_at: 0, ...change };
}

export function openShift(change: Partial<OpenShift> = {}): OpenShift {
  return { ...SHIFT, wanted: 2, missing: 1, role: "listener", need: "urgent", ...change };
}

export function period(change: Partial<WishPeriod> = {}): WishPeriod {
  return { period: "w", first: MONDAY, days: 28, open: true, given: false, levels: Array.from({ length: 28 }, () => "111110"), wanted: 4, most: 6, nights: 1, ...change };
}

export function roster(change: Partial<OwnRoster> = {}): OwnRoster {
  const balance = { hours_agreed: 16, hours: 12.5, shifts: 3, most_shifts: 8, most_nights: 2, nights_year: 7, weekends_year: 9, feasts_year: 2, nights_branch: 6.5, weekends_branch: 9, feasts_branch: null };
  return { places: [], asked: [], leave: [], balance, wishes_open: false, ...change };
}

export const VERA: Me = { person: "vera", name: "Vera", branch: "b", branch_name: "Utrecht", roles: ["volunteer"], languages: ["nl"], capacity: 2, alias: null };
