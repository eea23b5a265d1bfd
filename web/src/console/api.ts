/** The console's questions to the server over HTTP; a refusal is a value with a stable code. */

import type {
  BranchPeople,
  BranchPresent,
  DemoCall,
  DemoPeople,
  DutyRota,
  DutyView,
  Me,
  NewDuty,
  NewShift,
  Shift,
  SocketTicket,
  Werkwijzer,
  WrapSecret,
} from "../shared/contract.gen.ts";

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string };

/** How long an answer may take before the line counts as unreachable. */
const PATIENCE_MS = 10_000;

async function problem(response: Response): Promise<string> {
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null && "code" in body) return String(body.code);
  } catch {
    // An answer without a body of ours: the status says enough.
  }
  if (response.status === 401) return "signed-out";
  if (response.status === 403) return "forbidden";
  return response.status === 404 ? "not-found" : "unknown";
}

export async function ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  const init: RequestInit = {
    method,
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
  };
  if (body !== undefined) {
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  try {
    const response = await fetch(path, init);
    if (!response.ok) return { ok: false, code: await problem(response) };
    const value = response.status === 204 ? null : await response.json();
    return { ok: true, value: value as T };
  } catch {
    return { ok: false, code: "unreachable" };
  }
}

export const signIn = (name: string, password: string, code: string): Promise<Answer<Me>> =>
  ask("POST", "/session", { name, password, code });
export const whoAmI = (): Promise<Answer<Me>> => ask("GET", "/session");
export const signOut = (): Promise<Answer<null>> => ask("DELETE", "/session");
export const wrapSecret = (): Promise<Answer<WrapSecret>> => ask("GET", "/session/wrap");
export const socketTicket = (): Promise<Answer<SocketTicket>> => ask("POST", "/session/ticket", {});
export const werkwijzer = (): Promise<Answer<Werkwijzer>> => ask("GET", "/werkwijzer");
export const demoPeople = (): Promise<Answer<DemoPeople>> => ask("GET", "/demo/people");

export const demoCall = (): Promise<Answer<DemoCall>> => ask("POST", "/demo/call");
export const demoLook = (call: string): Promise<Answer<DemoCall>> => ask("GET", `/demo/call/${encodeURIComponent(call)}`);
export const demoKey = (call: string, key: string): Promise<Answer<DemoCall>> =>
  ask("POST", `/demo/call/${encodeURIComponent(call)}/key`, { key });
export const demoEnd = (call: string): Promise<Answer<DemoCall>> => ask("POST", `/demo/call/${encodeURIComponent(call)}/end`);

export const branchPeople = (): Promise<Answer<BranchPeople>> => ask("GET", "/branch/people");
export const branchPresent = (): Promise<Answer<BranchPresent>> => ask("GET", "/branch/present");
export const addShift = (shift: NewShift): Promise<Answer<Shift>> => ask("POST", "/branch/shifts", shift);
export const cancelShift = (shift: string): Promise<Answer<Shift>> =>
  ask("POST", `/branch/shifts/${encodeURIComponent(shift)}/cancel`, {});

export const dutyFrom = (date: string): Promise<Answer<DutyRota>> => ask("GET", `/duty?from=${encodeURIComponent(date)}&days=7`);
export const addDuty = (duty: NewDuty): Promise<Answer<DutyView>> => ask("POST", "/duty", duty);
export const removeDuty = (duty: string): Promise<Answer<null>> => ask("DELETE", `/duty/${encodeURIComponent(duty)}`);
