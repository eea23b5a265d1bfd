/** How volunteers are found in a list, and what is said of them. */

import type { GatheringView, TrainingStep, VolunteerRow } from "../../shared/contract.gen.ts";
import { clock, dateOf, dayName, fullDate } from "../times.ts";
import { because, t, tongue } from "../words.svelte.ts";

export const FILTERS = ["all", "vog", "intervision", "training", "away", "leaves", "no_computer"] as const;
export type Filter = (typeof FILTERS)[number];

const LEARNS: ReadonlySet<string> = new Set(["aspirant", "in_training", "walking_along"]);

/** Whether somebody is being trained for something. */
export const learns = (training: readonly TrainingStep[]): boolean => training.some((step) => LEARNS.has(step.status));

const KEEPS: Readonly<Record<Filter, (row: VolunteerRow, today: string) => boolean>> = {
  all: () => true,
  vog: (row) => row.vog_state !== "fine",
  intervision: (row) => row.intervision_state !== "fine",
  training: (row) => learns(row.training),
  away: (row, today) => row.away_until !== null && row.away_until >= today,
  leaves: (row) => row.leaves !== null,
  no_computer: (row) => row.no_computer,
};

/** Letters without what stands on them: who types "zoe" finds "Zoë". */
function plain(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/** Those whose name or sign-in name has these letters and who pass the filter; in the order given. */
export function found(rows: readonly VolunteerRow[], search: string, filter: Filter, today: string): VolunteerRow[] {
  const sought = plain(search.trim());
  return rows.filter((row) => KEEPS[filter](row, today) && plain(`${row.name} ${row.sign_in}`).includes(sought));
}

export function channelName(channel: TrainingStep["channel"]): string {
  return t(`branch.channel_${channel}`);
}

export function stepWords(step: TrainingStep): string {
  return t("people.step", { channel: channelName(step.channel), status: t(`people.status_${step.status}`) });
}

export function sinceWords(step: TrainingStep): string {
  return step.since === null ? t("people.always") : t("people.since", { date: fullDate(step.since, tongue()) });
}

export function vogWords(row: VolunteerRow): string {
  if (row.vog === null) return t("people.paper_missing");
  const date = fullDate(row.vog, tongue());
  return row.vog_state === "fine" ? date : t(`people.paper_${row.vog_state}`, { date });
}

export function intervisionWords(row: VolunteerRow): string {
  if (row.intervision === null) return t("people.no_intervision");
  const date = fullDate(row.intervision, tongue());
  return row.intervision_state === "fine" ? date : t("people.long_ago", { date });
}

export function hoursWords(row: VolunteerRow): string {
  const worked = row.hours_worked.toLocaleString(tongue() === "nl" ? "nl-NL" : "en-GB", { maximumFractionDigits: 1 });
  return t("people.hours_words", { worked, agreed: row.hours_agreed });
}

/** What stands out of somebody, in words: leave, a last day, no computer. */
export function remarks(row: VolunteerRow, today: string): string[] {
  const said: string[] = [];
  if (row.away_until !== null && row.away_until >= today) said.push(t("people.away", { date: fullDate(row.away_until, tongue()) }));
  if (row.leaves !== null) said.push(t("people.leaves", { date: fullDate(row.leaves, tongue()) }));
  if (row.no_computer) said.push(t("people.no_computer"));
  return said;
}

export function eveningWhen(evening: GatheringView): string {
  const day = dayName(dateOf(evening.starts_at), tongue());
  return t("gatherings.when", { day, from: clock(evening.starts_at, tongue()), to: clock(evening.ends_at, tongue()) });
}

export function seatWords(evening: GatheringView): string {
  const seats = t("gatherings.seats", { taken: evening.taken, seats: evening.seats });
  return evening.taken >= evening.seats ? `${seats}, ${t("gatherings.full")}` : seats;
}

function own(key: string, code: string): string {
  const words = t(key);
  return words === key ? because(code) : words;
}

/** The sentence for a refusal about somebody. */
export const personRefusal = (code: string): string => own(`people.code_${code}`, code);
/** The sentence for a refusal about an evening. */
export const eveningRefusal = (code: string): string => own(`gatherings.code_${code}`, code);
