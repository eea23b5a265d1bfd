// @vitest-environment jsdom
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import MyRoster from "./MyRoster.svelte";
import { asked, EVENING, MONDAY, openShift, period, place, roster, VERA } from "./test-mine.ts";
import { button, click, show } from "../test-page.ts";
import { momentOf, plusDays } from "../times.ts";

const words = () => document.body.textContent.replaceAll(/\s+/g, " ").trim();
const said = () => document.querySelector(".ll-mine__message [role=status]")?.textContent;
const settled = () => vi.advanceTimersByTimeAsync(1);

type Reply = { status?: number; body: unknown };

/** A server with answers by method and path; gives the orders that came, oldest first. */
function server(answers: Record<string, Reply | unknown>): [string, unknown][] {
  const orders: [string, unknown][] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const key = `${init.method} ${path}`;
    if (init.method !== "GET") orders.push([key, JSON.parse(String(init.body))]);
    const found = answers[key] ?? answers[`${init.method} ${path.split("?")[0]}`] ?? { status: 404, body: { code: "not-found" } };
    const { status = 200, body } = found as Reply;
    return status === 204 ? new Response(null, { status }) : new Response(JSON.stringify(body), { status });
  });
  return orders;
}

const EMPTY = {
  "GET /my/roster": { body: roster() },
  "GET /my/open-shifts": { body: { shifts: [] } },
  "GET /my/wishes": { body: { periods: [] } },
};

async function opened(answers: Record<string, unknown>) {
  const orders = server({ ...EMPTY, ...answers });
  const on = { onSignedOut: vi.fn(), onLine: vi.fn() };
  show(MyRoster, { me: VERA, ...on });
  await settled();
  flushSync();
  return { orders, ...on };
}

async function pressing(name: string): Promise<void> {
  click(name);
  await settled();
  flushSync();
}

beforeEach(() => {
  vi.useFakeTimers({ now: momentOf(MONDAY, "12:00"), shouldAdvanceTime: true });
  // jsdom draws nothing, so there is nothing to scroll to.
  Element.prototype.scrollIntoView ??= () => undefined;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("my roster", () => {
  it("shows what is ahead in two stretches as one list, each shift once", async () => {
    const later = place({ place: "later", shift: "t", starts_at: momentOf("2027-01-25", "07:00"), ends_at: momentOf("2027-01-25", "11:00") });
    await opened({
      [`GET /my/roster?from=${MONDAY}&days=31`]: { body: roster({ places: [place()] }) },
      [`GET /my/roster?from=${plusDays(MONDAY, 31)}&days=31`]: { body: roster({ places: [place(), later] }) },
    });

    expect([...document.querySelectorAll("h3")].map((one) => one.textContent)).toEqual([`${EVENING} (vandaag)`, "maandag 25 januari, 7–11 uur"]);
  });

  it("says what to do when nothing is there, and that the wishes may be given", async () => {
    await opened({ "GET /my/roster": { body: roster({ wishes_open: true }) } });

    expect(words()).toContain("Er staan geen diensten voor je klaar.");
    await pressing("Wensen doorgeven");
    expect(document.activeElement?.textContent).toBe("Mijn wensen");
  });

  it("sends who has a shift today to the line to check in", async () => {
    const { onLine } = await opened({ "GET /my/roster": { body: roster({ places: [place()] }) } });

    expect(words()).toContain("Inchecken doe je bij Aan de lijn");
    click("Naar Aan de lijn");
    expect(onLine).toHaveBeenCalledOnce();
  });

  it("tells my hours and the year in words, without a ranking", async () => {
    await opened({});

    expect(words()).toContain("12,5 van de 16 uur");
    expect([...document.querySelectorAll(".ll-mine__year li")].map((one) => one.textContent)).toEqual([
      "7 nachten. Het midden van je vestiging is 6,5.",
      "9 weekenden. Het midden van je vestiging is 9.",
      "2 feestdagen.",
    ]);
    expect(words()).toContain("Het is geen wedstrijd.");
  });

  it("says that I come, and thanks me", async () => {
    const { orders } = await opened({
      "GET /my/roster": { body: roster({ places: [place()] }) },
      "POST /my/places/p/confirm": { body: place({ state: "confirmed" }) },
    });

    await pressing("Ik kom");
    expect(orders).toEqual([["POST /my/places/p/confirm", {}]]);
    expect(said()).toBe(`Fijn, je komt ${EVENING}. Dank je wel.`);
  });

  it("counts what waits for me in the names of its parts", async () => {
    await opened({
      "GET /my/roster": { body: roster({ asked: [asked()] }) },
      "GET /my/open-shifts": { body: { shifts: [openShift()] } },
      [`GET /my/open-shifts?from=${plusDays(MONDAY, 31)}&days=31`]: { body: { shifts: [] } },
    });

    expect(button("Mijn diensten (1 vraag)")).toBeTruthy();
    expect(button("Open diensten (1)")).toBeTruthy();
  });

  it("shows nothing as done, and offers to try again, when the line cannot be reached", async () => {
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("no network")));
    show(MyRoster, { me: VERA, onSignedOut: vi.fn(), onLine: vi.fn() });
    await settled();
    flushSync();

    expect(words()).toContain("De lijn is nu niet te bereiken.");
    server(EMPTY);
    await pressing("Opnieuw proberen");
    expect(words()).not.toContain("De lijn is nu niet te bereiken.");
  });

  it("has the calendar link, how to be reached and what is kept of me in one place", async () => {
    const reach = { mail: null, has_phone: false, reminders: true, urgent: false, quiet_from: "22:00", quiet_until: "08:00" };
    await opened({ "GET /my/calendar-link": { body: { has_link: false } }, "GET /my/reach": { body: reach } });
    await pressing("Agenda en gegevens");

    expect([...document.querySelectorAll("h2, h3")].map((one) => one.textContent)).toEqual([
      "Agenda en gegevens",
      expect.stringContaining("agenda"),
      expect.stringContaining("bereik"),
      "Mijn gegevens",
    ]);
    expect(document.querySelector("a[download]")?.getAttribute("href")).toBe("/my/data.json");
  });

  it("leaves the console when the session is over", async () => {
    const { onSignedOut } = await opened({ "GET /my/wishes": { status: 401, body: { code: "signed-out" } } });

    expect(onSignedOut).toHaveBeenCalled();
  });
});

