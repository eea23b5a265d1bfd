/** What a volunteer asks the server about the own roster. */

import type {
  AcceptSwap,
  GiveUp,
  GivenUp,
  NewLeave,
  NewWishes,
  OpenShifts,
  OwnLeave,
  OwnPlace,
  OwnRoster,
  SwapChoices,
  WishPeriod,
  WishPeriods,
} from "../../shared/contract.gen.ts";
import { type Answer, ask } from "../api.ts";

/** The server gives no more days at a time. */
export const DAYS_AHEAD = 31;

const on = (path: string, id: string, order: string): string => `/my/${path}/${encodeURIComponent(id)}/${order}`;
const stretch = (from: string): string => `from=${encodeURIComponent(from)}&days=${DAYS_AHEAD}`;

export const ownRoster = (from: string): Promise<Answer<OwnRoster>> => ask("GET", `/my/roster?${stretch(from)}`);
export const openShifts = (from: string): Promise<Answer<OpenShifts>> => ask("GET", `/my/open-shifts?${stretch(from)}`);

export const signUp = (shift: string): Promise<Answer<OwnPlace>> => ask("POST", on("shifts", shift, "sign-up"), {});
export const undoSignUp = (place: string): Promise<Answer<null>> => ask("POST", on("places", place, "undo"), {});
export const confirmPlace = (place: string): Promise<Answer<OwnPlace>> => ask("POST", on("places", place, "confirm"), {});
export const swapChoices = (place: string): Promise<Answer<SwapChoices>> => ask("GET", on("places", place, "choices"));
export const giveUp = (place: string, how: GiveUp): Promise<Answer<GivenUp>> => ask("POST", on("places", place, "give-up"), how);

export const acceptSwap = (swap: string, mine: AcceptSwap): Promise<Answer<OwnPlace>> => ask("POST", on("swaps", swap, "accept"), mine);
export const declineSwap = (swap: string): Promise<Answer<null>> => ask("POST", on("swaps", swap, "decline"), {});
export const withdrawSwap = (swap: string): Promise<Answer<null>> => ask("POST", on("swaps", swap, "withdraw"), {});

export const wishPeriods = (): Promise<Answer<WishPeriods>> => ask("GET", "/my/wishes");
export const putWishes = (period: string, wishes: NewWishes): Promise<Answer<WishPeriod>> =>
  ask("PUT", `/my/wishes/${encodeURIComponent(period)}`, wishes);

export const askLeave = (leave: NewLeave): Promise<Answer<OwnLeave>> => ask("POST", "/my/leave", leave);
export const withdrawLeave = (leave: string): Promise<Answer<OwnLeave>> => ask("POST", on("leave", leave, "withdraw"), {});
