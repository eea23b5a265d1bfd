// @vitest-environment jsdom
import { flushSync, tick } from "svelte";
import { beforeAll, describe, expect, it, vi } from "vitest";

import type { OnNow as Person } from "../../shared/contract.gen.ts";
import OnNow from "./OnNow.svelte";
import { ShiftRoom, type ShownRoomLine } from "./shiftroom.svelte.ts";
import { button, click, press, show } from "../test-page.ts";

const AT = 1_700_000_000_123;

const person = (name: string, change: Partial<Person> = {}): Person => ({ name, branch_name: "Utrecht", is_coach: false, is_me: false, ...change });

const PEOPLE = [person("Ada", { is_coach: true, branch_name: null }), person("Anja", { is_me: true }), person("Bas", { branch_name: "Zwolle" })];

const line = (text: string | null, change: Partial<ShownRoomLine> = {}): ShownRoomLine => ({
  line: String(text),
  name: "Bas",
  branch_name: "Zwolle",
  is_coach: false,
  is_mine: false,
  at: AT,
  until_at: AT,
  text,
  ...change,
});

/** A room as it stands after an answer; what is said in it is kept here. */
class Room extends ShiftRoom {
  readonly said: string[] = [];
  code: string | null = null;

  constructor() {
    super(() => Promise.resolve({ ok: false, code: "unreachable" }), () => AT);
    this.isIn = this.hasRoom = true;
    this.people = PEOPLE;
  }

  override say(text: string): Promise<string | null> {
    this.said.push(text);
    return Promise.resolve(this.code);
  }

  comes(...lines: readonly ShownRoomLine[]): void {
    this.lines = [...this.lines, ...lines];
    if (!this.isOpen) this.unread += lines.length;
    flushSync();
  }
}

function screen(isBusy = false): Room {
  const room = new Room();
  show(OnNow, { room, isBusy });
  return room;
}

const words = () => document.body.textContent.replace(/\s+/g, " ");
const toggle = () => document.querySelector<HTMLButtonElement>("[aria-controls=shift-room]") ?? expect.fail("no button");
const aloud = () => document.querySelector("[role=status]")?.textContent;
const field = () => document.querySelector("textarea") ?? expect.fail("no field");
const lines = () => [...document.querySelectorAll("[role=log] li")].map((one) => one.textContent.replace(/\s+/g, " ").trim());

function type(text: string): void {
  field().value = text;
  field().dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
}

beforeAll(() => {
  Element.prototype.scrollIntoView ??= () => undefined; // jsdom shows nothing, so nothing scrolls
});

describe("who is on now", () => {
  it("stands there by alias and branch, and the coach by first name", () => {
    screen();

    expect(words()).toContain("Achterwacht: Ada");
    expect([...document.querySelectorAll(".ll-on-now__people li")].map((one) => one.textContent.trim())).toEqual(["Anja jij", "Bas Zwolle"]);
  });

  it("says so when there is no coach on call", () => {
    const room = screen();
    room.people = PEOPLE.slice(1);
    flushSync();

    expect(words()).toContain("Er is nu geen achterwacht.");
  });

  it("is nothing for who is not on now", () => {
    const room = new Room();
    room.isIn = false;
    show(OnNow, { room, isBusy: false });

    expect(words().trim()).toBe("");
  });
});

describe("the shift's own room", () => {
  it("is closed at first, says in words what is new, and leaves the focus where it is", () => {
    const room = screen();
    expect([toggle().getAttribute("aria-expanded"), document.querySelector<HTMLElement>("#shift-room")?.hidden]).toEqual(["false", true]);
    const other = document.body.appendChild(document.createElement("button"));
    other.focus();

    room.comes(line("een"), line("twee"));

    expect(toggle().textContent).toContain("2 nieuwe berichten");
    expect(aloud()).toBe("Nieuw bericht in het overleg met je dienst.");
    expect(document.activeElement).toBe(other);
  });

  it("says nothing aloud to who is in a conversation", () => {
    screen(true).comes(line("een"));

    expect(aloud()).toBe("");
    expect(toggle().textContent).toContain("1 nieuw bericht");
  });

  it("shows each line with who said it and when; open, it counts nothing as new", () => {
    const room = screen();
    toggle().click();
    room.comes(line("Wie kan?"), line("Ik.", { is_mine: true }), line("Dank!", { name: "Ada", branch_name: null, is_coach: true }));

    expect(lines()).toEqual(["Bas, Zwolle 23.13 Wie kan?", "Jij 23.13 Ik.", "Ada (achterwacht) 23.13 Dank!"]);
    expect(toggle().textContent).not.toContain("nieuw");
  });

  it("says in words that a line could not be read", () => {
    screen().comes(line(null));

    expect(lines()[0]).toContain("Dit bericht kon niet worden gelezen.");
  });

  it("warns what it is for, and says what is written with Enter", async () => {
    const room = screen();
    toggle().click();
    flushSync();
    expect(words()).toContain("Dit is voor elkaar, niet over wie belt of chat");
    type(" Ik neem zo pauze. ");

    press("Enter", field());
    await tick();
    flushSync();

    expect(room.said).toEqual(["Ik neem zo pauze."]);
    await vi.waitFor(() => expect(field().value).toBe(""));
  });

  it("keeps what was written when it was refused, and says why", async () => {
    const room = screen();
    room.code = "try-again";
    toggle().click();
    flushSync();
    type("Komt dit aan?");

    click("Versturen");
    await vi.waitFor(() => expect(document.querySelector(".ll-fault")?.textContent).not.toBe(""));

    expect(field().value).toBe("Komt dit aan?");
  });

  it("sends nothing that is too long, and says so", () => {
    const room = screen();
    toggle().click();
    flushSync();
    type("x".repeat(2_001));

    press("Enter", field());

    expect(room.said).toEqual([]);
    expect(words()).toContain("Je bericht is te lang.");
  });

  it("takes no words when there is nobody on a shift", () => {
    const room = screen();
    room.hasRoom = false;
    toggle().click();
    flushSync();

    expect(button("Versturen").getAttribute("aria-disabled")).toBe("true");
    expect(words()).toContain("Er is nu niemand op dienst");
  });

  it("says when nobody reads along yet", () => {
    const room = screen();
    room.people = PEOPLE.filter((one) => one.is_me);
    toggle().click();
    flushSync();

    expect(words()).toContain("Je bent nu de enige.");
  });
});
