// @vitest-environment jsdom
import { flushSync } from "svelte";
import { describe, expect, it, vi } from "vitest";

import BesideLine from "../line/BesideLine.svelte";
import CareCard from "./CareCard.svelte";
import CoachPanel from "./CoachPanel.svelte";
import GoHome from "../line/GoHome.svelte";
import HelpLine from "./HelpLine.svelte";
import Invitation from "../line/Invitation.svelte";
import PhoneBar from "../line/PhoneBar.svelte";
import ReadAlong from "../line/ReadAlong.svelte";
import Requests from "./Requests.svelte";
import { EMPTY_ROOM } from "../line/state.ts";
import Talks from "./Talks.svelte";
import { beside, contact, help, joined, request, side } from "../test-views.ts";
import { button, click, show } from "../test-page.ts";

const words = () => document.body.textContent;
const status = () => document.querySelector("[role=status]")?.textContent.trim();
const named = (name: string) => document.querySelector<HTMLElement>(`[aria-label="${name}"]`) ?? expect.fail(`nothing named ${name}`);
const buttons = () => [...document.querySelectorAll("button")].map((one) => one.textContent.trim());

describe("asking for help", () => {
  function line(change: object = {}) {
    const on = { onAsk: vi.fn(async () => true), onWithdraw: vi.fn(), onCard: vi.fn(), onAnswer: vi.fn(), onMute: vi.fn() };
    const body = show(HelpLine, { help: null, hasContact: true, phone: null, isMuted: false, ...on, ...change });
    return { ...on, body };
  }

  it("has its status ready before there is anything to say", () => {
    line();

    expect(status()).toBe("");
    expect(buttons()).toEqual([]);
  });

  it.each([
    [{ state: "open", alias: null }, "Wij vragen de achterwacht."],
    [{ state: "open", alias: null, urgent: true }, "Dringend: wij vragen de achterwacht."],
    [{ state: "calling", alias: "Ada" }, "Ada wordt nu gebeld."],
    [{ state: "taken", alias: "Ada" }, "Ada helpt je."],
  ] as const)("%o says %s", (change, said) => {
    line({ help: help(change) });

    expect(status()).toBe(said);
  });

  it("tells who reached nobody what to do, in words, and leads to the card", () => {
    const on = line({ help: help({ state: "nobody", urgent: true }) });

    expect(status()).toContain("Niemand bereikt.");
    expect(status()).toContain("112");
    expect(status()).toContain("113 of 0800-0113");
    expect(status()).toContain("Alt+W");
    click("Kaart openen: leven in gevaar");
    expect(on.onCard).toHaveBeenCalledOnce();
    click("Nog eens vragen");
    expect(on.onAsk).toHaveBeenCalledExactlyOnceWith(true);
  });

  it("can be made urgent until somebody helps, and be withdrawn at any time", () => {
    const on = line({ help: help() });
    click("Toch dringend");
    expect(on.onAsk).toHaveBeenCalledExactlyOnceWith(true);
    click("Hulp intrekken");
    expect(on.onWithdraw).toHaveBeenCalledExactlyOnceWith("own");
    document.body.replaceChildren();

    line({ help: help({ state: "taken", alias: "Ada" }) });
    expect(buttons()).toEqual(["Ik kan weer verder"]);
  });

  it("lets who helps be answered where no call of one's own is on the screen", () => {
    const on = line({ help: help({ state: "taken", alias: "Ada" }), phone: "ringing" });

    expect(status()).toContain("Je telefoon gaat: het is de achterwacht.");
    click("Opnemen");
    expect(on.onAnswer).toHaveBeenCalledOnce();
  });
});

