/** For tests: what the server tells a screen, with only what matters named. */

import type {
  AttendanceSide,
  Beside,
  CoachSide,
  ConsoleSnapshot,
  ContactView,
  DutyView,
  HelpView,
  JoinedView,
  RequestView,
} from "../shared/contract.gen.ts";

export const NO_SIDE: CoachSide = { on_duty: false, agrees_heavy: false, emergency: false, help: null, joined: [], requests: [], talks: [] };

export const NO_ATTENDANCE: AttendanceSide = { late_since_at: null, call_ups: [], missed: 0, alarms: [] };

export function side(change: Partial<CoachSide> = {}): CoachSide {
  return { ...NO_SIDE, ...change };
}

export function request(name: string, change: Partial<RequestView> = {}): RequestView {
  const usual = { urgent: false, state: "open", mine: false, branch_name: "Utrecht", channel: "chat", contact: `contact of ${name}`, asked_at: 0 } as const;
  return { request: `request of ${name}`, name, ...usual, ...change };
}

export function joined(contact: string, change: Partial<JoinedView> = {}): JoinedView {
  const usual = { state: "present", mode: "read", channel: "chat", alias: "Anja", epoch: 1, seq: 0, members_version: 1, language: "nl", until_at: null } as const;
  return { joining: `joining of ${contact}`, contact, ...usual, ...change };
}

export function beside(alias: string, change: Partial<Beside> = {}): Beside {
  return { joining: `joining of ${alias}`, alias, role: "colleague", mode: "read", state: "present", ...change };
}

export function help(change: Partial<HelpView> = {}): HelpView {
  return { request: "own", urgent: false, state: "open", alias: null, ...change };
}

export function contact(id: string, change: Partial<ContactView> = {}): ContactView {
  return {
    contact: id,
    channel: "chat",
    number: 1,
    epoch: 1,
    state: "active",
    language: "nl",
    seq: 0,
    members_version: 1,
    visitor_up: true,
    away_asked: false,
    kept: false,
    frozen: false,
    until_at: null,
    started_at: 0,
    handing: null,
    beside: [],
    call: null,
    ...change,
  };
}

export function snapshot(change: Partial<ConsoleSnapshot> = {}): ConsoleSnapshot {
  return {
    version: 1,
    now_at: 1,
    alias: "Anja",
    shift: null,
    next_shift: null,
    presence: { state: "ready", since_at: 0, capacity: 1, load: 0, rest_until_at: null, care_until_at: null, takes_calls: false, phone_at: "browser", has_own_phone: false },
    offer: null,
    contacts: [],
    coaching: NO_SIDE,
    attendance: NO_ATTENDANCE,
    cover: "good",
    ...change,
  };
}

export function duty(person_name: string, starts_at: number, ends_at: number, change: Partial<DutyView> = {}): DutyView {
  const id = `${person_name} ${starts_at}`;
  return { duty: id, person: person_name, person_name, starts_at, ends_at, phone_order: 1, stands_in: false, has_phone: true, ...change };
}
