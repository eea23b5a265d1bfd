// @vitest-environment jsdom
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { BoardShift, Mend } from "../../shared/contract.gen.ts";
import { Planner } from "./planner.svelte.ts";
import { PLAINLY } from "./planner-view.ts";
import ShiftPanel from "./ShiftPanel.svelte";
import { boardOf, boardPlace, boardShift, WHO } from "./test-planner.ts";
import { click, press, show } from "../test-page.ts";
import { momentOf } from "../times.ts";

const MONDAY = "2026-11-23";
const NOW = momentOf(MONDAY, "06:00");

/** A server that keeps who stands on one shift. */
class Server {
  shift: BoardShift = boardShift(MONDAY, "19:00", "23:00", { shift: "s", places: [boardPlace("Rik", { role: "reserve", on_behalf: true })] });
  readonly asked: [string, string, unknown][] = [];
  refuses: string | null = null;
  private next = 0;

  async fetch(path: string, init: RequestInit): Promise<Response> {
    const body = init.body === undefined ? null : JSON.parse(String(init.body));
    if (init.method !== "GET") this.asked.push([init.method ?? "", path, body]);
    if (init.method !== "GET" && this.refuses !== null) return Response.json({ code: this.refuses }, { status: 409 });
    const places = this.shift.places;
    const place = path.split("/").at(-2);
    if (path === "/planner/shifts/s/places") {
      this.next += 1;
      this.shift = { ...this.shift, places: [...places, boardPlace(body.person, { place: `new ${this.next}`, role: body.role ?? "listener", allowed: body.allowed })] };
    } else if (path.endsWith("/take-off")) this.shift = { ...this.shift, places: places.filter((one) => one.place !== decodeURIComponent(place ?? "")) };
    else if (path.endsWith("/pin") || path.endsWith("/unpin"))
      this.shift = { ...this.shift, places: places.map((one) => (one.place === decodeURIComponent(place ?? "") ? { ...one, pinned: path.endsWith("/pin") } : one)) };
    if (path.startsWith("/planner/board")) return Response.json(boardOf(MONDAY, path.includes(MONDAY) ? [this.shift] : []));
    return Response.json(path.endsWith("/who") ? WHO : {});
  }
}

let server: Server;
beforeEach(() => {
  server = new Server();
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => server.fetch(path, init));
});
afterEach(() => vi.unstubAllGlobals());

async function planner(): Promise<Planner> {
  const made = new Planner("branch", NOW, vi.fn());
  await made.load();
  return made;
}

const shift = (of: Planner): BoardShift => of.shifts[0] ?? expect.fail("no shift");
const names = (of: Planner): string[] => shift(of).places.map((place) => place.name);

describe("what a planner does", () => {
  it("is taken back act by act, also when a place was made anew in between", async () => {
    const of = await planner();
    await of.putOn(shift(of), "vera", "Vera", PLAINLY);
    const place = shift(of).places.at(-1) ?? expect.fail("no place");
    await of.pin(shift(of), place);
    await of.takeOff(shift(of), place);
    expect(names(of)).toEqual(["Rik"]);

    await of.undo();
    expect(names(of)).toEqual(["Rik", "vera"]);
    expect(of.said).toBe("Ongedaan gemaakt: vera staat weer op de dienst.");
    await of.undo();
    expect(shift(of).places.at(-1)?.pinned).toBe(false);
    await of.undo();
    expect(names(of)).toEqual(["Rik"]);
    expect(of.acts).toEqual([]);
  });

  it("puts somebody back as they were", async () => {
    const of = await planner();
    await of.takeOff(shift(of), shift(of).places[0] ?? expect.fail("no place"));
    await of.undo();

    expect(server.asked.at(-1)).toEqual(["POST", "/planner/shifts/s/places", { person: "rik", role: "reserve", allowed: null, on_behalf: true }]);
  });

  it("goes to the week in which something is taken back", async () => {
    const of = await planner();
    await of.putOn(shift(of), "vera", "Vera", PLAINLY);
    await of.go("2027-02-01");
    expect(of.shifts).toEqual([]);

    await of.undo();
    expect([of.from, names(of)]).toEqual([MONDAY, ["Rik"]]);
  });

  it("says so when it can no longer be taken back, and forgets it", async () => {
    const of = await planner();
    await of.putOn(shift(of), "vera", "Vera", PLAINLY);
    server.refuses = "in-the-past";
    await of.undo();

    expect(of.fault).toContain("Dat kan niet meer ongedaan gemaakt worden. Deze dienst ligt in het verleden.");
    expect(of.acts).toEqual([]);
  });

  it("is refused in words, and then there is nothing to take back", async () => {
    const of = await planner();
    server.refuses = "overlaps";

    expect(await of.putOn(shift(of), "vera", "Vera", PLAINLY)).toBe(false);
    expect(of.fault).toContain("heeft dan al een andere dienst");
    expect(of.acts).toEqual([]);
  });

  it("sends a reason with a yes that sets a rule aside", async () => {
    const of = await planner();
    await of.putOn(shift(of), "peters", "K. Peters", { reserve: false, onBehalf: true, allowed: "short-notice" });

    expect(server.asked).toEqual([["POST", "/planner/shifts/s/places", { person: "peters", role: null, allowed: "short-notice", on_behalf: true }]]);
  });

  it("reads a month in parts that the server tells at once", async () => {
    const of = await planner();
    const paths: string[] = [];
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => (paths.push(path), server.fetch(path, init)));
    await of.go("2026-11-10", "month");

    expect(of.days).toHaveLength(42);
    expect(paths).toEqual(["/planner/board?from=2026-10-26&days=28&branch=branch", "/planner/board?from=2026-11-23&days=14&branch=branch"]);
    expect(of.shifts).toHaveLength(1);
  });
});

