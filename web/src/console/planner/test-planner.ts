/** For tests: a branch's board as the server tells it, with only what matters named. */

import type { Board, BoardPlace, BoardShift, Who } from "../../shared/contract.gen.ts";
import { DAY_STARTS } from "./planner-grid.ts";
import { momentOf, plusDays } from "../times.ts";

export function boardPlace(name: string, change: Partial<BoardPlace> = {}): BoardPlace {
  const id = name.toLowerCase();
  const usual = { role: "listener", state: "published", origin: "coordinator", pinned: false, on_behalf: false, allowed: null } as const;
  return { place: `place of ${id}`, person: id, name, ...usual, ...change };
}

/** A shift of local hours; named by its date and start. */
export function boardShift(date: string, starts: string, ends: string, change: Partial<BoardShift> = {}): BoardShift {
  const wanted = change.wanted ?? 3;
  const here = change.places?.length ?? 0;
  return {
    shift: `${date} ${starts}`,
    branch: "branch",
    template: null,
    date: starts < DAY_STARTS ? plusDays(date, -1) : date,
    starts,
    ends,
    starts_at: momentOf(date, starts),
    ends_at: momentOf(ends <= starts ? plusDays(date, 1) : date, ends),
    channels: ["chat", "phone"],
    night: starts >= "23:00" || starts < DAY_STARTS,
    state: "published",
    least: 1,
    here,
    missing: Math.max(0, wanted - here),
    short: Math.max(0, 1 - here),
    gap: null,
    busy: null,
    places: [],
    ...change,
    wanted,
  };
}

export function boardOf(from: string, shifts: BoardShift[]): Board {
  const missing = shifts.reduce((sum, shift) => sum + shift.missing, 0);
  return { branch: "branch", branch_name: "Utrecht", from, days: 7, expectation: "frozen", rows: [], shifts, missing, gap: null };
}

export const WHO: Who = {
  shift: "any",
  can: [
    { person: "bos", name: "O. Bos", role: "listener", hours: 5, agreed: 16, reasons: ["prefers", "below-wanted"] },
    { person: "vries", name: "T. de Vries", role: "listener", hours: 16, agreed: 16, reasons: ["can", "at-wanted"] },
  ],
  cannot: [
    { person: "peters", name: "K. Peters", role: "listener", rules: [{ code: "too-little-rest", never: false }] },
    { person: "smit", name: "C. Smit", role: "listener", rules: [{ code: "overlaps", never: true }] },
  ],
};
