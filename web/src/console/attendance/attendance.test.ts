// @vitest-environment jsdom
import { flushSync, tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { TonightPlace, TonightShift as Shift, Tonight as View } from "../../shared/contract.gen.ts";
import Attend from "./Attend.svelte";
import Reach from "./Reach.svelte";
import Tonight from "./Tonight.svelte";
import { click, show } from "../test-page.ts";
import { NO_ATTENDANCE } from "../test-views.ts";
import { isMissing, mark, mayBePresent, placeKey, sorted } from "./tonight.ts";
import { momentOf } from "../times.ts";

const START = momentOf("2026-11-24", "19:00");
const END = momentOf("2026-11-24", "23:00");
const words = () => document.body.textContent.replaceAll(/\s+/g, " ").trim();

const CALL_UP = { call_up: "c1", starts_at: START, ends_at: END, branch_name: "Utrecht", channels: ["chat"] };

function place(name: string, change: Partial<TonightPlace> = {}): TonightPlace {
  return { place: `place of ${name}`, person: `id of ${name}`, name, role: "listener", state: "published", late: false, has_phone: true, ...change };
}

function shift(change: Partial<Shift> = {}): Shift {
  const usual = { branch_name: "Utrecht", starts_at: START, ends_at: END, channels: ["chat"], wanted: 2, missing: 0, may_call_reserve: false, may_open: false };
  return { shift: "s1", ...usual, places: [], call_ups: [], ...change };
}

function tonight(...shifts: Shift[]): View {
  return { now_at: START + 12 * 60_000, on_duty: 3, coaches: 1, alarms: [], may_phone: true, shifts };
}

/** What was asked of the server, and its answers in turn; the last one goes on. */
let asked: { method: string; path: string; body: unknown }[] = [];

function server(...answers: { status: number; body?: unknown }[]): void {
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    asked.push({ method: init.method ?? "GET", path, body: init.body === undefined ? null : JSON.parse(String(init.body)) });
    const { status, body } = answers[Math.min(asked.length, answers.length) - 1] ?? { status: 500 };
    return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body ?? {}), { status }));
  });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await tick();
  await new Promise((done) => setTimeout(done));
  flushSync();
}

