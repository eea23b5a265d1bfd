/** Shows the state in the page the server made: text only, and lines are only ever added. */
import { clock, fill, position, type Say, waiting } from "./words.ts";
import {
  lineWord,
  type Mark,
  readingWords,
  type ShownLine,
  type State,
  statusOf,
  stoppedWord,
} from "./state.ts";

export const element = <E extends HTMLElement = HTMLElement>(id: string): E => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as E;
};

/** Sets a text only when it changed: a screen reader says a changed status again. */
function write(id: string, text: string): void {
  const target = element(id);
  if (target.textContent !== text) target.textContent = text;
}

const show = (id: string, shown: boolean): void => {
  element(id).hidden = !shown;
};

/** How near the end of the log counts as reading along, in pixels. */
const NEAR_PX = 80;

export class View {
  readonly #say: Say;
  readonly #items = new Map<string, { item: HTMLLIElement; mark: Mark }>();
  #heading = "";

  constructor(say: Say) {
    this.#say = say;
    const log = element("log");
    log.addEventListener("scroll", () => show("newest", !this.#atEnd()));
    element("newest").addEventListener("click", () => this.#toEnd());
  }

  show(state: State): void {
    const { screen, ended, hidden } = state;
    const stopped = screen !== "start" && screen !== "room";
    const readable = screen === "ended" && state.lines.length > 0;
    document.body.dataset["screen"] = screen;
    show("start", screen === "start");
    show("emergency", screen !== "room");
    show("foot", screen !== "room");
    show("room", screen === "room" || readable);
    show("write", screen === "room");
    show("news", screen === "room" && !hidden);
    show("wait", screen === "room" && !hidden && this.#waits(state));
    show("talk", !hidden);
    show("away", hidden);
    show("stopped", stopped);
    this.#lines(state.lines);
    if (screen === "room") this.#room(state);
    if (stopped) this.#stopped(state, ended !== null);
    this.#head(state);
  }

  #waits(state: State): boolean {
    const { snapshot } = state;
    return !state.talked && (!snapshot || snapshot.state === "queued");
  }

  #room(state: State): void {
    const { name, position: place } = statusOf(state);
    const said = place === null ? "" : position(place, this.#say);
    const text = name === "position" ? said : fill(this.#say[name], { position: said });
    write("status", text || (this.#say["one_moment"] ?? ""));
    write("reading", readingWords(state).map((word) => this.#say[word] ?? "").join(" "));
    const word = lineWord(state);
    const usual = state.snapshot ? waiting(state.snapshot.wait, this.#say) : "";
    write("wait-time", word ? (this.#say[word] ?? "") : usual);
  }

  #stopped(state: State, ended: boolean): void {
    write("stopped-text", this.#say[stoppedWord(state)] ?? "");
    show("opinion", state.opinion === "asked");
    write("thanks", state.opinion === "given" ? (this.#say["thanks"] ?? "") : "");
    show("again-place", state.screen === "late" && state.ticket !== null);
    show("again", state.screen === "refused" || (state.screen === "late" && !state.ticket));
    show("take-here", state.screen === "elsewhere");
    show("wipe", ended && state.lines.length > 0);
  }

  /** A new screen has a new heading, and the focus goes there. */
  #head(state: State): void {
    const name = this.#headingOf(state);
    if (name === this.#heading) return;
    // Who is already writing while waiting keeps the cursor in the message.
    const writing = document.activeElement === element("message");
    const first = this.#heading === "";
    this.#heading = name;
    write("heading", this.#say[name] ?? "");
    if (!(first && state.screen === "start") && !(writing && state.screen === "room"))
      element("heading").focus({ preventScroll: true });
    if (!writing) window.scrollTo(0, 0);
  }

  #headingOf(state: State): string {
    switch (state.screen) {
      case "room":
        if (state.hidden) return "heading_away";
        return this.#waits(state) ? "heading_wait" : "heading_talk";
      case "ended":
        return "heading_end";
      default:
        return "heading_start";
    }
  }

  #lines(lines: readonly ShownLine[]): void {
    const list = element("lines");
    if (lines.length === 0 && this.#items.size > 0) {
      this.#items.clear();
      list.replaceChildren();
      return;
    }
    const follow = this.#atEnd();
    let added = false;
    for (const line of lines) {
      const known = this.#items.get(line.id);
      if (!known) {
        list.append(...this.#holes(line), this.#item(line));
        added = true;
      } else if (known.mark !== line.mark) {
        known.mark = line.mark;
        this.#mark(known.item, line);
      }
    }
    const own = lines[lines.length - 1]?.by === "visitor";
    if (added && (follow || own)) this.#toEnd();
    else if (added) show("newest", true);
  }

  #holes({ missing }: ShownLine): HTMLLIElement[] {
    if (missing === 0) return [];
    const item = document.createElement("li");
    item.className = "hole";
    item.textContent = fill(this.#say[missing === 1 ? "hole" : "holes"], { n: missing });
    return [item];
  }

  #item(line: ShownLine): HTMLLIElement {
    const item = document.createElement("li");
    item.className = line.by === "visitor" ? "own" : "other";
    const who = document.createElement("span");
    who.className = "who";
    const name = this.#say[line.by === "visitor" ? "you" : "volunteer"] ?? "";
    who.textContent = `${name} ${clock(line.at)}`;
    const text = document.createElement("p");
    text.textContent = line.mark === "unreadable" ? (this.#say["unreadable"] ?? "") : line.text;
    const mark = document.createElement("span");
    mark.className = "mark";
    item.append(who, text, mark);
    this.#items.set(line.id, { item, mark: line.mark });
    this.#mark(item, line);
    return item;
  }

  #mark(item: HTMLLIElement, { mark }: ShownLine): void {
    const shown = mark === "sent" || mark === "unreadable" ? "" : (this.#say[mark] ?? "");
    const place = item.querySelector(".mark");
    if (place && place.textContent !== shown) place.textContent = shown;
  }

  #atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = element("log");
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #toEnd(): void {
    const log = element("log");
    log.scrollTop = log.scrollHeight;
    show("newest", false);
  }
}
