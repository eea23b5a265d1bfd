// @vitest-environment jsdom
import { flushSync } from "svelte";
import { describe, expect, it, vi } from "vitest";

import { daysFrom, lay } from "./planner-grid.ts";
import PlannerDays from "./PlannerDays.svelte";
import PlannerGrid from "./PlannerGrid.svelte";
import PlannerMonth from "./PlannerMonth.svelte";
import { boardPlace, boardShift } from "./test-planner.ts";
import { press, show } from "../test-page.ts";
import { momentOf } from "../times.ts";

const MONDAY = "2026-11-23";
const NOW = momentOf(MONDAY, "06:00");
const DAYS = daysFrom(MONDAY, 7);
const text = (node: Element | null | undefined): string => (node?.textContent ?? "").replaceAll(/\s+/g, " ").trim();

const SHIFTS = [
  boardShift(MONDAY, "07:00", "11:00", { places: [boardPlace("Vera de Wit"), boardPlace("Wim")], wanted: 2, busy: "low" }),
  boardShift(MONDAY, "19:00", "23:00", { places: [boardPlace("Rik", { role: "reserve", state: "proposed" })], wanted: 3, missing: 3, busy: "high", state: "concept" }),
  boardShift("2026-11-24", "03:00", "07:00", { wanted: 1 }),
  boardShift("2026-11-25", "07:00", "11:00", { state: "cancelled", missing: 0 }),
];

function grid(shifts = SHIFTS, days = DAYS) {
  const hands = { onOpen: vi.fn(), onAdd: vi.fn(), onPage: vi.fn() };
  show(PlannerGrid, { grid: lay(days, shifts), title: "Rooster", today: "2026-11-24", now: NOW, open: null, mayAdd: true, ...hands });
  return hands;
}

const cells = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[role=gridcell]")];
const stop = (): HTMLElement => document.querySelector<HTMLElement>("[role=gridcell][tabindex='0']") ?? expect.fail("nothing to stop at");

function key(name: string, more: KeyboardEventInit = {}): void {
  stop().dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
  flushSync();
}

describe("the grid", () => {
  it("says in words who stands there, what is open, how busy it is, and what nobody sees yet", () => {
    grid();
    const [morning, , , , , , , evening] = cells();

    expect(text(morning)).toContain("Vera de Wit");
    expect(text(morning?.querySelector("[aria-hidden]"))).toBe("VW");
    expect(text(morning)).toContain("bezet");
    expect(text(evening)).toContain("Rik (reserve, voorstel)");
    expect(text(evening)).toContain("nog 3 nodig");
    expect(text(evening)).toContain("drukte: hoog");
    expect(text(evening)).toContain("concept");
    expect(evening?.querySelectorAll(".ll-cell__hole")).toHaveLength(3);
    expect(text(cells()[2])).toBe("afgezegd");
  });

  it("names its rows by hours, and the small hours as the night after", () => {
    grid();

    expect([...document.querySelectorAll("th[scope=row]")].map(text)).toEqual([
      "7–11 uur chat, telefoon",
      "19–23 uur chat, telefoon",
      "3–7 uur chat, telefoon in de nacht erna",
    ]);
  });

  it("says of the nights in which the clock jumps how long they are", () => {
    grid([boardShift("2026-10-24", "23:00", "03:00")], daysFrom("2026-10-19", 7));

    expect(text(document.querySelectorAll("th[scope=col]")[6])).toContain("deze dag heeft 25 uur");
    expect(text(cells()[5])).toContain("een uur langer");
  });

  it("has one stop for Tab, and goes on by arrows, Home and End", () => {
    grid();

    expect(cells().filter((cell) => cell.tabIndex === 0)).toHaveLength(1);
    key("ArrowDown");
    key("ArrowRight");
    expect(cells().indexOf(stop())).toBe(8);
    expect(document.activeElement).toBe(stop());
    key("End");
    expect(cells().indexOf(stop())).toBe(13);
    key("Home", { ctrlKey: true });
    expect(cells().indexOf(stop())).toBe(0);
  });

  it("opens a shift by Enter, adds one where there is none, and turns the page", () => {
    const hands = grid();

    key("Enter");
    expect(hands.onOpen).toHaveBeenCalledExactlyOnceWith(SHIFTS[0]);
    key("End", { ctrlKey: true });
    key("Enter");
    // The night after Sunday begins on Monday.
    expect(hands.onAdd).toHaveBeenCalledExactlyOnceWith({ date: "2026-11-30", starts: "03:00", ends: "07:00", channels: ["chat", "phone"] });
    key("PageDown");
    key("PageUp");
    expect(hands.onPage.mock.calls).toEqual([["later"], ["earlier"]]);
  });

  it("leaves keys with Alt to the console", () => {
    grid();

    key("ArrowRight", { altKey: true });
    expect(cells().indexOf(stop())).toBe(0);
  });
});

describe("the days on a small screen", () => {
  it("say the same in words, and open a shift", () => {
    const onOpen = vi.fn();
    show(PlannerDays, { days: DAYS, shifts: SHIFTS, today: MONDAY, now: NOW, open: null, onOpen });
    const [morning, evening, night] = document.querySelectorAll("button");

    expect(text(morning)).toContain("Vera de Wit, Wim");
    expect(text(evening)).toContain("nog 3 nodig");
    expect(text(night?.closest("section"))).toContain("maandag 23 november");
    evening?.click();
    expect(onOpen).toHaveBeenCalledExactlyOnceWith(SHIFTS[1]);
  });
});

describe("the month", () => {
  it("adds up each day and leads to its week", () => {
    const hands = { onDay: vi.fn(), onPage: vi.fn() };
    show(PlannerMonth, { from: "2026-11-01", today: MONDAY, now: NOW, shifts: SHIFTS, ...hands });
    const monday = cells()[28];

    expect(text(monday)).toContain("3 diensten");
    expect(text(monday)).toContain("nog 4 nodig");
    press("End", stop());
    press("PageDown", stop());
    expect(hands.onPage).toHaveBeenCalledExactlyOnceWith("later");
    press("Enter", monday);
    expect(hands.onDay).toHaveBeenCalledTimes(1);
  });
});
