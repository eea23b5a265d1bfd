/** The chat, loaded after the first screen: joins state, view, conversation and connection. */
import { fits } from "../shared/lines.ts";
import type {
  BeginChat,
  ChatBegun,
  Ended,
  Language,
  Opinion,
  Problem,
  RefusalCode,
} from "../shared/contract.gen.ts";
import { Conversation } from "./conversation.ts";
import { Keep, type Shelf } from "./keep.ts";
import { SocketWire } from "./line.ts";
import { Awake, Tone } from "./presence.ts";
import { type Happening, next, START, type State } from "./state.ts";
import { Tabs } from "./tabs.ts";
import { element, View } from "./view.ts";
import type { Say } from "./words.ts";

/** What the first screen hands over. */
export interface Door {
  say: Say;
  language: Language;
  /** The bearer of the conversation, so that a quick exit can tell the server; null without one. */
  token: string | null;
  /** Set by a quick exit: nothing may ask or wait any more. */
  leaving: boolean;
}

async function post<T>(path: string, body: BeginChat | Opinion): Promise<T | RefusalCode> {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
    });
    if (answer.status === 204) return {} as T;
    const said = (await answer.json()) as T | Problem;
    return answer.ok ? (said as T) : (said as Problem).code;
  } catch {
    return "try-again";
  }
}

class Chat {
  readonly #door: Door;
  readonly #view: View;
  readonly #tone = new Tone();
  readonly #awake = new Awake();
  #state: State = START;
  #keep: Keep;
  #begun: ChatBegun | null = null;
  #talk: Conversation | null = null;
  #wire: SocketWire | null = null;
  #tabs: Tabs | null = null;
  #ended: Ended | null = null;

  constructor(door: Door, shelf: Shelf | null) {
    this.#door = door;
    this.#keep = new Keep(shelf);
    this.#view = new View(door.say);
    this.#listen();
  }

  async begin(ticket: string | null): Promise<void> {
    this.#tell({ is: "begun" });
    const { language } = this.#door;
    const begun = await post<ChatBegun>("/chat", { language, ticket });
    if (typeof begun === "string") {
      this.#drop();
      this.#tell({ is: "refused", code: begun });
      return;
    }
    this.#keep.begin(begun);
    this.#connect(begun, false);
  }

  /** Gives whether there was a conversation to go on with. */
  restore(): boolean {
    const begun = this.#keep.restore();
    if (!begun) return false;
    this.#tell({ is: "begun" });
    // What was said already is history: it is shown, not announced.
    element("log").setAttribute("aria-live", "off");
    this.#connect(begun, true);
    return true;
  }

  #connect(begun: ChatBegun, restored: boolean): void {
    this.#begun = begun;
    this.#door.token = begun.token;
    const talk = new Conversation(
      begun,
      this.#keep,
      {
        tell: (happening) => this.#tell(happening),
        now: () => Date.now(),
        later: (ms, what) => void setTimeout(what, ms),
        askTabs: () => this.#tabs?.ask() ?? Promise.resolve([]),
      },
      restored,
    );
    this.#tabs?.close();
    this.#tabs = new Tabs(begun.contact, () => talk.room.secrets());
    this.#talk = talk;
    this.#wire = new SocketWire(begun.token, talk);
    talk.over(this.#wire);
  }

  /** Goes on here with what this tab still knows, after another tab had the room. */
  #takeHere(): void {
    const begun = this.#begun;
    const talk = this.#talk;
    if (!begun || !talk) return;
    this.#tell({ is: "link", link: "connecting" });
    this.#wire = new SocketWire(begun.token, talk);
    talk.over(this.#wire);
  }