describe("the panel of a shift", () => {
  function panel(mend: Mend | null = null) {
    const hands = { onPutOn: vi.fn(async () => true), onTakeOff: vi.fn(async () => true), onPin: vi.fn(async () => true), onCannot: vi.fn(async () => true), onMend: vi.fn(async () => mend), onAccept: vi.fn(async () => true), onCancel: vi.fn(), onClose: vi.fn() };
    show(ShiftPanel, { shift: server.shift, who: WHO, whoRefused: "", mayChange: true, ...hands });
    return hands;
  }
  const text = () => document.body.textContent.replaceAll(/\s+/g, " ");

  it("tells who fits best and why, and who may not and why not", () => {
    panel();

    expect(text()).toContain("O. Bos 5 van 16 uur werkt dan graag · heeft minder diensten dan gevraagd");
    expect(text()).toContain("K. Peters ⚠heeft dan geen 11 uur rust");
    expect(text()).toContain("C. Smit ⚠heeft dan al een dienst dit kan niemand toestaan");
    expect(text()).toContain("Rik (reserve) ingevuld door coördinator");
    expect([...document.querySelectorAll("button")].filter((one) => one.textContent === "Toch inroosteren…")).toHaveLength(1);
  });

  it("asks for the yes and the reason before a rule is set aside", () => {
    const hands = panel();
    click("Toch inroosteren…");
    click("Toch inroosteren");
    expect(text()).toContain("Vraag het eerst aan K. Peters.");
    document.querySelector<HTMLInputElement>("dialog input[type=checkbox]")?.click();
    click("Toch inroosteren");
    expect(text()).toContain("Kies een reden.");
    document.querySelector<HTMLInputElement>("input[value=nobody-else]")?.click();
    click("Toch inroosteren");

    expect(hands.onPutOn).toHaveBeenCalledExactlyOnceWith("peters", "K. Peters", { reserve: false, onBehalf: false, allowed: "nobody-else" });
  });

  it("proposes who stands in when somebody cannot come", async () => {
    const hands = panel();
    click("Kan niet komen");
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toContain("Wie het best kan invallen: O. Bos");
    });
    click("O. Bos inroosteren");

    expect(hands.onPutOn).toHaveBeenCalledExactlyOnceWith("bos", "O. Bos", PLAINLY);
  });

  it("says who would move to fill the hole, and moves them as it said", async () => {
    const [here, there] = [{ shift: "s", starts_at: NOW, ends_at: NOW + 3_600_000 }, { shift: "t", starts_at: NOW + 86_400_000, ends_at: NOW + 90_000_000 }];
    const mend = { place: "p", changes: [{ person: "bos", name: "O. Bos", old: there, new: here }, { person: "vera", name: "Vera", old: null, new: there }] };
    const hands = panel(mend);
    click("Kan niet komen");
    await vi.waitFor(() => {
      flushSync();
      expect(text()).toContain("O. Bos gaat van dinsdag 24 november, 6–7 uur naar maandag 23 november, 6–7 uur");
    });
    expect(text()).toContain("Vera komt op dinsdag 24 november, 6–7 uur");
    click("Zo doen");

    expect(hands.onAccept).toHaveBeenCalledExactlyOnceWith(server.shift.places[0], mend);
  });

  it("closes by Escape", () => {
    const hands = panel();
    press("Escape", document.querySelector("h2") ?? undefined);

    expect(hands.onClose).toHaveBeenCalledOnce();
  });
});
