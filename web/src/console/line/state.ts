/**
 * What the console shows, as a pure reducer: a happening and a state give the next state.
 *
 * The snapshot of the server is the truth about conversations; hints only make the shell ask for
 * it again. Words of a conversation live in `rooms`, in memory, and nowhere else.
 */

import type { ConsoleSnapshot, ContactView, JoinedView } from "../../shared/contract.gen.ts";
import { helpNews, takenBy } from "../coaching/help.ts";

/** Where the connection stands. */
export type Link = "connecting" | "up" | "down" | "moved" | "replaced";

export type LineState =
  /** stored by the server, readable */
  | "there"
  /** ours, not acknowledged yet */
  | "sending"
  /** ours, cannot be sealed until the key is there */
  | "waiting_key"
  /** ours, refused; the person decides whether it is sent again */
  | "refused"
  /** stored, but its secret is not here yet */
  | "key_follows"
  /** stored, and it does not open with the secret we have */
  | "unreadable";

export interface ShownLine {
  readonly client_id: string;
  /** order of the server; null until it is acknowledged */
  readonly seq: number | null;
  readonly by: "visitor" | "volunteer";
  readonly state: LineState;
  /** null while it cannot be read */
  readonly text: string | null;
  readonly at: number | null;
  /** code of the refusal, for "refused" only */
  readonly why: string | null;
  /** a line of the same stream is missing before this one */
  readonly gap_before: boolean;
  /** written on this screen since it was loaded */
  readonly is_ours: boolean;
}

export interface Room {
  readonly lines: readonly ShownLine[];
  /** seq up to which the volunteer has seen the lines */
  readonly read_seq: number;
  /** the secret of the period in force is here */
  readonly has_key: boolean;
  /** text in the composer, kept while another conversation is open */
  readonly draft: string;
  /** the fixed warning sentence was sent */
  readonly warned: boolean;
  /** why we ended it ourselves; null when we did not */
  readonly ended_as: "ended" | "abuse" | null;
}

/** Something the volunteer should know; it stays until it is closed. */
export interface Notice {
  readonly id: number;
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
}

export interface State {
  readonly link: Link;
  readonly snapshot: ConsoleSnapshot | null;
  /** server clock minus ours, ms */
  readonly clock_ahead_ms: number;
  readonly rooms: Readonly<Record<string, Room>>;
  readonly open: string | null;
  /** conversations, joinings and requests that we ourselves let go: no notice when they are gone */
  readonly let_go: readonly string[];
  readonly notices: readonly Notice[];
  readonly next_notice: number;
}

export type Happening =
  | { readonly kind: "link"; readonly link: Link }
  | { readonly kind: "snapshot"; readonly snapshot: ConsoleSnapshot; readonly received_at: number }
  | { readonly kind: "line"; readonly contact: string; readonly line: ShownLine }
  | {
      readonly kind: "line_is";
      readonly contact: string;
      readonly client_id: string;
      readonly change: Partial<Omit<ShownLine, "client_id" | "by">>;
    }
  | { readonly kind: "key"; readonly contact: string; readonly has_key: boolean }
  | { readonly kind: "draft"; readonly contact: string; readonly text: string }
  | { readonly kind: "warned"; readonly contact: string }
  | { readonly kind: "ended_by_us"; readonly contact: string; readonly reason: "ended" | "abuse" }
  | { readonly kind: "open"; readonly contact: string | null }
  | { readonly kind: "seen"; readonly contact: string }
  | { readonly kind: "let_go"; readonly contact: string }
  | { readonly kind: "notice"; readonly key: string; readonly values?: Notice["values"] }
  | { readonly kind: "notice_closed"; readonly id: number };

export const EMPTY_ROOM: Room = { lines: [], read_seq: 0, has_key: false, draft: "", warned: false, ended_as: null };

export const START: State = {
  link: "connecting",
  snapshot: null,
  clock_ahead_ms: 0,
  rooms: {},
  open: null,
  let_go: [],
  notices: [],
  next_notice: 1,
};

function assertNever(value: never): never {
  throw new Error(`unknown happening: ${JSON.stringify(value)}`);
}

function withRoom(state: State, contact: string, change: (room: Room) => Room): State {
  const room = state.rooms[contact];
  if (room === undefined) return state;
  const changed = change(room);
  return changed === room ? state : { ...state, rooms: { ...state.rooms, [contact]: changed } };
}

