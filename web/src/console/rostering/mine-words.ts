/** Shifts and refusals of the own roster in words. */

import { dateOf, dayName, dayOfMonth, hour, plusDays } from "../times.ts";
import { because, t, tongue } from "../words.svelte.ts";

interface Stretch {
  readonly starts_at: number;
  readonly ends_at: number;
}

/** "19–23 uur". */
export function hoursOf({ starts_at, ends_at }: Stretch): string {
  return t("shift.hours", { from: hour(starts_at, tongue()), to: hour(ends_at, tongue()) });
}

/** "dinsdag 24 november, 19–23 uur". */
export function whenOf(shift: Stretch): string {
  return t("mine.when", { day: dayName(dateOf(shift.starts_at), tongue()), hours: hoursOf(shift) });
}

/** Branch, channels and, for a night, that it is one. */
export function whatOf({ branch_name, channels, night }: { branch_name?: string; channels: readonly string[]; night: boolean }): string {
  const names = channels.map((channel) => t(`branch.channel_${channel}`)).join(", ");
  return [...(branch_name === undefined ? [] : [branch_name]), names, ...(night ? [t("mine.night")] : [])].join(" · ");
}

/** The first and the last of some days; one day is named once. */
export function daysOf(first: string, last: string): string {
  const from = dayName(first, tongue());
  return first === last ? from : t("mine.days", { from, to: dayName(last, tongue()) });
}

/** "21 december tot en met 17 januari". */
export function periodOf({ first, days }: { first: string; days: number }): string {
  return t("mine.days", { from: dayOfMonth(first, tongue()), to: dayOfMonth(plusDays(first, days - 1), tongue()) });
}

/** Why not, said to the volunteer; a code without words of its own gets those of the console. */
export function refusal(code: string): string {
  const own = t(`mine.code_${code}`);
  return own.startsWith("mine.") ? because(code) : own;
}
