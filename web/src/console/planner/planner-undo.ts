/** What a planner did last, and what takes it back. Pure. */

import type { PutOnShift } from "../../shared/contract.gen.ts";

interface OnShift {
  readonly shift: string;
  /** its day in the roster, to show what came back */
  readonly date: string;
}

/** A place is named by shift and person: it gets a new id when it is taken back and done again. */
interface OnPlace extends OnShift {
  readonly person: string;
  readonly name: string;
}

interface Stand extends OnPlace {
  readonly role: PutOnShift["role"];
  readonly allowed: PutOnShift["allowed"];
  readonly onBehalf: boolean;
}

export type Act =
  | (Stand & { readonly kind: "put-on" | "take-off" })
  | (OnPlace & { readonly kind: "pin"; readonly pinned: boolean })
  | (OnShift & { readonly kind: "add" });

/** What takes an act back; `remove`: the shift that was added goes. */
export type Back = Exclude<Act, { kind: "add" }> | (OnShift & { readonly kind: "remove" });

const MOST = 50;

export function inverse(act: Act): Back {
  switch (act.kind) {
    case "put-on":
      return { ...act, kind: "take-off" };
    case "take-off":
      return { ...act, kind: "put-on" };
    case "pin":
      return { ...act, pinned: !act.pinned };
    case "add":
      return { ...act, kind: "remove" };
  }
}

/** The acts that can be taken back, the last one last. */
export type Acts = readonly Act[];

/** One more; the oldest are forgotten. */
export function done(acts: Acts, act: Act): Acts {
  return [...acts, act].slice(-MOST);
}

/** The acts without the last, and what takes that back; null: there is nothing. */
export function takeBack(acts: Acts): { readonly act: Act; readonly back: Back; readonly left: Acts } | null {
  const act = acts.at(-1);
  return act === undefined ? null : { act, back: inverse(act), left: acts.slice(0, -1) };
}

/** Without what can no longer be taken back: the shift is gone. */
export function without(acts: Acts, shift: string): Acts {
  return acts.filter((act) => act.shift !== shift);
}