function withNotice(state: State, key: string, values: Notice["values"]): State {
  const same = state.notices.some(
    (notice) => notice.key === key && JSON.stringify(notice.values) === JSON.stringify(values),
  );
  if (same) return state;
  const notice = { id: state.next_notice, key, values };
  return { ...state, notices: [...state.notices, notice], next_notice: state.next_notice + 1 };
}

function nextOpen(open: string | null, contacts: readonly ContactView[]): string | null {
  if (contacts.some((one) => one.contact === open)) return open;
  return contacts[0]?.contact ?? null;
}

/** Words go when we end a conversation; when the visitor ended it, the last ones may still be read. */
function roomOf(view: ContactView, room: Room = EMPTY_ROOM): Room {
  const isOver = view.state === "wrapup" && room.ended_as !== null;
  return isOver ? { ...room, lines: [], draft: "" } : room;
}

function onSnapshot(state: State, snapshot: ConsoleSnapshot, receivedAt: number): State {
  const before = state.snapshot;
  // The server's moment orders them: `version` starts again with each check-in.
  const isOlder = before !== null && snapshot.now_at < before.now_at;
  if (isOlder) return state;
  const rooms: Record<string, Room> = {};
  for (const view of snapshot.contacts) rooms[view.contact] = roomOf(view, state.rooms[view.contact]);
  for (const { contact } of readAlong(snapshot)) rooms[contact] ??= state.rooms[contact] ?? EMPTY_ROOM;
  let next: State = {
    ...state,
    snapshot,
    clock_ahead_ms: snapshot.now_at - receivedAt,
    rooms,
    open: nextOpen(state.open, snapshot.contacts),
    let_go: state.let_go.filter((what) => what in rooms || isKnown(snapshot, what)),
  };
  for (const was of before?.contacts ?? []) {
    if (state.let_go.includes(was.contact)) continue;
    const is = snapshot.contacts.find((view) => view.contact === was.contact);
    const coach = is === undefined ? takenBy(was, snapshot) : null;
    if (coach !== null) {
      next = withNotice(next, "join.took", { alias: coach });
      continue;
    }
    const key = changeKey(was, is);
    const values = { number: was.number, ...(was.handing === null ? {} : { alias: was.handing.alias }) };
    if (key !== null) next = withNotice(next, key, values);
  }
  if (before !== null) {
    for (const { key, values } of helpNews(before, snapshot, state.let_go)) next = withNotice(next, key, values);
  }
  return { ...next, notices: next.notices.filter((notice) => !isOutdated(notice, next)) };
}

/** "Is niet meer bij je gesprek" says nothing any more once they are, took it over, or are done. */
function isOutdated(notice: Notice, { snapshot, notices }: State): boolean {
  if (notice.key !== "join.left") return false;
  const alias = notice.values["alias"];
  const isBack = (snapshot?.contacts ?? []).some((view) => view.beside.some((one) => one.alias === alias));
  return isBack || notices.some((one) => (one.key === "help.done" || one.key === "join.took") && one.values["alias"] === alias);
}

/** A joining or a request that the snapshot still has. */
function isKnown({ coaching, contacts }: ConsoleSnapshot, what: string): boolean {
  return (
    coaching.help?.request === what ||
    coaching.requests.some((one) => one.request === what) ||
    coaching.joined.some((one) => one.joining === what) ||
    contacts.some((view) => view.beside.some((one) => one.joining === what))
  );
}

const CHAT_CHANGES = { gone: "calls.gone", handed: "calls.handed", stays: "calls.stays" } as const;
const CALL_CHANGES = { gone: "phone.gone", handed: "phone.handed", stays: "phone.stays" } as const;

/** What happened to a conversation that the volunteer did not do; null: nothing to say. */
function changeKey(was: ContactView, is: ContactView | undefined): string | null {
  const keys = was.channel === "phone" ? CALL_CHANGES : CHAT_CHANGES;
  if (is === undefined) return was.handing === null ? keys.gone : keys.handed;
  const isOver = is.state === "wrapup";
  return was.handing !== null && is.handing === null && !isOver ? keys.stays : null;
}

/** The chats that one reads along with now. */
export function readAlong(snapshot: ConsoleSnapshot): JoinedView[] {
  return snapshot.coaching.joined.filter(({ state, mode }) => state === "present" && mode === "read");
}

/** Adds a line at its place: who takes over what they read along with gets the earlier lines last. */
function added(lines: readonly ShownLine[], line: ShownLine): ShownLine[] {
  const { seq } = line;
  const at = seq === null ? -1 : lines.findIndex((other) => other.seq !== null && other.seq > seq);
  return at < 0 ? [...lines, line] : lines.toSpliced(at, 0, line);
}