describe("who is beside a conversation", () => {
  it("is told in one status, and a colleague can be thanked, a coach not", () => {
    const onStop = vi.fn();
    const view = contact("c", { beside: [beside("Anja"), beside("Ada", { role: "coach" })] });
    show(BesideLine, { view, onStop });

    expect(status()).toBe("— Anja leest mee (de chatter ziet dit) —— Ada leest mee (de chatter ziet dit) —");
    expect(document.querySelector("[role=status] button")).toBeNull();
    expect(buttons()).toEqual(["Stoppen"]);
    named("Stoppen met meelezen: Anja").click();
    expect(onStop).toHaveBeenCalledExactlyOnceWith("joining of Anja");
  });

  it("a question that waits can be taken back, also from a coach", () => {
    const onStop = vi.fn();
    show(BesideLine, { view: contact("c", { beside: [beside("Ada", { role: "coach", state: "asked" })] }), onStop });

    expect(status()).toBe("Je vroeg Ada om mee te lezen. Je wacht op antwoord.");
    click("Vraag intrekken");
    expect(onStop).toHaveBeenCalledOnce();
  });

  it("is asked from a list that says what each is, a mentor first", () => {
    const onChoose = vi.fn();
    const people = [
      { person: "1", alias: "Jan", role: "colleague", free: true },
      { person: "2", alias: "Els", role: "mentor", free: false },
    ];
    show(ReadAlong, { people, onChoose, onClose: vi.fn() });

    expect([...document.querySelectorAll("li")].map((one) => one.textContent.replaceAll(/\s+/g, " ").trim())).toEqual([
      "Els (mentor) Els vragen",
      "Jan (collega) Jan vragen",
    ]);
    click("Els vragen");
    expect(onChoose).toHaveBeenCalledExactlyOnceWith("2");
  });

  it("is asked by name, with the seconds seen and not announced", () => {
    const onAnswer = vi.fn();
    show(Invitation, { asked: joined("c", { state: "asked", until_at: 20_000 }), now: 5_000, onAnswer });

    expect(words()).toContain("Anja vraagt: lees je mee?");
    expect(document.querySelector("[aria-hidden=true]")?.textContent).toContain("15");
    expect(document.querySelector("[aria-live], [role=status], [role=timer]")).toBeNull();
    click("Nu niet");
    click("Meelezen");
    expect(onAnswer.mock.calls).toEqual([[false], [true]]);
  });
});

describe("the coach's list", () => {
  function list(change: object, asides: object[] = []) {
    const on = { onTake: vi.fn(), onOpen: vi.fn() };
    show(Requests, { side: side({ on_duty: true, ...change }), asides, openKey: null, ...on });
    return on;
  }

  it("says urgent in a word, and what each request is about", () => {
    list({ requests: [request("Bas", { channel: "phone", branch_name: null, contact: null }), request("Vera", { urgent: true })] });

    const [first = "", second = ""] = [...document.querySelectorAll("li")].map((one) => one.textContent.replaceAll(/\s+/g, " ").trim());
    expect(first).toMatch(/Dringend Vera, Utrecht bij een chat · gevraagd om .* · wacht op hulp/);
    expect(second).toMatch(/^Bas bij een telefoongesprek/);
    expect(second).not.toContain("Dringend");
  });

  it("lets each be taken that nobody has, by a button that says whose it is", () => {
    const on = list({ requests: [request("Vera"), request("Bas", { state: "taken" })] });

    expect(buttons()).toEqual(["Oppakken"]);
    named("Oppakken: hulpvraag van Vera").click();
    expect(on.onTake).toHaveBeenCalledExactlyOnceWith("request of Vera");
  });

  it("opens what one has taken, and what one reads along with", () => {
    const mine = request("Vera", { mine: true, state: "taken" });
    const reading = { key: "r", request: null, joined: joined("c") };
    const on = list({ requests: [mine] }, [{ key: mine.request, request: mine, joined: null }, reading]);

    click("Hulpvraag van Vera");
    click("Meelezen met Anja");
    expect(on.onOpen.mock.calls).toEqual([["request of Vera"], ["r"]]);
  });

  it("is not there for who has no duty and nothing to help with", () => {
    show(Requests, { side: side(), asides: [], openKey: null, onTake: vi.fn(), onOpen: vi.fn() });

    expect(words().trim()).toBe("");
  });
});

