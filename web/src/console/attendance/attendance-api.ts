/** Questions about who comes and who does not, and about being reached. */

import type { PhoneNumber, Reach, ReachView, Tonight } from "../../shared/contract.gen.ts";
import { type Answer, ask } from "../api.ts";

const of = encodeURIComponent;

export const tonightNow = (): Promise<Answer<Tonight>> => ask("GET", "/tonight");
export const callReserve = (shift: string): Promise<Answer<Tonight>> => ask("POST", `/tonight/shifts/${of(shift)}/reserve`, {});
export const openUp = (shift: string): Promise<Answer<Tonight>> => ask("POST", `/tonight/shifts/${of(shift)}/open`, {});
export const markPresent = (place: string): Promise<Answer<Tonight>> => ask("POST", `/tonight/places/${of(place)}/present`, {});
export const phoneOf = (person: string): Promise<Answer<PhoneNumber>> => ask("POST", `/people/${of(person)}/phone`, {});

export const answerCallUp = (callUp: string, comes: boolean): Promise<Answer<null>> =>
  ask("POST", `/call-ups/${of(callUp)}/${comes ? "yes" : "no"}`, {});

export const ownReach = (): Promise<Answer<ReachView>> => ask("GET", "/reach");
export const chooseReach = (reach: Reach): Promise<Answer<null>> => ask("PUT", "/reach", reach);
