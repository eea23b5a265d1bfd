/** The volunteer's side of help: where a request stands, who is beside a conversation. Pure. */

import type { Beside, CoachSide, ConsoleSnapshot, ContactView, HelpView, JoinedView } from "../../shared/contract.gen.ts";

/** A text of the console, still as key. */
export interface Said {
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** Where the own request stands, in one sentence; null: there is none. */
export function helpSaid(help: HelpView | null): Said | null {
  if (help === null) return null;
  if (help.state === "open" && help.urgent) return { key: "help.open_urgent", values: {} };
  return { key: `help.${help.state}`, values: { alias: help.alias ?? "" } };
}

/** The conversation that a request is about: the one on the screen while it goes on. */
export function helpAbout(view: ContactView | null): string | null {
  return view === null || view.state === "wrapup" ? null : view.contact;
}

/** Who is beside a conversation, as its volunteer reads it. */
export function besideKey(channel: string, one: Beside): string {
  if (one.state === "asked") return "join.asked";
  if (one.mode === "read") return "join.reads";
  return channel === "chat" ? "join.chat_alone" : `join.call_${one.mode}`;
}

/** A mentor or colleague may be thanked at any time; a coach goes by themselves. */
export function mayStop(one: Beside): boolean {
  return one.state === "asked" || one.role !== "coach";
}

/** The invitation that waits for an answer; null: none, or its time is over. */
export function invitation(side: CoachSide | undefined, now: number): JoinedView | null {
  return side?.joined.find((one) => one.state === "asked" && (one.until_at ?? 0) > now) ?? null;
}

/** How long before its end a shift is about to be left. */
export const GOES_HOME_MS = 30 * 60_000;

/** Whether leaving now is going home, so that it is asked how. */
export function asksHome(snapshot: ConsoleSnapshot | null, by: "away" | "sign_out", now: number): boolean {
  if (snapshot === null) return false;
  const { presence, shift } = snapshot;
  if (presence.state === "none" || presence.state === "away") return false;
  if (by === "away" || presence.state === "after_care") return true;
  return shift === null || shift.ends_at - now <= GOES_HOME_MS;
}

/** What others changed in help and in being beside, since the snapshot before. */
export function helpNews(before: ConsoleSnapshot, after: ConsoleSnapshot, letGo: readonly string[]): Said[] {
  return [
    ...ownRequestNews(before, after, letGo),
    ...withdrawnNews(before, after, letGo),
    ...besideNews(before, after, letGo),
    ...joinedNews(before, after, letGo),
  ];
}

function ownRequestNews(before: ConsoleSnapshot, after: ConsoleSnapshot, letGo: readonly string[]): Said[] {
  const was = before.coaching.help;
  if (was?.state !== "taken" || after.coaching.help !== null || letGo.includes(was.request)) return [];
  return [{ key: "help.done", values: { alias: was.alias ?? "" } }];
}

function withdrawnNews(before: ConsoleSnapshot, after: ConsoleSnapshot, letGo: readonly string[]): Said[] {
  const now = new Set(after.coaching.requests.map((one) => one.request));
  return before.coaching.requests
    .filter((one) => one.mine && !now.has(one.request) && !letGo.includes(one.request))
    .map(({ name }) => ({ key: "coach.withdrawn", values: { name } }));
}

function besideNews(before: ConsoleSnapshot, after: ConsoleSnapshot, letGo: readonly string[]): Said[] {
  return before.contacts.flatMap((was) => {
    const is = after.contacts.find((one) => one.contact === was.contact);
    if (is === undefined || is.state === "wrapup") return [];
    const still = new Set(is.beside.map((one) => one.joining));
    return was.beside
      .filter((one) => !still.has(one.joining) && !letGo.includes(one.joining))
      // Who goes from reading to calling comes back as another one at once.
      .filter((one) => !is.beside.some((other) => other.alias === one.alias && other.role === one.role))
      .map(({ alias, state }) => ({ key: state === "asked" ? "join.no" : "join.left", values: { alias } }));
  });
}

function joinedNews(before: ConsoleSnapshot, after: ConsoleSnapshot, letGo: readonly string[]): Said[] {
  const still = new Set(after.coaching.joined.map((one) => one.contact));
  const own = new Set(after.contacts.map((one) => one.contact));
  return before.coaching.joined
    .filter((one) => one.state === "present" && !still.has(one.contact) && !own.has(one.contact))
    .filter((one) => !letGo.includes(one.joining))
    .map(({ alias }) => ({ key: "join.over", values: { alias } }));
}

/** Who took a conversation over, when it left us with a rest for us; null: it left otherwise. */
export function takenBy(was: ContactView, after: ConsoleSnapshot): string | null {
  const coach = was.beside.find((one) => one.role === "coach" && one.state === "present");
  return coach !== undefined && after.presence.state === "after_care" ? coach.alias : null;
}
