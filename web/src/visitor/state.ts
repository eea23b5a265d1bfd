/** What the page knows of the chat, and how each happening changes it. Pure. */
import type {
  Ended,
  Id,
  RefusalCode,
  Role,
  VisitorSnapshot,
} from "../shared/contract.gen.ts";
import { hasIt, readers } from "../shared/room.ts";

export type Screen = "start" | "room" | "refused" | "late" | "elsewhere" | "ended";

/** kept: no one to send it to yet; sending: no acknowledgement yet. */
export type Mark = "kept" | "sending" | "sent" | "refused" | "unreadable";

export interface ShownLine {
  id: Id;
  by: Role;
  text: string;
  at: number;
  mark: Mark;
  /** How many lines of this stream are missing just before this one. */
  missing: number;
}

export interface State {
  screen: Screen;
  snapshot: VisitorSnapshot | null;
  /** Whether a volunteer has been in this conversation. */
  talked: boolean;
  link: "connecting" | "up" | "down";
  database: "up" | "away";
  keys: "none" | "making" | "ready" | "untrusted";
  /** The volunteer could read already: that somebody else comes or goes does not undo it. */
  secured: boolean;
  /** Another volunteer took the conversation over, and nothing broke off. */
  handed: boolean;
  /** Somebody read along at some time of this conversation. */
  read: boolean;
  lines: readonly ShownLine[];
  refusal: RefusalCode | null;
  ended: Ended | null;
  opinion: "none" | "asked" | "given";
  ticket: string | null;
  /** Somebody came in: nothing of the conversation is on the screen. */
  hidden: boolean;
}

export type Happening =
  | { is: "begun" }
  | { is: "refused"; code: RefusalCode }
  | { is: "snapshot"; snapshot: VisitorSnapshot }
  | { is: "link"; link: State["link"] }
  | { is: "database"; database: State["database"] }
  | { is: "keys"; keys: State["keys"] }
  | { is: "typed"; id: Id; text: string; at: number }
  | { is: "marked"; id: Id; mark: Mark }
  | { is: "line"; line: ShownLine }
  | { is: "late"; ticket: string | null }
  | { is: "replaced" }
  | { is: "ended"; ended: Ended }
  | { is: "opinion" }
  | { is: "wiped" }
  | { is: "hidden"; hidden: boolean };

export const START: State = {
  screen: "start",
  snapshot: null,
  talked: false,
  link: "connecting",
  database: "up",
  keys: "none",
  secured: false,
  handed: false,
  read: false,
  lines: [],
  refusal: null,
  ended: null,
  opinion: "none",
  ticket: null,
  hidden: false,
};

/** Whether there is somebody to send a line to. */
export const heard = ({ secured, snapshot }: State): boolean =>
  secured && (snapshot?.members.list.some(hasIt) ?? false);

/** A hand-over is the next epoch at once; between a loss and a new volunteer lies one more. */
function wasHanded(before: VisitorSnapshot | null, now: VisitorSnapshot): boolean {
  const one = before?.members.list.find(hasIt);
  const other = now.members.list.find(hasIt);
  return one !== undefined && other !== undefined && other.epoch === one.epoch + 1;
}

function onSnapshot(state: State, snapshot: VisitorSnapshot): State {
  if (state.snapshot && snapshot.version < state.snapshot.version) return state;
  const waiting = snapshot.state === "queued" || snapshot.state === "offered";
  const talked = state.talked || !waiting || snapshot.seq > 0;
  const ticket = snapshot.ticket || state.ticket;
  const secured = state.secured && !waiting;
  const handed = !waiting && (state.handed || wasHanded(state.snapshot, snapshot));
  const read = state.read || readers(snapshot.members).length > 0;
  return { ...state, screen: "room", snapshot, talked, ticket, secured, handed, read };
}

/** An own line that comes back from the server is the line that is shown already. */
function onLine(state: State, line: ShownLine): State {
  const shown = state.lines.find((one) => one.id === line.id);
  if (!shown) return { ...state, lines: [...state.lines, line] };
  return marked(state, line.id, "sent");
}

const marked = (state: State, id: Id, mark: Mark): State => ({
  ...state,
  lines: state.lines.map((one) => (one.id === id && one.mark !== "sent" ? { ...one, mark } : one)),
});