describe("signing up", () => {
  const OPEN = { [`GET /my/open-shifts?from=${MONDAY}&days=31`]: { body: { shifts: [openShift()] } } };

  it("is one press, and can be undone for as long as nothing else is done", async () => {
    const { orders } = await opened({
      ...OPEN,
      "POST /my/shifts/s/sign-up": { status: 201, body: place({ undo_until_at: momentOf(MONDAY, "13:00") }) },
      "POST /my/places/p/undo": { status: 204, body: null },
    });
    await pressing("Open diensten (1)");
    await pressing("Aanmelden");
    expect(said()).toBe(`Je staat op ${EVENING}. Dank je wel.`);

    await vi.advanceTimersByTimeAsync(120_000);
    await pressing("Ongedaan maken");
    expect(orders.map(([order]) => order)).toEqual(["POST /my/shifts/s/sign-up", "POST /my/places/p/undo"]);
    expect(said()).toBe(`Je aanmelding voor ${EVENING} is weg.`);
    expect(words()).not.toContain("Ongedaan maken");
  });

  it("is refused kindly when somebody was just before me", async () => {
    await opened({ ...OPEN, "POST /my/shifts/s/sign-up": { status: 409, body: { code: "shift-full" } } });
    await pressing("Open diensten (1)");

    await pressing("Aanmelden");
    expect(document.querySelector(".ll-mine__message [role=alert]")?.textContent).toContain("Een collega was je net voor.");
    expect(words()).not.toContain("Ongedaan maken");
  });
});

describe("ik kan niet, carried out", () => {
  const MINE = {
    "GET /my/roster": { body: roster({ places: [place()] }) },
    "GET /my/places/p/choices": { body: { colleagues: [], shifts: [] } },
    "POST /my/places/p/give-up": { body: { done: true, swap: null } },
  };

  it("leaves the shift open, and undoing signs me up for it again", async () => {
    const { orders } = await opened({ ...MINE, "POST /my/shifts/s/sign-up": { status: 201, body: place() } });
    await pressing("Ik kan niet");
    document.querySelector<HTMLInputElement>("input[value=open]")?.click();
    flushSync();

    await pressing("Dienst openzetten");
    expect(said()).toBe(`${EVENING} staat open. Je hoeft die dienst niet te komen.`);
    await pressing("Ongedaan maken");
    expect(orders).toEqual([
      ["POST /my/places/p/give-up", { how: "open", to: null, wants: [] }],
      ["POST /my/shifts/s/sign-up", {}],
    ]);
    expect(said()).toBe(`Je staat weer op ${EVENING}.`);
  });

  it("keeps the shift mine while my question is out", async () => {
    const out = { swap: "w", asked: null, asked_name: null, wants: [], until_at: 0 };
    const { orders } = await opened({
      ...MINE,
      "GET /my/places/p/choices": { body: { colleagues: [{ person: "wim", name: "Wim" }], shifts: [] } },
      "POST /my/places/p/give-up": { body: { done: false, swap: out } },
      "POST /my/swaps/w/withdraw": { status: 204, body: null },
    });
    await pressing("Ik kan niet");
    document.querySelector<HTMLInputElement>("input[value=give]")?.click();
    flushSync();

    await pressing("Dienst weggeven");
    expect(said()).toContain(`blijft ${EVENING} van jou`);
    await pressing("Ongedaan maken");
    expect(orders.at(-1)).toEqual(["POST /my/swaps/w/withdraw", {}]);
  });
});

describe("wishes, carried out", () => {
  it("are thanked for, and say until when they can be changed", async () => {
    const { orders } = await opened({ "GET /my/wishes": { body: { periods: [period()] } }, "PUT /my/wishes/w": { body: period({ given: true }) } });
    await pressing("Wensen");

    await pressing("Wensen bewaren");
    expect(orders).toEqual([["PUT /my/wishes/w", { levels: period().levels, wanted: 4, most: 6, nights: 1 }]]);
    expect(said()).toContain("Dank je wel. Je wensen voor 21 december tot en met 17 januari staan erin.");
    expect(said()).toContain("Je kunt ze wijzigen tot je coördinator het rooster maakt.");
  });
});
