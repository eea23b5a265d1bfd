// @vitest-environment jsdom
import { flushSync } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { AskedSwap, OwnPlace } from "../../shared/contract.gen.ts";
import AskedOfMe from "./AskedOfMe.svelte";
import CannotCome from "./CannotCome.svelte";
import { refusal } from "./mine-words.ts";
import OpenForMe from "./OpenForMe.svelte";
import OwnShift from "./OwnShift.svelte";
import { asked as askedSwap, EVENING, openShift, place, SHIFT, swap } from "./test-mine.ts";
import { button, click, show } from "../test-page.ts";
import { momentOf } from "../times.ts";

const words = () => document.body.textContent.replaceAll(/\s+/g, " ").trim();
const settled = async () => {
  await new Promise((resolve) => setTimeout(resolve));
  flushSync();
};

afterEach(() => vi.unstubAllGlobals());

/** Answers each question of the page; gives what was asked. */
function server(answers: Record<string, unknown>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return new Response(JSON.stringify(answers[path] ?? { code: "not-found" }), { status: path in answers ? 200 : 404 });
  });
  return asked;
}

describe("a shift of mine", () => {
  function shown(change: Partial<OwnPlace>) {
    const on = { onConfirm: vi.fn(), onCannot: vi.fn(), onWithdraw: vi.fn() };
    show(OwnShift, { place: place(change), isToday: false, ...on });
    return on;
  }

  it("says when, where, for what, and whether I said that I come", () => {
    shown({ night: true });

    expect(document.querySelector("h3")?.textContent).toBe(EVENING);
    expect(words()).toContain("Utrecht · chat, telefoon · nacht");
    expect(words()).toContain("Laat je nog weten of je komt?");
  });

  it.each([
    [{ state: "confirmed" }, "je hebt gezegd dat je komt"],
    [{ state: "checked_in" }, "Je bent ingecheckt."],
    [{ may_confirm: false }, "Je dienst is begonnen. Check in bij Aan de lijn."],
    [{ state: "no_show" }, "Je bent nog niet ingecheckt. Ben je er wel?"],
    [{ role: "trainee" }, "Je loopt mee met een mentor."],
    [{ role: "mentor" }, "er loopt iemand met je mee"],
    [{ role: "reserve" }, "Je bent reserve"],
    [{ role: "trainee", beside: ["Anneke"] }, "Je loopt mee met Anneke."],
    [{ role: "mentor", beside: ["Wim", "Bea"] }, "Je bent mentor: met je mee loopt Wim, Bea."],
  ] satisfies [Partial<OwnPlace>, string][])("%o is said in words: %s", (change, said) => {
    shown(change);

    expect(words()).toContain(said);
  });

  it("is confirmed with one press, by a button that says which", () => {
    const on = shown({});

    expect(button("Ik kom").getAttribute("aria-label")).toBe(`Ik kom: ${EVENING}`);
    click("Ik kom");
    expect(on.onConfirm).toHaveBeenCalledOnce();
  });

  it.each([
    [{ may_confirm: true, may_give_up: true }, ["Ik kom", "Ik kan niet"]],
    [{ may_confirm: false, may_give_up: true }, ["Ik kan niet"]],
    [{ may_confirm: true, may_give_up: false }, ["Ik kom"]],
    [{ may_confirm: false, may_give_up: false }, []],
  ])("%o shows a button for what can be done, and no other: %o", (change, names) => {
    shown(change);

    expect([...document.querySelectorAll("button")].map((one) => one.textContent)).toEqual(names);
  });

  it.each([
    [swap(), "Je vraagt je collega's of iemand deze dienst overneemt."],
    [swap({ asked: "x", asked_name: "Wim" }), "Je vraagt Wim deze dienst over te nemen."],
    [swap({ wants: ["a", "b"] }), "Je koos 2 keer een andere dienst."],
  ])("that is asked about says what, and can be withdrawn", (running, said) => {
    const on = shown({ swap: running });

    expect(words()).toContain(said);
    expect([...document.querySelectorAll("button")].map((one) => one.textContent)).not.toContain("Ik kan niet");
    click("Vraag intrekken");
    expect(on.onWithdraw).toHaveBeenCalledExactlyOnceWith("w");
  });
});