describe("helping", () => {
  const TAKEN = request("Vera Demo", { mine: true, state: "taken", contact: "c" });

  function panel(aside: object, change: object = {}) {
    const on = { onJoin: vi.fn(), onLeave: vi.fn(), onTakeOver: vi.fn(), onDone: vi.fn(), onEmergency: vi.fn(async () => true), onAnswer: vi.fn(), onMute: vi.fn() };
    const usual = { room: { ...EMPTY_ROOM, has_key: true }, isTaken: false, phone: "ready", isMuted: false, hasEmergency: false };
    show(CoachPanel, { aside: { key: "k", request: TAKEN, joined: null, ...aside }, ...usual, ...on, ...change });
    return on;
  }

  it("in a chat is reading along, or speaking alone; taking over comes after one of them", () => {
    const on = panel({});

    expect(buttons()).toEqual(["Meelezen", "Alleen met de vrijwilliger", "Overnemen", "Klaar"]);
    click("Overnemen");
    expect(document.querySelector("dialog")).toBeNull();
    expect(words()).toContain("Overnemen kan als je bij het gesprek bent.");
    click("Meelezen");
    expect(on.onJoin).toHaveBeenCalledExactlyOnceWith("read");
  });

  it("takes over after one confirmation, and not before", () => {
    const on = panel({ joined: joined("c") });

    click("Overnemen");
    expect(on.onTakeOver).not.toHaveBeenCalled();
    expect(words()).toContain("Vera Demo krijgt rust");
    click("Ja, overnemen");
    expect(on.onTakeOver).toHaveBeenCalledOnce();
  });

  it("in a call has four ways, the one in force pressed and said in words, and a telephone", () => {
    const call = request("Vera", { mine: true, state: "taken", contact: "c", channel: "phone" });
    const on = panel({ request: call, joined: joined("c", { channel: "phone", mode: "whisper" }) }, { phone: "in_call" });

    expect(buttons().slice(0, 4)).toEqual(["Alleen met de vrijwilliger", "Meeluisteren", "Fluisteren", "Meepraten"]);
    expect(button("Fluisteren").getAttribute("aria-pressed")).toBe("true");
    expect(words()).toContain("Je fluistert: alleen de vrijwilliger hoort je.");
    click("Microfoon uit");
    expect(on.onMute).toHaveBeenCalledExactlyOnceWith(true);
    click("Uit het gesprek gaan");
    expect(on.onLeave).toHaveBeenCalledOnce();
  });

  it("shows a chat read only: no field, and no line is called one's own", () => {
    const line = { client_id: "1", seq: 1, by: "volunteer", state: "there", text: "Vertel maar", at: 5, why: null, gap_before: false, is_ours: false };
    panel({ joined: joined("c") }, { room: { ...EMPTY_ROOM, has_key: true, lines: [line] } });

    expect(document.querySelector("textarea, input")).toBeNull();
    expect(document.querySelector("[role=log] li")?.textContent).toMatch(/Vrijwilliger.*Vertel maar/s);
    expect(words()).not.toContain("Jij");
  });

  it("outside a conversation lets the two telephones ring, and says so", () => {
    const on = panel({ request: request("Vera", { mine: true, state: "taken", contact: null, channel: null }) });

    expect(buttons()).toEqual(["Alleen met de vrijwilliger", "Klaar"]);
    click("Alleen met de vrijwilliger");
    expect(on.onJoin).toHaveBeenCalledExactlyOnceWith("alone");
    expect(words()).toContain("Jullie telefoons gaan.");
  });

  it("has nothing to choose once the conversation is one's own", () => {
    panel({}, { isTaken: true });

    expect(words()).toContain("Dit gesprek is nu van jou.");
    expect(buttons()).toEqual(["Klaar"]);
  });

  it("notes who decided about 112 where the line agreed on it, and says what was noted", async () => {
    const on = panel({}, { hasEmergency: true });

    expect(words()).toContain("Jij besluit of 112 wordt gebeld, niet de vrijwilliger.");
    click("Ik besluit: 112 niet bellen");
    await vi.waitFor(() => expect(words()).toContain("Genoteerd: 112 niet bellen."));
    click("Ik besluit: 112 bellen");
    await vi.waitFor(() => expect(button("Ik besluit: 112 bellen").getAttribute("aria-pressed")).toBe("true"));

    expect(on.onEmergency.mock.calls).toEqual([[false], [true]]);
    expect(button("Ik besluit: 112 niet bellen").getAttribute("aria-pressed")).toBe("false");
  });

  it("says nothing is noted when that was refused, and offers nothing to who reads along", async () => {
    const refused = vi.fn(async () => false);
    panel({}, { hasEmergency: true, onEmergency: refused });
    click("Ik besluit: 112 bellen");
    await vi.waitFor(() => expect(refused).toHaveBeenCalledOnce());
    expect(words()).not.toContain("Genoteerd");

    panel({ request: null, joined: joined("c") }, { hasEmergency: true });
    expect(buttons().filter((name) => name.includes("112"))).toEqual(["Ik besluit: 112 bellen", "Ik besluit: 112 niet bellen"]);
  });

  it("by invitation is reading, and leaving", () => {
    const on = panel({ request: null, joined: joined("c") });

    expect(words()).toContain("— Je leest mee. De chatter ziet dit. —");
    expect(buttons()).toEqual(["Stoppen met meelezen"]);
    click("Stoppen met meelezen");
    expect(on.onLeave).toHaveBeenCalledOnce();
  });

  it("points to the own phone when that of the browser does nothing", () => {
    show(PhoneBar, { phone: "off", isMuted: false, onAnswer: vi.fn(), onMute: vi.fn() });

    expect(status()).toContain("Gaat je eigen telefoon? Neem op en toets 1.");
    expect(buttons()).toEqual([]);
  });
});