beforeEach(() => {
  asked = [];
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("what stands above every part", () => {
  const usual = { isTonight: false, onTonight: null, onSignedOut: vi.fn() };

  it("says nothing when nothing is the matter", () => {
    show(Attend, { ...usual, side: NO_ATTENDANCE });

    expect(words()).toBe("");
  });

  it("asks who is called up, and thanks for a yes", async () => {
    server({ status: 204 });
    show(Attend, { ...usual, side: { ...NO_ATTENDANCE, call_ups: [CALL_UP] } });
    const before = words();
    click("Ik spring in");
    await settled();

    expect(before).toContain("Er is iets met een dienst: dinsdag 24 november, 19–23 uur. Kun jij?");
    expect(asked).toEqual([{ method: "POST", path: "/call-ups/c1/yes", body: {} }]);
    expect(words()).toContain("Dank je wel. Je staat nu op de dienst van 19–23 uur.");
    expect(words()).not.toContain("Kun jij?");
  });

  it("takes a no as it is", async () => {
    server({ status: 204 });
    show(Attend, { ...usual, side: { ...NO_ATTENDANCE, call_ups: [CALL_UP] } });
    click("Nu niet");
    await settled();

    expect(asked[0]?.path).toBe("/call-ups/c1/no");
    expect(words()).toContain("Wij vragen iemand anders.");
  });

  it("says that somebody was quicker, and asks no more", async () => {
    server({ status: 410, body: { code: "call-up-gone" } });
    show(Attend, { ...usual, side: { ...NO_ATTENDANCE, call_ups: [CALL_UP] } });
    click("Ik spring in");
    await settled();

    expect(words()).toContain("Er is al iemand. Dank je wel.");
    expect(words()).not.toContain("Kun jij?");
  });

  it("leads who looks after a shift to the list, and says nothing twice there", () => {
    const onTonight = vi.fn();
    const side = { ...NO_ATTENDANCE, missed: 2, alarms: ["too_few" as const] };
    show(Attend, { ...usual, side, onTonight });
    const said = words();
    click("Bekijken");
    document.body.replaceChildren();
    show(Attend, { ...usual, side, onTonight, isTonight: true });

    expect(said).toContain("Er zijn nu minder dan twee mensen op dienst in het hele land. 2 vrijwilligers zijn niet gekomen.");
    expect(onTonight).toHaveBeenCalledOnce();
    expect(words()).toBe("");
  });

  it("asks who is late whether they are there", () => {
    show(Attend, { ...usual, side: { ...NO_ATTENDANCE, late_since_at: START } });

    expect(words()).toContain("Je dienst is om 19.00 begonnen.");
  });
});

describe("tonight", () => {
  const missed = shift({
    missing: 1,
    may_call_reserve: true,
    may_open: true,
    places: [place("Wim", { state: "no_show" }), place("Rita", { role: "reserve" })],
    call_ups: [{ call_up: "c1", reason: "no_show", state: "open", opens_at: START + 15 * 60_000, asked: [{ name: "Rita", state: "ringing" }] }],
  });

  it("shows who is there, who is not, and who was asked", async () => {
    server({ status: 200, body: tonight(missed) });
    show(Tonight, { side: NO_ATTENDANCE, onSignedOut: vi.fn() });
    await settled();

    expect(words()).toContain("Nu op dienst in het hele land: 3. Achterwacht bereikbaar: 1.");
    expect(words()).toContain("nog 1 nodig");
    expect(words()).toContain("Wim: niet gekomen");
    expect(words()).toContain("Rita (reserve): staat klaar");
    expect(words()).toContain("Rita: de telefoon gaat");
    expect(words()).toContain("Vanaf 19.15 vragen wij ook anderen van de vestiging.");
  });

  it.each([
    ["Bel reserve op", "/tonight/shifts/s1/reserve", "De reserve is gevraagd."],
    ["Zet open", "/tonight/shifts/s1/open", "De dienst staat open."],
    ["Toch aanwezig", "/tonight/places/place%20of%20Wim/present", "Wim is er."],
  ])("%s: asks, and says so", async (name, path, said) => {
    server({ status: 200, body: tonight(missed) });
    show(Tonight, { side: NO_ATTENDANCE, onSignedOut: vi.fn() });
    await settled();
    click(name);
    await settled();

    expect(asked.at(-1)).toEqual({ method: "POST", path, body: {} });
    expect(words()).toContain(said);
  });

  it("shows a number only when it is asked for", async () => {
    server({ status: 200, body: tonight(missed) }, { status: 200, body: { number: "+31201234567" } });
    show(Tonight, { side: NO_ATTENDANCE, onSignedOut: vi.fn() });
    await settled();
    const before = words();
    click("Toon nummer");
    await settled();

    expect(before).not.toContain("+31201234567");
    expect(words()).toContain("Wim: +31201234567");
  });

  it("says why nobody can be asked", async () => {
    server({ status: 200, body: tonight(missed) }, { status: 409, body: { code: "nobody-free" } });
    show(Tonight, { side: NO_ATTENDANCE, onSignedOut: vi.fn() });
    await settled();
    click("Zet open");
    await settled();

    expect(words()).toContain("Er is niemand om te vragen die nog niet gevraagd is.");
  });

  it("puts first where somebody is missing, and keeps what comes apart", () => {
    const later = shift({ shift: "s3", starts_at: END });
    const { now, soon } = sorted([shift({ shift: "s2" }), later, missed], START);

    expect(now.map((one) => one.shift)).toEqual(["s1", "s2"]);
    expect(soon.map((one) => one.shift)).toEqual(["s3"]);
  });

  it("says how a place is", () => {
    const late = place("Wim", { late: true });

    expect(placeKey(late)).toBe("tonight.state_late");
    expect([late, place("Wim"), place("Wim", { state: "cannot" })].map(isMissing)).toEqual([true, false, true]);
    expect([late, place("Rita", { role: "reserve", state: "no_show" })].map(mayBePresent)).toEqual([true, false]);
  });

  it("is asked for anew when the console hears of a change", () => {
    expect(mark(null)).toBe("");
    expect(mark({ ...NO_ATTENDANCE, missed: 1 })).not.toBe(mark(NO_ATTENDANCE));
  });
});

describe("being reached", () => {
  const view = { mail: null, reminders: true, urgent: false, quiet_from: "22:00", quiet_until: "08:00", mail_works: true, has_phone: false };

  it("keeps what was chosen", async () => {
    server({ status: 200, body: view }, { status: 204 });
    show(Reach, { onSignedOut: vi.fn() });
    await settled();
    const mail = document.querySelector<HTMLInputElement>("#reach-mail");
    if (mail === null) expect.fail("no field");
    mail.value = " wim@vrijwilliger.example ";
    mail.dispatchEvent(new Event("input", { bubbles: true }));
    click("Bewaren");
    await settled();

    expect(words()).toContain("Wij hebben nog geen telefoonnummer van je.");
    expect(asked[1]).toEqual({
      method: "PUT",
      path: "/reach",
      body: { mail: "wim@vrijwilliger.example", reminders: true, urgent: false, quiet_from: "22:00", quiet_until: "08:00" },
    });
    expect(words()).toContain("Bewaard.");
  });

  it("says of what is no address that it is none", async () => {
    server({ status: 200, body: { ...view, mail_works: false } }, { status: 400, body: { code: "bad-request" } });
    show(Reach, { onSignedOut: vi.fn() });
    await settled();
    const offered = words();
    click("Bewaren");
    await settled();

    expect(offered).toContain("Deze lijn verstuurt nog geen mail.");
    expect(words()).toContain("Dit is geen mailadres.");
  });
});
