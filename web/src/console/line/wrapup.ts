/**
 * The short anonymous registration after a conversation: what may be chosen, and when it is whole.
 *
 * Pure. There is no free text in it, and only the nature is required.
 */

import type { Age, Loneliness, Nature, Referred, Topic, WrapUp } from "../../shared/contract.gen.ts";

export const NATURES: readonly Nature[] = ["talk", "silent", "hung_up", "wrong", "abuse"];
export const TOPICS: readonly Topic[] = [
  "alone",
  "mourning",
  "relation",
  "family",
  "health",
  "mind",
  "addiction",
  "money",
  "meaning",
  "violence",
  "work",
  "everyday",
];
export const LONELINESS: readonly Loneliness[] = ["social", "emotional", "existential", "none", "unknown"];
export const AGES: readonly Age[] = ["under18", "18-29", "30-49", "50-64", "65-79", "80plus", "unknown"];
export const REFERRED: readonly Referred[] = ["113", "veilig_thuis", "huisarts", "kaart", "none"];
export const HEAVINESS = [1, 2, 3, 4, 5] as const;

export const MOST_TOPICS = 3;

export type Heaviness = (typeof HEAVINESS)[number];

/** A form that is still being filled in. */
export interface Draft {
  readonly nature: Nature | null;
  readonly topics: readonly Topic[];
  readonly loneliness: Loneliness | null;
  readonly age: Age | null;
  readonly referred: readonly Referred[];
  readonly heaviness: Heaviness | null;
}

/** A new form; after an abusive end the nature is already chosen. */
export function blank(nature: Nature | null = null): Draft {
  return { nature, topics: [], loneliness: null, age: null, referred: [], heaviness: null };
}

/** Puts a topic in or out; a fourth one changes nothing. */
export function toggledTopic(draft: Draft, topic: Topic): Draft {
  if (draft.topics.includes(topic)) {
    return { ...draft, topics: draft.topics.filter((other) => other !== topic) };
  }
  if (draft.topics.length >= MOST_TOPICS) return draft;
  return { ...draft, topics: [...draft.topics, topic] };
}

/** Puts a referral in or out; "none" and the others exclude each other. */
export function toggledReferred(draft: Draft, choice: Referred): Draft {
  if (draft.referred.includes(choice)) {
    return { ...draft, referred: draft.referred.filter((other) => other !== choice) };
  }
  if (choice === "none") return { ...draft, referred: ["none"] };
  return { ...draft, referred: [...draft.referred.filter((other) => other !== "none"), choice] };
}

/** The heaviness that a key stands for; null when the key is another one. */
export function heavinessOfKey(key: string): Heaviness | null {
  return HEAVINESS.find((step) => String(step) === key) ?? null;
}

/** What is sent; null while the nature is missing. */
export function whole(draft: Draft): WrapUp | null {
  if (draft.nature === null) return null;
  return {
    nature: draft.nature,
    topics: [...draft.topics],
    loneliness: draft.loneliness,
    age: draft.age,
    referred: [...draft.referred],
    heaviness: draft.heaviness,
  };
}