export function next(state: State, happening: Happening): State {
  switch (happening.is) {
    case "begun":
      return { ...START, screen: "room", ticket: state.ticket };
    case "refused":
      return { ...START, screen: "refused", refusal: happening.code };
    case "snapshot":
      return onSnapshot(state, happening.snapshot);
    case "link":
      return { ...state, link: happening.link };
    case "database":
      return { ...state, database: happening.database };
    case "keys": {
      const { keys } = happening;
      const secured = keys === "ready" || (state.secured && keys !== "untrusted");
      return { ...state, keys, secured };
    }
    case "typed": {
      const { id, text, at } = happening;
      const mark = heard(state) ? "sending" : "kept";
      const line: ShownLine = { id, by: "visitor", text, at, mark, missing: 0 };
      return { ...state, lines: [...state.lines, line] };
    }
    case "marked":
      return marked(state, happening.id, happening.mark);
    case "line":
      return onLine(state, happening.line);
    case "late":
      return { ...START, screen: "late", ticket: happening.ticket };
    case "replaced":
      return { ...state, screen: "elsewhere", link: "down" };
    case "ended": {
      // Who stopped it has been told that it cannot be read any more; others may read on.
      const lines = happening.ended.reason === "ended_by_caller" ? [] : state.lines;
      const opinion = happening.ended.opinion && state.talked ? "asked" : "none";
      return { ...START, screen: "ended", ended: happening.ended, lines, opinion };
    }
    case "opinion":
      return { ...state, opinion: "given" };
    case "wiped":
      return { ...state, lines: [] };
    case "hidden":
      return { ...state, hidden: happening.hidden };
    default:
      return assertNever(happening);
  }
}

function assertNever(value: never): never {
  throw new Error(`a happening nobody handles: ${JSON.stringify(value)}`);
}

/** The sentence that says where the conversation stands: its name, and the place in the queue. */
export function statusOf(state: State): { name: string; position: number | null } {
  const { snapshot, link, database, keys } = state;
  const just = (name: string) => ({ name, position: null });
  if (link === "down") return just("link_down");
  if (database === "away") return just("database");
  if (!snapshot) return just("one_moment");
  if (snapshot.state === "queued")
    return { name: state.talked ? "again" : "position", position: snapshot.position };
  if (snapshot.state === "offered") return just("offered");
  if (keys === "untrusted") return just("untrusted");
  if (snapshot.state === "volunteer_away") return just("away");
  if (snapshot.state === "caller_away") return just("coming_back");
  if (!state.secured) return just("keys");
  if (snapshot.frozen) return just("frozen");
  return just(state.handed ? "talking_other" : "talking");
}

/** The names of the sentences that say who reads along; none while nobody ever did. */
export function readingWords({ snapshot, read }: State): string[] {
  const here = new Set(snapshot ? readers(snapshot.members).map(({ role }) => role) : []);
  const names = (["coach", "mentor", "colleague"] as const).filter((role) => here.has(role));
  if (names.length === 0) return read ? ["reads_nobody"] : [];
  return names.map((role) => `reads_${role}`);
}

/** What somebody who waits should know beside the place; null when the line just goes on. */
export function lineWord({ snapshot }: State): string | null {
  if (snapshot?.state !== "queued" || snapshot.line === "open") return null;
  return snapshot.line === "closed" ? "wait_closing" : "wait_nobody";
}

const REFUSALS: Partial<Record<RefusalCode, string>> = {
  "line-full": "line_full",
  "line-closed": "line_closed_now",
  "too-fast": "too_fast",
  "ticket-gone": "ticket_gone",
};

/** The name of the sentence on a screen where no conversation goes on. */
export function stoppedWord(state: State): string {
  switch (state.screen) {
    case "late":
      return state.ticket ? "late" : "late_no_ticket";
    case "elsewhere":
      return "elsewhere";
    case "ended":
      return state.ended?.reason === "line_closed"
        ? "line_closed_end"
        : (state.ended?.reason ?? "no_luck");
    default:
      return (state.refusal && REFUSALS[state.refusal]) || "no_luck";
  }
}
