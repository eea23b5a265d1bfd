// @vitest-environment jsdom
import { flushSync } from "svelte";
import { describe, expect, it, vi } from "vitest";

import AddDuty from "./AddDuty.svelte";
import { dutyWeek } from "./duty.ts";
import DutyDay from "./DutyDay.svelte";
import { duty } from "../test-views.ts";
import { click, show } from "../test-page.ts";
import { momentOf } from "../times.ts";

const MONDAY = "2026-11-23";
const words = () => document.body.textContent.replaceAll(/\s+/g, " ").trim();

function day(date: string, duties: Parameters<typeof dutyWeek>[1], onRemove = vi.fn()) {
  const [found] = dutyWeek(date, duties);
  show(DutyDay, { day: found, isToday: false, words: () => "de uren", onRemove });
  return onRemove;
}

describe("a day of the rota", () => {
  it("says who, until when, which telephone, who stands in, and whose telephone cannot ring", () => {
    const night = duty("Ada", momentOf(MONDAY, "23:00"), momentOf("2026-11-24", "07:00"), { phone_order: 2 });
    const whole = duty("Cora", momentOf(MONDAY, "00:00"), momentOf("2026-11-24", "00:00"), { stands_in: true, has_phone: false });
    day(MONDAY, [night, whole]);

    expect(words()).toContain("Ada 23.00–24.00 · telefoon 2");
    expect(words()).toContain("Cora (valt in) hele dag · telefoon 1 geen telefoon bekend");
  });

  it("says that nobody is there", () => {
    day(MONDAY, []);

    expect(words()).toContain("Niemand.");
  });

  it.each([
    ["2026-03-29", "Deze dag heeft 23 uur"],
    ["2026-10-25", "Deze dag heeft 25 uur"],
  ])("says of %s: %s", (date, said) => {
    day(date, []);

    expect(words()).toContain(said);
  });

  it("takes somebody off by a button that says whom and when", () => {
    const ada = duty("Ada", momentOf(MONDAY, "23:00"), momentOf("2026-11-24", "07:00"));
    const onRemove = day(MONDAY, [ada]);

    expect(document.querySelector("button")?.getAttribute("aria-label")).toBe("Weghalen: Ada, de uren");
    click("Weghalen");
    expect(onRemove).toHaveBeenCalledExactlyOnceWith(ada);
  });
});

describe("the form of a duty on the screen", () => {
  const PEOPLE = [
    { person: "ada", person_name: "Ada", stands_in: false, has_phone: true },
    { person: "cora", person_name: "Cora", stands_in: true, has_phone: false },
  ];

  function form(answer: string | null = null) {
    const onAdd = vi.fn(async () => answer);
    show(AddDuty, { today: MONDAY, people: PEOPLE, onAdd, onClose: vi.fn() });
    return onAdd;
  }

  function choose(value: string): void {
    const select = document.querySelector("select") ?? expect.fail("no choice");
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    flushSync();
  }

  it("asks for somebody before it sends anything", () => {
    const onAdd = form();

    click("Toevoegen");
    expect(onAdd).not.toHaveBeenCalled();
    expect(document.querySelector("[role=alert]")?.textContent).toBe("Kies wie achterwacht krijgt.");
  });

  it("keeps coaches and stand-ins apart, and warns of who has no telephone", () => {
    form();

    expect([...document.querySelectorAll("optgroup")].map((one) => [one.label, one.textContent.trim()])).toEqual([
      ["Achterwacht", "Ada"],
      ["Invallers, na alle achterwachten gebeld", "Cora (geen telefoon bekend)"],
    ]);
    choose("cora stands-in");
    expect(document.querySelector("[role=status]")?.textContent).toContain("Zonder nummer gaat er thuis geen telefoon.");
  });

  it("sends the night that stands in it, and shows why it was refused", async () => {
    const onAdd = form("Ada heeft dan al achterwacht.");

    choose("ada");
    click("Toevoegen");
    const order = { person: "ada", starts_at: momentOf(MONDAY, "23:00"), ends_at: momentOf("2026-11-24", "07:00"), phone_order: 1, stands_in: false };
    expect(onAdd).toHaveBeenCalledExactlyOnceWith(order, "Ada");
    await vi.waitFor(() => {
      flushSync();
      expect(document.querySelector("[role=alert]")?.textContent).toBe("Ada heeft dan al achterwacht.");
    });
  });
});
