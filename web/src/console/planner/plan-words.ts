/** What a plan of the engine changes, in words: who gets more, who gets less, who moves. */

import type { PlanPerson } from "../../shared/contract.gen.ts";
import { shiftWords } from "./planner-words.ts";
import type { Tongue } from "../times.ts";
import { t } from "../words.svelte.ts";

/** How many shifts somebody has more. */
export function net(person: PlanPerson): number {
  return person.added.length - person.removed.length;
}

/** Who gets most more first; who only moves after who gets less. */
export function byChange(people: readonly PlanPerson[]): PlanPerson[] {
  const weight = (one: PlanPerson): number => (net(one) === 0 ? Number.NEGATIVE_INFINITY : net(one));
  return [...people].sort((one, other) => {
    const [before, after] = [weight(one), weight(other)];
    return before === after ? one.name.localeCompare(other.name, "nl") : after - before;
  });
}

/** "Vera krijgt 2 diensten meer". */
export function changeWords(person: PlanPerson): string {
  const more = net(person);
  const n = Math.abs(more);
  if (more === 0) return t("planner.diff_moved", { name: person.name });
  if (n === 1) return t(more > 0 ? "planner.diff_more_one" : "planner.diff_less_one", { name: person.name });
  return t(more > 0 ? "planner.diff_more" : "planner.diff_less", { name: person.name, n });
}

/** Each shift that comes, goes or moves. */
export function detailWords(person: PlanPerson, tongue: Tongue): string[] {
  return [
    ...person.added.map((one) => t("planner.diff_added", { shift: shiftWords(one, tongue) })),
    ...person.removed.map((one) => t("planner.diff_removed", { shift: shiftWords(one, tongue) })),
    ...person.moved.map((one) => t("planner.diff_from_to", { old: shiftWords(one.old, tongue), new: shiftWords(one.new, tongue) })),
  ];
}
