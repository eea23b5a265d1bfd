/** The first screen: the quick exit, the state of the line, and the way to the chat. */
import type { LineStatus } from "../shared/contract.gen.ts";
import type { Door } from "./chat.ts";
import { lineWords, type Say } from "./words.ts";

const POLL_MS = 4_000;
const PRELOAD_MS = 1_500;
const SHIFTS = 3;
const SHIFTS_MS = 1_500;

const { neutral = "/", chat: source } = document.body.dataset;
const find = (id: string) => document.getElementById(id);
const reveal = (id: string) => find(id)?.removeAttribute("hidden");
const say = JSON.parse(find("text")?.textContent ?? "{}") as Say;
const language = document.documentElement.lang === "en" ? "en" : "nl";
const door: Door = { say, language, token: null, leaving: false };

function storedToken(): string | null {
  try {
    const stored = JSON.parse(sessionStorage.getItem("ll") ?? "null") as { token?: string } | null;
    return stored?.token ?? null;
  } catch {
    return null;
  }
}

/** White at once, nothing kept, the server told, and away; Back shows the page before ours. */
function leave(): void {
  reveal("cover");
  const token = door.token ?? storedToken();
  door.leaving = true;
  try {
    sessionStorage.clear();
  } catch {
    // The browser refuses: then nothing was written either.
  }
  if (token) navigator.sendBeacon("/chat/leave", JSON.stringify({ token }));
  history.replaceState(null, "", "/");
  window.location.replace(neutral);
  document.querySelector(".page")?.remove();
}

function listenForLeave(): void {
  reveal("leave");
  find("leave")?.addEventListener("click", leave);
  let pressed: number[] = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") pressed = [];
    else if (!event.repeat) {
      pressed = [...pressed, event.timeStamp].filter((at) => event.timeStamp - at < SHIFTS_MS);
      if (pressed.length >= SHIFTS) leave();
    }
  });
  // A page that comes back from the browser's memory would show what was left behind.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}

function write(id: string, text: string): void {
  const target = find(id);
  if (target && target.textContent !== text) target.textContent = text;
}

async function poll(): Promise<void> {
  if (document.visibilityState !== "visible" || find("start")?.hidden) return;
  try {
    const answer = await fetch(`/line?language=${language}`, { cache: "no-store" });
    if (!answer.ok) throw new Error("no answer");
    const line = (await answer.json()) as LineStatus;
    const { state, more } = lineWords(line, Date.now(), language, say);
    find("line")?.setAttribute("data-chat", line.chat);
    write("line-state", state);
    write("line-more", more);
    const begin = find("begin");
    if (begin) begin.hidden = line.chat === "closed";
    const shared = find("shared-box");
    if (shared) shared.hidden = line.chat === "closed";
  } catch {
    find("line")?.setAttribute("data-chat", "unknown");
    write("line-state", say["line_unknown"] ?? "");
    write("line-more", say["line_call"] ?? "");
  }
}

type ChatModule = typeof import("./chat.ts");
const load = (): Promise<ChatModule> => import(/* @vite-ignore */ source ?? "") as Promise<ChatModule>;

async function begin(): Promise<void> {
  const button = find("begin") as HTMLButtonElement;
  const shared = find("shared") as HTMLInputElement | null;
  button.disabled = true;
  write("begin-status", say["one_moment"] ?? "");
  try {
    const chat = await load();
    write("begin-status", "");
    await chat.begin(door, shared?.checked ?? false);
  } catch {
    write("begin-status", say["no_luck"] ?? "");
  }
  button.disabled = false;
}

async function start(): Promise<void> {
  listenForLeave();
  if (!source) return; // A page with information: the quick exit is all.
  const closed = find("line")?.dataset["chat"] === "closed";
  if (!closed) {
    reveal("begin");
    reveal("shared-box");
  }
  find("begin")?.addEventListener("click", () => void begin());
  if (storedToken()) {
    const chat = await load().catch(() => null);
    if (chat?.restore(door)) return;
  }
  void poll();
  setInterval(() => void poll(), POLL_MS);
  document.addEventListener("visibilitychange", () => void poll());
  // Fetched ahead, after the first screen can be used; a failure shows when it is needed.
  setTimeout(() => void load().catch(() => undefined), PRELOAD_MS);
}

void start();
