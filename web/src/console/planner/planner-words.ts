/** How the planner's screens name days, hours, people and rules. */

import type { BoardPlace, BoardShift } from "../../shared/contract.gen.ts";
import { dateOf, dayName, hour, momentOf, type Tongue } from "../times.ts";
import { because, t } from "../words.svelte.ts";

/** Noon: a moment that lies in the date in every zone we show. */
const NOON = "T12:00:00Z";

function named(date: string, tongue: Tongue, parts: Intl.DateTimeFormatOptions): string {
  const format = new Intl.DateTimeFormat(tongue === "nl" ? "nl-NL" : "en-GB", { timeZone: "UTC", ...parts });
  return format.format(Date.parse(date + NOON));
}

/** "di 24", and "di 1 dec" where a month begins. */
export function shortDay(date: string, tongue: Tongue): string {
  return named(date, tongue, { weekday: "short", day: "numeric", ...(date.endsWith("-01") ? { month: "short" as const } : {}) });
}

export function dayWords(date: string, tongue: Tongue): string {
  return dayName(date, tongue);
}

/** "november 2026". */
export function monthWords(date: string, tongue: Tongue): string {
  return named(date, tongue, { month: "long", year: "numeric" });
}

/** "19–23 uur" of local times HH:MM. */
export function rowHours(starts: string, ends: string, tongue: Tongue): string {
  // A day without a jump of the clock: all times are there once.
  const at = (time: string): string => hour(momentOf("2026-01-05", time), tongue);
  return t("shift.hours", { from: at(starts), to: at(ends) });
}

export function shiftHours(shift: Pick<BoardShift, "starts_at" | "ends_at">, tongue: Tongue): string {
  return t("shift.hours", { from: hour(shift.starts_at, tongue), to: hour(shift.ends_at, tongue) });
}

/** "dinsdag 24 november, 19–23 uur": the day on which it really begins. */
export function shiftWords(shift: Pick<BoardShift, "starts_at" | "ends_at">, tongue: Tongue): string {
  return `${dayName(dateOf(shift.starts_at), tongue)}, ${shiftHours(shift, tongue)}`;
}

export function channelNames(channels: readonly string[]): string {
  return channels.map((channel) => t(`branch.channel_${channel}`)).join(", ");
}

/** What is unusual about a night's length; empty: nothing. */
export function jumpWords(jump: number): string {
  if (jump === 0) return "";
  return t(jump > 0 ? "planner.hour_more" : "planner.hour_less");
}

/** A name with what is to be known about the place. */
export function placeWords(place: BoardPlace): string {
  const more = [
    ...(place.role === "listener" ? [] : [t(`planner.role_${place.role}`)]),
    ...(place.state === "published" ? [] : [t(`planner.place_${place.state}`)]),
    ...(place.pinned ? [t("planner.pinned")] : []),
  ];
  return more.length === 0 ? place.name : `${place.name} (${more.join(", ")})`;
}

/** The sentence of a rule, said of a person; the refusal's own sentence where there is none. */
export function ruleWords(code: string): string {
  const words = t(`planner.rule_${code}`);
  return words.startsWith("planner.") ? because(code) : words;
}

export function reasonWords(code: string): string {
  const words = t(`planner.reason_${code}`);
  return words.startsWith("planner.") ? code : words;
}

/** A whole number as read: "1.240". */
export function count(value: number, tongue: Tongue): string {
  return new Intl.NumberFormat(tongue === "nl" ? "nl-NL" : "en-GB", { maximumFractionDigits: 0 }).format(value);
}

/** "84,4 %". */
export function percent(share: number, tongue: Tongue): string {
  return new Intl.NumberFormat(tongue === "nl" ? "nl-NL" : "en-GB", { style: "percent", maximumFractionDigits: 1 }).format(share);
}
