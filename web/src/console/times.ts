/** Moments as people of the line read them: always Amsterdam time, whatever the computer says. */

const ZONE = "Europe/Amsterdam";

export type Tongue = "nl" | "en";

function locale(tongue: Tongue): string {
  return tongue === "nl" ? "nl-NL" : "en-GB";
}

function parts(at: number): Record<string, string> {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
}

/** "20.14" in Dutch, "20:14" in English. */
export function clock(at: number, tongue: Tongue): string {
  const { hour = "", minute = "" } = parts(at);
  return `${hour}${tongue === "nl" ? "." : ":"}${minute}`;
}

/** A whole hour as "19", else "19.30": how a shift is named. */
export function hour(at: number, tongue: Tongue): string {
  const { hour: hours = "", minute = "" } = parts(at);
  if (tongue === "en") return `${hours}:${minute}`;
  return minute === "00" ? String(Number(hours)) : `${Number(hours)}.${minute}`;
}

/** The local date as YYYY-MM-DD. */
export function dateOf(at: number): string {
  const { year = "", month = "", day = "" } = parts(at);
  return `${year}-${month}-${day}`;
}

/** Summer time is the earlier of the two: in the hour that comes twice it comes first. */
const OFFSETS_MS = [2 * 3_600_000, 3_600_000] as const;

/**
 * The moment of a local date (YYYY-MM-DD) and time (HH:MM).
 *
 * An hour that comes twice gives its first; one that is skipped in spring gives the hour after it.
 */
export function momentOf(date: string, time: string): number {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  const reads = (at: number): boolean => dateOf(at) === date && clock(at, "en") === time;
  return OFFSETS_MS.map((offset) => asUtc - offset).find(reads) ?? asUtc - OFFSETS_MS[1];
}

/** Noon UTC of a date: safe for naming and counting days, in every zone we show. */
function noon(date: string): number {
  return Date.parse(`${date}T12:00:00Z`);
}

/** The date a number of days later (or earlier). */
export function plusDays(date: string, days: number): string {
  return new Date(noon(date) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The Monday of the week in which a date lies. */
export function mondayOf(date: string): string {
  const weekday = (new Date(noon(date)).getUTCDay() + 6) % 7;
  return plusDays(date, -weekday);
}

/** The ISO week number of a date. */
export function weekOf(date: string): number {
  const thursday = plusDays(mondayOf(date), 3);
  const first = Date.parse(`${thursday.slice(0, 4)}-01-01T12:00:00Z`);
  return 1 + Math.floor((noon(thursday) - first) / (7 * 86_400_000));
}

/** "di 24 november". */
export function dayName(date: string, tongue: Tongue): string {
  return new Intl.DateTimeFormat(locale(tongue), {
    timeZone: "UTC",
    weekday: "long",
    day: "numeric",
    month: "long",
  }).format(noon(date));
}

/** "24 november". */
export function dayOfMonth(date: string, tongue: Tongue): string {
  return new Intl.DateTimeFormat(locale(tongue), { timeZone: "UTC", day: "numeric", month: "long" }).format(noon(date));
}

/** "24 november 2026", for dates on which something was checked. */
export function fullDate(date: string, tongue: Tongue): string {
  return new Intl.DateTimeFormat(locale(tongue), { timeZone: "UTC", dateStyle: "long" }).format(noon(date));
}

/** Whole minutes between two moments, never below zero. */
export function minutesBetween(from: number, to: number): number {
  return Math.max(0, Math.floor((to - from) / 60_000));
}

/** Whole seconds left until a moment, never below zero. */
export function secondsLeft(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1000));
}