function withLine(room: Room, line: ShownLine): Room {
  const at = room.lines.findIndex((other) => other.client_id === line.client_id);
  if (at < 0) return { ...room, lines: added(room.lines, line) };
  // Our own line comes back by hint or resume: it is acknowledged, its words stay as typed.
  const known = room.lines[at] as ShownLine;
  const settled: ShownLine = {
    ...line,
    text: line.text ?? known.text,
    at: line.at ?? known.at,
    state: (line.text ?? known.text) === null ? line.state : "there",
    gap_before: line.gap_before || known.gap_before,
    is_ours: line.is_ours || known.is_ours,
  };
  return { ...room, lines: room.lines.map((other, index) => (index === at ? settled : other)) };
}

function lastSeq(room: Room): number {
  return room.lines.reduce((most, line) => Math.max(most, line.seq ?? 0), 0);
}

/** The next state; unknown rooms change nothing. */
export function reduce(state: State, happening: Happening): State {
  switch (happening.kind) {
    case "link":
      // Opened elsewhere: nothing of a conversation stays on this screen.
      if (happening.link === "replaced") return { ...START, link: "replaced" };
      return { ...state, link: happening.link };
    case "snapshot":
      return onSnapshot(state, happening.snapshot, happening.received_at);
    case "line":
      return withRoom(state, happening.contact, (room) => withLine(room, happening.line));
    case "line_is":
      return withRoom(state, happening.contact, (room) => ({
        ...room,
        lines: room.lines.map((line) =>
          line.client_id === happening.client_id ? { ...line, ...happening.change } : line,
        ),
      }));
    case "key":
      return withRoom(state, happening.contact, (room) => ({ ...room, has_key: happening.has_key }));
    case "draft":
      return withRoom(state, happening.contact, (room) => ({ ...room, draft: happening.text }));
    case "warned":
      return withRoom(state, happening.contact, (room) => ({ ...room, warned: true }));
    case "ended_by_us":
      return withRoom(state, happening.contact, (room) => ({ ...room, ended_as: happening.reason }));
    case "open":
      return { ...state, open: happening.contact };
    case "seen":
      return withRoom(state, happening.contact, (room) =>
        room.read_seq >= lastSeq(room) ? room : { ...room, read_seq: lastSeq(room) },
      );
    case "let_go":
      return { ...state, let_go: [...state.let_go, happening.contact] };
    case "notice":
      return withNotice(state, happening.key, happening.values ?? {});
    case "notice_closed":
      return { ...state, notices: state.notices.filter((notice) => notice.id !== happening.id) };
    default:
      return assertNever(happening);
  }
}

/** Lines of the visitor that the volunteer has neither seen nor answered. */
export function unread(room: Room): number {
  const answered = room.lines.reduce(
    (most, line) => (line.by === "volunteer" ? Math.max(most, line.seq ?? 0) : most),
    0,
  );
  const from = Math.max(room.read_seq, answered);
  return room.lines.filter((line) => line.by === "visitor" && (line.seq ?? 0) > from).length;
}

/** The conversation on the screen. */
export function openContact(state: State): ContactView | null {
  return state.snapshot?.contacts.find((one) => one.contact === state.open) ?? null;
}

/** The next conversation with unread lines or a wrap-up, going round from the open one. */
export function nextUnread(state: State): string | null {
  const contacts = state.snapshot?.contacts ?? [];
  const here = contacts.findIndex((one) => one.contact === state.open);
  const around = [...contacts.slice(here + 1), ...contacts.slice(0, here + 1)];
  const found = around.find((one) => unread(state.rooms[one.contact] ?? EMPTY_ROOM) > 0);
  return found?.contact ?? null;
}

/** The text key for how a conversation stands, chat or call. */
export function standingKey(view: ContactView): string {
  if (view.channel === "phone" && view.state !== "wrapup") return `phone.state_${view.call?.state ?? "connecting"}`;
  return `calls.state_${standing(view)}`;
}

/** How a chat stands, as the last part of a text key (`calls.state_…`). */
export function standing(view: ContactView): string {
  if (view.state === "wrapup") return "wrapup";
  if (view.frozen) return "frozen";
  if (view.state === "caller_away") return "caller_away";
  if (view.state === "volunteer_away") return "volunteer_away";
  return view.visitor_up ? "active" : "visitor_down";
}
