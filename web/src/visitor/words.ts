/** Sentences of the page: filled in, and moments said in words. */
import type { LineStatus, Wait } from "../shared/contract.gen.ts";

export type Say = Readonly<Record<string, string>>;

const ZONE = "Europe/Amsterdam";
const LONG_WAIT_MINUTES = 90;

/** Fills the {…} of a sentence; a sentence that is not there is empty. */
export const fill = (sentence: string | undefined, values: Record<string, string | number> = {}) =>
  (sentence ?? "").replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));

const parts = (at: number, language: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(language, { timeZone: ZONE, ...options }).format(new Date(at));

/** "10 uur", "morgen 10 uur", "maandag 9.30 uur". */
export function opening(at: number, now: number, language: string, say: Say): string {
  const day = (moment: number) => parts(moment, "en-CA", { dateStyle: "short" });
  const [hour = "", minutes = ""] = parts(at, "en-GB", { hour: "numeric", minute: "2-digit" }).split(
    ":",
  );
  const whole = minutes === "00" ? say["hour"] : say["hour_minutes"];
  const time = fill(whole, { hour: String(Number(hour)), minutes });
  if (day(at) === day(now)) return time;
  if (day(at) === day(now + 86_400_000)) return fill(say["tomorrow"], { time });
  return fill(say["day_time"], { day: parts(at, language, { weekday: "long" }), time });
}

/** Between how many minutes four in five wait; or that we cannot say. */
export function waiting({ low, high }: Wait, say: Say): string {
  if (low === null || high === null) return say["wait_unknown"] ?? "";
  if (high <= 1) return say["wait_short"] ?? "";
  if (high > LONG_WAIT_MINUTES) {
    const hours = Math.floor(low / 60);
    return fill(say[hours ? "wait_long" : low ? "wait_over" : "wait_maybe"], { hours, low });
  }
  return fill(say[low ? "wait" : "wait_within"], { low, high });
}

export const position = (n: number, say: Say): string =>
  fill(say[`position_${n}`] ?? say["position_n"], { n });

/** What the first screen says of the line: its state, and what that means for you. */
export function lineWords(line: LineStatus, now: number, language: string, say: Say) {
  if (line.chat === "closed") {
    const time = line.next_opening_at && opening(line.next_opening_at, now, language, say);
    const next = time ? `${fill(say["line_next"], { time })} ` : "";
    return { state: say["line_closed"] ?? "", more: next + (say["line_call"] ?? "") };
  }
  const state = say[line.chat === "open" ? "line_open" : "line_nobody"] ?? "";
  return { state, more: waiting(line.wait, say) };
}

/** "20.14", on the reader's own clock. */
export function clock(at: number): string {
  const moment = new Date(at);
  return `${moment.getHours()}.${String(moment.getMinutes()).padStart(2, "0")}`;
}