  #drop(): void {
    this.#door.token = null;
    this.#tabs?.close();
    this.#tabs = null;
    this.#wire = null;
    this.#talk = null;
    this.#awake.release();
  }

  #tell(happening: Happening): void {
    if (this.#door.leaving) return; // There is no page any more to show it on.
    const before = this.#state;
    this.#state = next(before, happening);
    if (happening.is === "ended") this.#ended = happening.ended;
    if (happening.is === "ended" || happening.is === "late") this.#drop();
    this.#view.show(this.#state);
    this.#notice(before, this.#state);
  }

  /** What the person should notice beyond the words: a tone, and a screen that stays on. */
  #notice(before: State, now: State): void {
    if (before.snapshot?.state !== "active" && now.snapshot?.state === "active") {
      this.#tone.play();
      if (before.talked || before.snapshot)
        setTimeout(() => element("log").removeAttribute("aria-live"), 0);
    }
    if (now.snapshot && !before.snapshot)
      setTimeout(() => element("log").removeAttribute("aria-live"), 1_000);
    if (now.screen === "room")
      void this.#awake.hold().then((held) => {
        element("awake").hidden = !held;
      });
    else this.#awake.release();
  }

  #send(): void {
    const field = element<HTMLTextAreaElement>("message");
    const text = field.value.trim();
    const long = !fits(text);
    element("message-fault").textContent = long ? (this.#door.say["too_long"] ?? "") : "";
    if (!text || long || !this.#talk) return;
    field.value = "";
    this.#talk.say(text);
    field.focus();
  }

  async #stop(): Promise<void> {
    const talk = this.#talk;
    element("sure").hidden = true;
    if (!talk) return;
    if (await talk.end()) return; // `ended` follows.
    // No connection: leave by the other door, so that nobody stays waiting for this person.
    navigator.sendBeacon("/chat/leave", JSON.stringify({ token: this.#door.token }));
    talk.ended({ reason: "ended_by_caller", opinion: null });
  }

  async #opinion(answer: Opinion["answer"]): Promise<void> {
    const ticket = this.#ended?.opinion;
    this.#tell({ is: "opinion" });
    element("thanks").focus();
    if (ticket) await post("/chat/opinion", { ticket, answer });
  }

  #hide(hidden: boolean): void {
    this.#tell({ is: "hidden", hidden });
    element(hidden ? "back" : "message").focus();
    if (hidden) void this.#talk?.freeze();
  }

  #listen(): void {
    const press = (id: string, what: () => void) => element(id).addEventListener("click", what);
    const ask = (asked: boolean) => {
      element("sure").hidden = !asked;
      element(asked ? "stop-no" : "stop").focus();
    };
    press("stop", () => ask(true));
    press("stop-no", () => ask(false));
    press("stop-yes", () => void this.#stop());
    press("somebody", () => this.#hide(true));
    press("back", () => this.#hide(false));
    press("again", () => void this.begin(null));
    press("again-place", () => void this.begin(this.#state.ticket));
    press("take-here", () => this.#takeHere());
    press("wipe", () => this.#tell({ is: "wiped" }));
    for (const one of element("opinion").querySelectorAll<HTMLElement>("[data-answer]"))
      one.addEventListener("click", () => {
        void this.#opinion(one.dataset["answer"] as Opinion["answer"]);
      });
    const sound = element<HTMLInputElement>("sound");
    sound.addEventListener("change", () => this.#tone.allow(sound.checked));
    element("write").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    element("message").addEventListener("keydown", (event) => {
      // isComposing: Enter then chooses a word, on keyboards for other scripts.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return;
      this.#wire?.wake();
      if (this.#state.screen === "room") void this.#awake.hold();
    });
    window.addEventListener("online", () => this.#wire?.wake());
    this.#guardMemory();
  }

  /** Nothing is kept on a shared device, so a reload would end the chat: the browser asks first. */
  #guardMemory(): void {
    const on = () =>
      this.#keep.memoryOnly && this.#state.screen === "room" && !this.#door.leaving;
    window.addEventListener("beforeunload", (event) => {
      if (on()) event.preventDefault();
    });
    window.addEventListener("pagehide", (event) => {
      if (on() && !event.persisted)
        navigator.sendBeacon("/chat/leave", JSON.stringify({ token: this.#door.token }));
    });
  }
}

/** Starts a chat that nobody had yet. With `memoryOnly` nothing outlives this page. */
export function begin(door: Door, memoryOnly: boolean): Promise<void> {
  return new Chat(door, memoryOnly ? null : shelf(door)).begin(null);
}

/** Goes on with the conversation this tab had; gives whether there was one. */
export const restore = (door: Door): boolean => new Chat(door, shelf(door)).restore();

/** This tab's store; once it is left nothing is written to it, not even what was under way. */
function shelf(door: Door): Shelf | null {
  try {
    const kept = window.sessionStorage;
    return {
      getItem: (name) => kept.getItem(name),
      setItem: (name, value) => {
        if (!door.leaving) kept.setItem(name, value);
      },
      removeItem: (name) => kept.removeItem(name),
    };
  } catch {
    return null; // The browser forbids it: memory only.
  }
}
