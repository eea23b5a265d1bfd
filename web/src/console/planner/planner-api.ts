/** What the planner's screens ask of the server. */

import type {
  AcceptFor,
  AcceptMend,
  Board,
  CopiedWeek,
  CopyWeek,
  DemandEvent,
  DemandEvents,
  EnginePlan,
  EnginePlans,
  Fairness,
  ForecastActual,
  GrantedLeave,
  Inbox,
  InboxLeave,
  LaidOut,
  LeaveFor,
  Mend,
  Nation,
  NewDemandEvent,
  NewDraft,
  NewPeriod,
  NewPlan,
  NewTemplate,
  Outlook,
  PeriodWishes,
  PlanDifference,
  PlannedPlace,
  PublishedRoster,
  PutOnShift,
  RosterPeriod,
  RosterPeriods,
  ShiftTemplate,
  ShiftTemplates,
  Who,
} from "../../shared/contract.gen.ts";
import { type Answer, ask } from "../api.ts";
import { plusDays } from "../times.ts";

const on = encodeURIComponent;

/** The query of what is asked about one branch; null: the own one. */
function query(branch: string | null, more: Readonly<Record<string, string | number>> = {}): string {
  const pairs = Object.entries({ ...more, ...(branch === null ? {} : { branch }) });
  return pairs.length === 0 ? "" : `?${pairs.map(([key, value]) => `${key}=${on(value)}`).join("&")}`;
}

/** The server tells no more days at once. */
const MOST_DAYS = 28;

/** A branch's shifts of some days. */
export async function board(branch: string, from: string, days: number): Promise<Answer<Board>> {
  const starts = Array.from({ length: Math.ceil(days / MOST_DAYS) }, (_, at) => at * MOST_DAYS);
  const parts = await Promise.all(
    starts.map((at) => ask<Board>("GET", `/planner/board${query(branch, { from: plusDays(from, at), days: Math.min(MOST_DAYS, days - at) })}`)),
  );
  return parts.reduce((whole, part) => {
    if (!whole.ok || !part.ok) return whole.ok ? part : whole;
    const [one, other] = [whole.value, part.value];
    const gap = one.gap === null ? other.gap : one.gap + (other.gap ?? 0);
    return { ok: true, value: { ...one, days, shifts: [...one.shifts, ...other.shifts], missing: one.missing + other.missing, gap } };
  });
}

export const who = (shift: string): Promise<Answer<Who>> => ask("GET", `/planner/shifts/${on(shift)}/who`);

export const putOnShift = (shift: string, order: PutOnShift): Promise<Answer<PlannedPlace>> =>
  ask("POST", `/planner/shifts/${on(shift)}/places`, order);
export const takeOffPlace = (place: string): Promise<Answer<null>> => ask("POST", `/planner/places/${on(place)}/take-off`, {});
export const pinPlace = (place: string, pinned: boolean): Promise<Answer<PlannedPlace>> =>
  ask("POST", `/planner/places/${on(place)}/${pinned ? "pin" : "unpin"}`, {});
/** Somebody told that they cannot come; the place is open. */
export const cannotCome = (place: string): Promise<Answer<null>> => ask("POST", `/planner/places/${on(place)}/cannot`, {});

/** How the hole that somebody leaves can be filled; nothing changes. */
export const mendPlace = (place: string): Promise<Answer<Mend>> => ask("POST", `/planner/places/${on(place)}/mend`, {});
export const acceptMend = (place: string, order: AcceptMend): Promise<Answer<Mend>> =>
  ask("POST", `/planner/places/${on(place)}/mend/accept`, order);

export const templates = (branch: string | null): Promise<Answer<ShiftTemplates>> => ask("GET", `/planner/templates${query(branch)}`);
export const addTemplate = (order: NewTemplate): Promise<Answer<ShiftTemplate>> => ask("POST", "/planner/templates", order);
export const changeTemplate = (template: string, order: NewTemplate): Promise<Answer<ShiftTemplate>> =>
  ask("PUT", `/planner/templates/${on(template)}`, order);
export const removeTemplate = (template: string): Promise<Answer<null>> => ask("POST", `/planner/templates/${on(template)}/remove`, {});

export const periods = (branch: string | null): Promise<Answer<RosterPeriods>> => ask("GET", `/planner/periods${query(branch)}`);
export const openPeriod = (order: NewPeriod): Promise<Answer<RosterPeriod>> => ask("POST", "/planner/periods", order);
export const periodWishes = (period: string): Promise<Answer<PeriodWishes>> => ask("GET", `/planner/periods/${on(period)}/wishes`);
export const layOut = (period: string): Promise<Answer<LaidOut>> => ask("POST", `/planner/periods/${on(period)}/lay-out`, {});
export const publish = (period: string): Promise<Answer<PublishedRoster>> => ask("POST", `/planner/periods/${on(period)}/publish`, {});
export const copyWeek = (order: CopyWeek): Promise<Answer<CopiedWeek>> => ask("POST", "/planner/copy-week", order);

export const startPlan = (order: NewPlan): Promise<Answer<EnginePlan>> => ask("POST", "/planner/plans", order);
export const plans = (branch: string | null): Promise<Answer<EnginePlans>> => ask("GET", `/planner/plans${query(branch)}`);
export const stopPlan = (plan: string, keep: boolean): Promise<Answer<EnginePlan>> => ask("POST", `/planner/plans/${on(plan)}/cancel`, { keep });
export const difference = (plan: string): Promise<Answer<PlanDifference>> => ask("GET", `/planner/plans/${on(plan)}/difference`);
export const outlook = (branch: string | null, from: string, days: number): Promise<Answer<Outlook>> =>
  ask("GET", `/planner/outlook${query(branch, { from, days })}`);

export const inbox = (branch: string | null): Promise<Answer<Inbox>> => ask("GET", `/planner/inbox${query(branch)}`);
export const acceptSwapFor = (swap: string, order: AcceptFor): Promise<Answer<PlannedPlace>> => ask("POST", `/planner/swaps/${on(swap)}/accept`, order);
export const withdrawSwap = (swap: string): Promise<Answer<null>> => ask("POST", `/planner/swaps/${on(swap)}/withdraw`, {});
export const leaveFor = (order: LeaveFor): Promise<Answer<InboxLeave>> => ask("POST", "/planner/leave", order);
export const grantLeave = (leave: string): Promise<Answer<GrantedLeave>> => ask("POST", `/planner/leave/${on(leave)}/grant`, {});
export const declineLeave = (leave: string): Promise<Answer<null>> => ask("POST", `/planner/leave/${on(leave)}/decline`, {});
export const fairness = (branch: string | null): Promise<Answer<Fairness>> => ask("GET", `/planner/fairness${query(branch)}`);

export const nation = (from: string, days: number): Promise<Answer<Nation>> => ask("GET", `/planner/nation${query(null, { from, days })}`);
export const forecast = (from: string, days: number): Promise<Answer<ForecastActual>> =>
  ask("GET", `/planner/forecast${query(null, { from, days })}`);
export const draftForecast = (order: NewDraft): Promise<Answer<null>> => ask("POST", "/planner/forecast/draft", order);
export const freezeForecast = (): Promise<Answer<null>> => ask("POST", "/planner/forecast/freeze", {});
export const events = (): Promise<Answer<DemandEvents>> => ask("GET", "/planner/events");
export const addEvent = (order: NewDemandEvent): Promise<Answer<DemandEvent>> => ask("POST", "/planner/events", order);
export const removeEvent = (event: string): Promise<Answer<null>> => ask("POST", `/planner/events/${on(event)}/remove`, {});
