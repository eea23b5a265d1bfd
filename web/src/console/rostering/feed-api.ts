/** Questions about the link with which somebody's own calendar reads the roster. */

import type { CalendarLink, NewCalendarLink } from "../../shared/contract.gen.ts";
import { type Answer, ask } from "../api.ts";

export const calendarLink = (): Promise<Answer<CalendarLink>> => ask("GET", "/my/calendar");
export const makeCalendarLink = (): Promise<Answer<NewCalendarLink>> => ask("POST", "/my/calendar", {});
export const revokeCalendarLink = (): Promise<Answer<null>> => ask("DELETE", "/my/calendar");

/** The whole address, as a calendar app needs it. */
export const addressOf = (path: string, origin: string): string => new URL(path, origin).href;
