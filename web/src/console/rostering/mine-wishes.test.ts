// @vitest-environment jsdom
import { flushSync } from "svelte";
import { describe, expect, it, vi } from "vitest";

import type { WishPeriod } from "../../shared/contract.gen.ts";
import OwnLeave from "./OwnLeave.svelte";
import { MONDAY, period } from "./test-mine.ts";
import { click, press, show } from "../test-page.ts";
import Wishes from "./Wishes.svelte";

const words = () => document.body.textContent.replaceAll(/\s+/g, " ").trim();
const settled = async () => {
  await new Promise((resolve) => setTimeout(resolve));
  flushSync();
};

describe("wishes on the screen", () => {
  const PERIOD = period();
  let person = 0;

  function shown(periods: WishPeriod[], answer = true) {
    const onSave = vi.fn(async () => answer);
    show(Wishes, { person: `person ${++person}`, periods, onSave });
    return onSave;
  }

  const cell = (row: number, column: number) => document.querySelector<HTMLElement>(`[data-at="${row},${column}"]`) ?? expect.fail("no square");

  it("go round at each press of a square", () => {
    shown([PERIOD]);
    const seen: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      cell(0, 0).click();
      flushSync();
      seen.push(cell(0, 0).textContent);
    }

    expect(seen).toEqual(["liever niet", "kan niet", "graag", "kan"]);
    expect(cell(0, 0).getAttribute("aria-label")).toBe("maandag 7–11 uur: kan");
  });

  it("are walked with the arrow keys, with one stop of the tab key", () => {
    shown([PERIOD]);
    cell(0, 0).focus();
    flushSync();
    press("ArrowRight", cell(0, 0));
    press("ArrowDown", cell(0, 1));

    expect(document.activeElement).toBe(cell(1, 1));
    expect(document.querySelectorAll("table [tabindex='0']")).toHaveLength(1);
  });

  it("are kept with what was pressed and what is different on one day", async () => {
    const onSave = shown([PERIOD]);

    cell(0, 3).click();
    flushSync();
    click("Toevoegen");
    expect(words()).toContain("maandag 21 december: hele dag kan niet");
    expect(words()).toContain("Nog niet bewaard.");
    click("Wensen bewaren");
    await settled();
    const levels = PERIOD.levels.map((_, day) => (day === 0 ? "000000" : day % 7 === 0 ? "111r10" : "111110"));
    expect(onSave).toHaveBeenCalledExactlyOnceWith(PERIOD, { levels, wanted: 4, most: 6, nights: 1 });
    expect(words()).toContain("Bewaard.");
  });

  it("stay unkept, and say so, when the server refused", async () => {
    shown([{ ...PERIOD, given: true }], false);

    expect(words()).toContain("Bewaard.");
    cell(2, 2).click();
    flushSync();
    click("Wensen bewaren");
    await settled();
    expect(words()).toContain("Nog niet bewaard.");
  });

  it("that are not kept yet are still there after a look at another part", () => {
    shown([PERIOD]);
    cell(4, 4).click();
    flushSync();
    document.body.replaceChildren();
    show(Wishes, { person: `person ${person}`, periods: [PERIOD], onSave: vi.fn() });
    expect(cell(4, 4).textContent).toBe("liever niet");
    document.body.replaceChildren();

    shown([PERIOD]);
    expect(cell(4, 4).textContent).toBe("kan");
  });

  it("are not sent with numbers that cannot be", async () => {
    const onSave = shown([{ ...PERIOD, most: 3 }]);

    click("Wensen bewaren");
    await settled();
    expect(onSave).not.toHaveBeenCalled();
    expect(words()).toContain("Hoogstens kan niet minder zijn");
  });

  it("say when there is nothing to wish for, and when it is too late", () => {
    shown([]);
    expect(words()).toContain("Je kunt nu geen wensen doorgeven.");
    document.body.replaceChildren();

    shown([{ ...PERIOD, open: false, given: true }]);
    expect(words()).toContain("Je wensen staan vast.");
    expect(document.querySelector("table")).toBeNull();
  });
});

describe("leave", () => {
  function shown(leave: object[] = []) {
    const on = { onAsk: vi.fn(async () => true), onWithdraw: vi.fn() };
    show(OwnLeave, { leave, today: MONDAY, ...on });
    return on;
  }

  function fill(id: string, value: string): void {
    const input = document.querySelector<HTMLInputElement>(`#${id}`) ?? expect.fail(id);
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    flushSync();
  }

  it("is asked for days, and for one day when there is no last; nothing else is asked", () => {
    const on = shown();

    expect(document.querySelectorAll("input, textarea, select")).toHaveLength(2);
    fill("leave-first", "2026-12-28");
    click("Verlof vragen");
    expect(on.onAsk).toHaveBeenCalledExactlyOnceWith({ first: "2026-12-28", last: "2026-12-28" });
  });

  it.each([
    ["", "", "Kies de eerste dag."],
    ["2026-12-28", "2026-12-27", "De laatste dag ligt voor de eerste."],
    ["2026-12-20", "2026-12-28", "Deze dagen zijn al voorbij."],
  ])("from %s until %s is refused in words: %s", (first, last, said) => {
    const on = shown();

    fill("leave-first", first);
    fill("leave-last", last);
    click("Verlof vragen");
    expect(document.querySelector("[role=alert]")?.textContent).toBe(said);
    expect(on.onAsk).not.toHaveBeenCalled();
  });

  it("is listed with how it stands, and withdrawn after one question", () => {
    const asked = { leave: "l", first: "2026-12-28", last: "2026-12-30", state: "asked" };
    const on = shown([asked, { ...asked, leave: "m", first: "2027-02-01", last: "2027-02-01", state: "granted" }, { ...asked, leave: "n", state: "withdrawn" }]);

    expect(document.querySelectorAll("li")).toHaveLength(2);
    expect(words()).toContain("maandag 28 december tot en met woensdag 30 december");
    expect(words()).toContain("Akkoord. Je wordt dan niet ingeroosterd.");
    click("Verlof intrekken");
    expect(on.onWithdraw).not.toHaveBeenCalled();
    click("Ja, intrekken");
    expect(on.onWithdraw).toHaveBeenCalledExactlyOnceWith(asked);
  });
});