describe("after-care", () => {
  it("names who wants to talk, what they said and the hour, and nothing else", () => {
    const onDone = vi.fn();
    const at = Date.parse("2026-11-24T14:00:00+01:00");
    show(Talks, { talks: [{ talk: "t", name: "Vera Demo", wanted: "heavy", at }], onDone });

    expect(document.querySelector("li")?.textContent.replaceAll(/\s+/g, " ").trim()).toBe(
      "Vera Demo had drie zware gesprekken in één dienst dinsdag 24 november, 14 uur Gesproken",
    );
    named("Gesproken: Vera Demo").click();
    expect(onDone).toHaveBeenCalledExactlyOnceWith("t");
  });

  it("asks whether somebody wants to talk, passes on a yes, and sends nothing for a no", async () => {
    const onTalk = vi.fn(async () => true);
    show(CareCard, { until_at: null, onBack: vi.fn(), onTalk });

    click("Nee");
    expect(onTalk).not.toHaveBeenCalled();
    click("Na de dienst");
    await vi.waitFor(() => {
      flushSync();
      expect(status()).toContain("na je dienst wilt praten");
    });
    expect(onTalk).toHaveBeenCalledExactlyOnceWith("after_shift");
    expect(buttons()).not.toContain("Nee");
  });

  it("says nothing is known of a wish that did not arrive", async () => {
    const onTalk = vi.fn(async () => false);
    show(CareCard, { until_at: null, onBack: vi.fn(), onTalk });

    click("Nu");
    await vi.waitFor(() => expect(onTalk).toHaveBeenCalledOnce());
    flushSync();
    expect(status()).toBe("");
  });

  it("asks how somebody goes home, and keeps nobody: skipping and Esc are answers too", () => {
    const onAnswer = vi.fn();
    show(GoHome, { onAnswer });

    for (const name of ["Goed", "Gaat wel", "Bel me", "Overslaan"]) click(name);
    document.querySelector("dialog")?.dispatchEvent(new Event("cancel", { cancelable: true }));
    expect(onAnswer.mock.calls.flat()).toEqual(["good", "so_so", "call_me", null, null]);
  });
});
