/** How somebody is put on a shift. */

import type { PutOnShift } from "../../shared/contract.gen.ts";

export type Allowed = NonNullable<PutOnShift["allowed"]>;

/** Why a rule of a person is set aside, with their yes. */
export const ALLOWED: readonly Allowed[] = ["own-wish", "nobody-else", "short-notice"];

export interface How {
  readonly reserve: boolean;
  readonly onBehalf: boolean;
  readonly allowed: Allowed | null;
}

/** As a listener, by nobody's request, within the rules. */
export const PLAINLY: How = { reserve: false, onBehalf: false, allowed: null };
