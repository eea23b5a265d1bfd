// @vitest-environment jsdom
import { virtual } from "@guidepup/virtual-screen-reader";
import { afterEach, beforeEach, expect, test } from "vitest";
import nl from "../../../texts/nl.toml";
import type { Member } from "../shared/contract.gen.ts";
import { type Happening, next, START, type State } from "./state.ts";
import { View } from "./view.ts";
import type { Say } from "./words.ts";

const say = (nl["visitor"] as unknown as { say: Say }).say;

const SHOWN =
  "heading start emergency foot room news status reading wait wait-time awake talk log newest write message sure " +
  "away stopped stopped-text opinion thanks again-place again take-here wipe";

/** The places the view writes to, as the page has them. */
function page(): void {
  const list = document.createElement("ol");
  list.id = "lines";
  for (const id of SHOWN.split(" ")) {
    const part = document.createElement(id === "message" ? "textarea" : "div");
    part.id = id;
    document.body.append(part);
  }
  document.getElementById("heading")?.setAttribute("tabindex", "-1");
  for (const id of ["status", "reading"]) {
    document.getElementById(id)?.setAttribute("role", "status");
    document.getElementById("news")?.append(document.getElementById(id) as HTMLElement);
  }
  document.getElementById("log")?.setAttribute("role", "log");
  document.getElementById("log")?.append(list);
  window.scrollTo = () => undefined;
}

const line = (id: string, text: string, by: "visitor" | "volunteer" = "volunteer"): Happening => ({
  is: "line",
  line: { id, by, text, at: 0, mark: "sent", missing: 0 },
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
const texts = () => [...document.querySelectorAll("#lines li p")].map((one) => one.textContent);

let view: View;
let state: State;
const tell = (...happenings: Happening[]): void => {
  for (const happening of happenings) {
    state = next(state, happening);
    view.show(state);
  }
};

beforeEach(() => {
  document.body.replaceChildren();
  page();
  view = new View(say);
  state = START;
});

afterEach(async () => {
  await virtual.stop();
});

test("a screen reader says each message exactly once", async () => {
  tell({ is: "begun" }, { is: "link", link: "up" });
  await virtual.start({ container: document.body });
  tell(line("l1", "Goedenavond"));
  await settle();
  tell(line("l2", "Vertel maar"));
  await settle();
  // The same line again, and a status that did not change.
  tell(line("l2", "Vertel maar"), { is: "link", link: "up" });
  await settle();
  const spoken = (await virtual.spokenPhraseLog()).join("\n");
  expect(spoken.match(/Goedenavond/g)?.length).toBe(1);
  expect(spoken.match(/Vertel maar/g)?.length).toBe(1);
});

test("a screen reader says once that somebody reads along, and once that nobody does", async () => {
  const members = (version: number, ...roles: Member["role"][]): Happening => ({
    is: "snapshot",
    snapshot: {
      version,
      contact: "c1",
      state: "active",
      position: null,
      wait: { low: null, high: null },
      line: "open",
      members: {
        version,
        list: roles.map((role) => ({
          member: role,
          role,
          reads_from: 1,
          epoch: 1,
          public_key: new Uint8Array(65),
          until_at: 1,
          signature: new Uint8Array(64),
        })),
      },
      seq: 0,
      half: null,
      ticket: "t1",
      frozen: false,
    },
  });
  const ready: Happening = { is: "keys", keys: "ready" };
  tell({ is: "begun" }, { is: "link", link: "up" }, members(1, "volunteer"), ready);
  await virtual.start({ container: document.body });
  tell(members(2, "volunteer", "coach"), { is: "keys", keys: "making" });
  await settle();
  tell(ready, line("l1", "Goedenavond"));
  await settle();
  tell(members(3, "volunteer"), { is: "keys", keys: "making" }, ready);
  await settle();
  const spoken = (await virtual.spokenPhraseLog()).join("\n");
  expect(spoken.match(/Er leest nu een coach mee/g)?.length).toBe(1);
  expect(spoken.match(/Er leest nu niemand meer mee/g)?.length).toBe(1);
  expect(spoken.match(/U praat met een vrijwilliger/g)?.length ?? 0).toBeLessThanOrEqual(1);
});

test("who waits reads the place and the band of the wait, or that nobody can say", () => {
  const waits = (version: number, position: number, low: number | null, high: number | null): Happening => ({
    is: "snapshot",
    snapshot: {
      version,
      contact: "c1",
      state: "queued",
      position,
      wait: { low, high },
      line: "open",
      members: { version: 0, list: [] },
      seq: 0,
      half: null,
      ticket: "t1",
      frozen: false,
    },
  });
  const told = () => [document.getElementById("status")?.textContent, document.getElementById("wait-time")?.textContent];
  tell({ is: "begun" }, { is: "link", link: "up" }, waits(1, 3, null, null));
  expect(told()).toEqual(["U bent de derde.", "Wij kunnen nog niet zeggen hoe lang het duurt."]);
  tell(waits(2, 2, 3, 8));
  expect(told()).toEqual(["U bent de tweede.", "U wacht nu meestal 3 tot 8 minuten."]);
});

test("lines are only added: what is on the screen stays the same element", () => {
  tell({ is: "begun" }, { is: "typed", id: "l1", text: "een", at: 0 });
  const first = document.querySelector("#lines li");
  tell({ is: "marked", id: "l1", mark: "sending" }, line("l2", "twee"));
  tell({ is: "marked", id: "l1", mark: "sent" });
  expect(document.querySelector("#lines li")).toBe(first);
  expect(texts()).toEqual(["een", "twee"]);
  expect(first?.querySelector(".mark")?.textContent).toBe("");
});

test("an own line says that it is being sent until the server has it", () => {
  tell({ is: "begun" }, { is: "typed", id: "l1", text: "een", at: 0 });
  const mark = () => document.querySelector("#lines .mark")?.textContent;
  expect(mark()).toBe("wordt bewaard tot er iemand is");
  tell({ is: "marked", id: "l1", mark: "sending" });
  expect(mark()).toBe("wordt verstuurd");
  tell({ is: "marked", id: "l1", mark: "sent" });
  expect(mark()).toBe("");
});

test("words are shown as words, whatever they look like", () => {
  tell({ is: "begun" }, line("l1", "<img src=x onerror=alert(1)> http://voorbeeld.nl"));
  expect(texts()).toEqual(["<img src=x onerror=alert(1)> http://voorbeeld.nl"]);
  expect(document.querySelector("#lines img, #lines a")).toBeNull();
});

test("a hole stands before the line it was found at", () => {
  const late = line("l1", "later");
  if (late.is === "line") late.line.missing = 1;
  tell({ is: "begun" }, late);
  expect([...document.querySelectorAll("#lines li")].map((one) => one.className)).toEqual([
    "hole",
    "other",
  ]);
  expect(document.querySelector(".hole")?.textContent).toBe("Een bericht ontbreekt.");
});

test("when somebody comes in, nothing of the conversation is on the screen", () => {
  tell({ is: "begun" }, line("l1", "geheim"), { is: "hidden", hidden: true });
  expect(document.getElementById("talk")?.hidden).toBe(true);
  expect(document.getElementById("news")?.hidden).toBe(true);
  expect(document.getElementById("heading")?.textContent).toBe("Even weg");
  expect(document.getElementById("away")?.hidden).toBe(false);
});

test("a new screen takes the focus to its heading", () => {
  tell({ is: "begun" });
  expect(document.activeElement?.id).toBe("heading");
});
