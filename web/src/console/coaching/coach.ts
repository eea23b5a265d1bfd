/** The coach's side of help: the one list, what may be done, and what is beside. Pure. */

import type { CoachSide, ConsoleSnapshot, JoinedView, JoinMode, RequestView } from "../../shared/contract.gen.ts";

/** Something that one is busy with beside the own conversations. */
export interface Aside {
  readonly key: string;
  /** a request that one took; null: reading along by invitation */
  readonly request: RequestView | null;
  /** the conversation that one is with; null: not yet, or no more */
  readonly joined: JoinedView | null;
}

const NOTHING: readonly never[] = [];

/** The one list: urgent first, then who asked first; what somebody else has in hand comes last. */
export function inOrder(requests: readonly RequestView[]): RequestView[] {
  const rank = (one: RequestView): number => (one.state === "taken" && !one.mine ? 2 : one.urgent ? 0 : 1);
  return [...requests].sort((one, other) => rank(one) - rank(other) || one.asked_at - other.asked_at);
}

/** Requests that nobody has taken. */
export function waiting(side: CoachSide | undefined): RequestView[] {
  return inOrder(side?.requests ?? NOTHING).filter((one) => one.state !== "taken");
}

/** The text key for how a request stands. */
export function standsKey(one: RequestView): string {
  return `coach.state_${one.mine ? "mine" : one.state}`;
}

/** Whether a request came, or became urgent, since the snapshot before. */
export function isNews(before: CoachSide | undefined, after: CoachSide): boolean {
  const was = new Map((before?.requests ?? NOTHING).map((one) => [one.request, one]));
  return waiting(after).some((one) => {
    const known = was.get(one.request);
    return known === undefined || (one.urgent && !known.urgent) || known.state === "taken";
  });
}

/** Whether a request is heard again and again: it is urgent, and who is here helps nobody yet. */
export function ringsOn(side: CoachSide): boolean {
  return side.on_duty && waiting(side).some((one) => one.urgent) && !side.requests.some((one) => one.mine);
}

/** What one is busy with: requests in the order of the list, then what is read by invitation. */
export function asides(side: CoachSide | undefined): Aside[] {
  if (side === undefined) return [];
  const present = side.joined.filter((one) => one.state === "present");
  const mine = inOrder(side.requests).filter((one) => one.mine);
  const about = new Set(mine.map((one) => one.contact));
  return [
    ...mine.map((request) => ({
      key: request.request,
      request,
      joined: present.find((one) => one.contact === request.contact) ?? null,
    })),
    ...present.filter((one) => !about.has(one.contact)).map((joined) => ({ key: joined.joining, request: null, joined })),
  ];
}

const IN_CALL = ["alone", "listen", "whisper", "join"] as const;
const IN_CHAT = ["read", "alone"] as const;
const OUTSIDE = ["alone"] as const;

/** The ways to help with a request; without a conversation the two can only speak alone. */
export function modes({ contact, channel }: Pick<RequestView, "contact" | "channel">): readonly JoinMode[] {
  if (contact === null) return OUTSIDE;
  return channel === "phone" ? IN_CALL : IN_CHAT;
}

/** How to come from where one is to another way of taking part. */
export function wayTo(aside: Aside, mode: JoinMode): "none" | "join" | "change" | "rejoin" {
  if (aside.joined === null) return "join";
  if (aside.joined.mode === mode) return "none";
  // Reading and calling are two things: a chat is left, and joined anew.
  return aside.joined.channel === "chat" ? "rejoin" : "change";
}

/** Whether the conversation of a request is now one's own. */
export function isTaken(aside: Aside, snapshot: ConsoleSnapshot | null): boolean {
  const contact = aside.request?.contact ?? null;
  return contact !== null && (snapshot?.contacts.some((one) => one.contact === contact) ?? false);
}

/** A telephone is part of this way of taking part. */
export function isSpoken(mode: JoinMode): boolean {
  return mode !== "read";
}

/** Whether this console's telephone is needed beside what the presence says: to help, or to be helped. */
export function needsPhone({ coaching, contacts }: ConsoleSnapshot): boolean {
  const helps = coaching.requests.some((one) => one.mine) || coaching.help?.state === "taken";
  const speaks = [...coaching.joined, ...contacts.flatMap((view) => view.beside)].some(
    (one) => one.state === "present" && isSpoken(one.mode),
  );
  return helps || speaks;
}

/** Whether what rings here, or talks, is the coach: no call of one's own, and no offer of one. */
export function isCoachsCall({ contacts, offer }: ConsoleSnapshot): boolean {
  return offer?.channel !== "phone" && !contacts.some((view) => view.channel === "phone" && view.state !== "wrapup");
}
