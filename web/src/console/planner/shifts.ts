/** The one form that adds a shift. Pure. */

import type { NewShift } from "../../shared/contract.gen.ts";

export const DAYS = 7;
const MOST_PEOPLE = 20;

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