describe("ik kan niet", () => {
  const CHOICES = "/my/places/p/choices";
  const other = { ...SHIFT, shift: "other", starts_at: momentOf("2026-12-22", "07:00"), ends_at: momentOf("2026-12-22", "11:00") };

  async function dialog(change: Partial<OwnPlace> = {}, choices: object = { colleagues: [{ person: "wim", name: "Wim" }], shifts: [other] }) {
    server({ [CHOICES]: choices });
    const on = { onDo: vi.fn(), onClose: vi.fn() };
    show(CannotCome, { place: place(change), ...on });
    await settled();
    return on;
  }

  function choose(value: string): void {
    const input = document.querySelector<HTMLInputElement>(`input[value="${value}"]`) ?? expect.fail(`no choice ${value}`);
    input.click();
    flushSync();
  }

  it("asks no reason, and says so", async () => {
    await dialog();

    expect(words()).toContain("Je hoeft niet te zeggen waarom.");
    expect(document.querySelector("textarea, input[type=text]")).toBeNull();
  });

  it("leaves open what I leave open", async () => {
    const on = await dialog();

    choose("open");
    click("Dienst openzetten");
    expect(on.onDo).toHaveBeenCalledExactlyOnceWith({ how: "open", to: null, wants: [] });
  });

  it("gives away to anybody of the branch, or to one", async () => {
    const on = await dialog();

    choose("give");
    click("Dienst weggeven");
    const select = document.querySelector("select") ?? expect.fail("no colleagues");
    select.value = "wim";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    flushSync();
    click("Dienst weggeven");
    expect(on.onDo.mock.calls.map(([how]) => how)).toEqual([
      { how: "give", to: null, wants: [] },
      { how: "give", to: "wim", wants: [] },
    ]);
  });

  it("swaps for the shifts that I chose, and for one at least", async () => {
    const on = await dialog();

    choose("swap");
    click("Ruil vragen");
    expect(document.querySelector("[role=alert]")?.textContent).toBe("Kies minstens één dienst die je wel kunt.");
    expect(on.onDo).not.toHaveBeenCalled();
    choose("other");
    click("Ruil vragen");
    expect(on.onDo).toHaveBeenCalledExactlyOnceWith({ how: "swap", to: null, wants: ["other"] });
  });

  it("says what to do first when nothing is chosen", async () => {
    const on = await dialog();

    click("Doorgaan");
    expect(document.querySelector("[role=alert]")?.textContent).toBe("Kies eerst wat je wilt doen.");
    expect(on.onDo).not.toHaveBeenCalled();
  });

  it("says that there is nobody to give to and nothing to swap with", async () => {
    await dialog({}, { colleagues: [], shifts: [] });

    choose("give");
    expect(words()).toContain("Er is nu geen collega die deze dienst kan overnemen.");
    choose("swap");
    expect(words()).toContain("Er is nu geen dienst om mee te ruilen.");
  });

  it("leaves only the open place when the shift begins soon", async () => {
    await dialog({ may_swap: false });

    expect(document.querySelectorAll("input[type=radio]")).toHaveLength(1);
    expect(words()).toContain("Je dienst begint al gauw.");
    expect(button("Dienst openzetten")).toBeTruthy();
  });
});

describe("what a colleague asks", () => {
  const own = place({ place: "own", starts_at: momentOf("2026-12-24", "07:00"), ends_at: momentOf("2026-12-24", "11:00") });

  function shown(change: Partial<AskedSwap>, places: OwnPlace[] = [own]) {
    const on = { onAccept: vi.fn(), onDecline: vi.fn() };
    show(AskedOfMe, { asked: askedSwap(change), places, ...on });
    return on;
  }

  it("is taken over with one press; who is not asked alone need not answer", () => {
    const on = shown({});

    expect(words()).toContain("Dan hoef je niets te doen.");
    expect([...document.querySelectorAll("button")].map((one) => one.textContent)).not.toContain("Nee zeggen");
    click("Overnemen");
    expect(on.onAccept).toHaveBeenCalledExactlyOnceWith(null);
  });

  it("names the shift of mine that a swap costs", () => {
    const on = shown({ mine: ["own"] });

    expect(words()).toContain("Jouw dienst daarvoor: donderdag 24 december, 7–11 uur.");
    click("Ruilen");
    expect(on.onAccept).toHaveBeenCalledExactlyOnceWith("own");
  });

  it("asks which of mine when several would do", () => {
    const on = shown({ mine: ["own", "p"] }, [own, place()]);

    click("Ruilen");
    expect(on.onAccept).not.toHaveBeenCalled();
    expect(document.querySelector("[role=alert]")?.textContent).toBe("Kies welke dienst je ervoor geeft.");
    document.querySelector<HTMLInputElement>('input[value="p"]')?.click();
    click("Ruilen");
    expect(on.onAccept).toHaveBeenCalledExactlyOnceWith("p");
  });

  it("is declined after one question, without a reason", () => {
    const on = shown({ to_me: true });

    click("Nee zeggen");
    expect(on.onDecline).not.toHaveBeenCalled();
    expect(words()).toContain("Een reden hoeft niet.");
    click("Ja, nee zeggen");
    expect(on.onDecline).toHaveBeenCalledOnce();
  });
});

describe("the open shifts", () => {
  const one = openShift();

  it("say in words how hard somebody is needed", () => {
    show(OpenForMe, { shifts: [one, { ...one, shift: "b", need: "needed" }, { ...one, shift: "c", need: "welcome" }], onSignUp: vi.fn() });

    for (const said of ["het hardst nodig (hoog)", "nodig (middel)", "welkom (laag)"]) expect(words()).toContain(said);
  });

  it("are taken with one press", () => {
    const onSignUp = vi.fn();
    show(OpenForMe, { shifts: [one], onSignUp });

    expect(button("Aanmelden").getAttribute("aria-label")).toBe(`Aanmelden: ${EVENING}`);
    click("Aanmelden");
    expect(onSignUp).toHaveBeenCalledExactlyOnceWith(one);
  });

  it("say that there is none", () => {
    show(OpenForMe, { shifts: [], onSignUp: vi.fn() });

    expect(words()).toContain("Er is nu geen open dienst die jij kunt doen.");
  });
});

describe("a refusal", () => {
  it.each([
    ["shift-full", "Een collega was je net voor."],
    ["overlaps", "Je hebt dan al een andere dienst."],
    ["too-little-rest", "minder dan elf uur rust"],
    ["swap-gone", "Deze vraag is al weg"],
    ["unreachable", "De lijn is nu niet te bereiken."],
  ])("%s is said to me, kindly: %s", (code, said) => {
    expect(refusal(code)).toContain(said);
  });
});
