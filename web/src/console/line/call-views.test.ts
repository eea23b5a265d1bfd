// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";

import type { CallView, ContactView, OfferView, Presence } from "../../shared/contract.gen.ts";
import CallPanel from "./CallPanel.svelte";
import Calls from "./Calls.svelte";
import CareCard from "../coaching/CareCard.svelte";
import HandOver from "./HandOver.svelte";
import OfferCard from "./OfferCard.svelte";
import type { PhoneState, Quality } from "./phone.ts";
import PhoneSettings from "./PhoneSettings.svelte";
import { EMPTY_ROOM, START } from "./state.ts";
import { button, click, show } from "../test-page.ts";
import { contact } from "../test-views.ts";
import { blank } from "./wrapup.ts";
import WrapUpForm from "./WrapUpForm.svelte";

const CALL = contact("c", { channel: "phone", members_version: 0, call: { state: "talking", code_left: true } });

const words = () => document.body.textContent;
const isOff = (name: string) => button(name).getAttribute("aria-disabled") === "true";

describe("a call on the screen", () => {
  function panel(change: Partial<ContactView> = {}, more: object = {}) {
    const on = {
      callable: [],
    onThird: vi.fn(),
    onThirdStop: vi.fn(),
    onThirdLeave: vi.fn(),
    onMute: vi.fn(),
      onHold: vi.fn(),
      onWarn: vi.fn(),
      onEnd: vi.fn(),
      onRelease: vi.fn(),
      onHandOver: vi.fn(),
      onCode: vi.fn(),
      onSilent: vi.fn(),
    };
    show(CallPanel, {
      view: { ...CALL, ...change },
      phone: "in_call" satisfies PhoneState,
      quality: "good" satisfies Quality,
      isMuted: false,
      isOwnPhone: false,
      wasWarned: false,
      code: null,
      serverNow: 3_600_000,
      ...on,
      ...more,
    });
    return on;
  }

  const stands = (state: CallView["state"]) => ({ call: { state, code_left: true } });

  it("says in words how the call stands, and shows no clock by itself", () => {
    for (const [state, said] of [
      ["connecting", "wordt verbonden"],
      ["talking", "in gesprek"],
      ["held", "de beller staat in de wacht"],
      ["alone", "de beller wacht; je praat met de achterwacht"],
      ["third_ringing", "er wordt iemand bij gebeld"],
      ["third", "met z'n drieën in gesprek"],
    ] as const) {
      panel(stands(state));
      expect(document.querySelector(".ll-phone__bar [role=status]")?.textContent).toContain(said);
      expect(words()).not.toContain("Duur");
      document.body.replaceChildren();
    }
  });

  it("has the buttons of a telephone, each named by what it does now", () => {
    const on = panel();
    click("Microfoon uit");
    click("In de wacht");
    expect(on.onMute).toHaveBeenCalledExactlyOnceWith(true);
    expect(on.onHold).toHaveBeenCalledExactlyOnceWith(true);
    document.body.replaceChildren();

    const later = panel(stands("held"), { isMuted: true });
    expect(words()).toContain("je microfoon staat uit");
    click("Microfoon aan");
    click("Uit de wacht");
    expect(later.onMute).toHaveBeenCalledExactlyOnceWith(false);
    expect(later.onHold).toHaveBeenCalledExactlyOnceWith(false);
  });

  it("lets nobody press what cannot be done while it is being connected", () => {
    const on = panel(stands("connecting"), { phone: "ringing" });

    for (const name of ["Microfoon uit", "In de wacht"]) {
      expect(isOff(name), name).toBe(true);
      click(name);
    }
    expect(on.onMute).not.toHaveBeenCalled();
    expect(on.onHold).not.toHaveBeenCalled();
  });

  it("is ended after one confirmation", () => {
    const on = panel();

    click("Ophangen");
    expect(on.onEnd).not.toHaveBeenCalled();
    click("Ja, ophangen");
    expect(on.onEnd).toHaveBeenCalledExactlyOnceWith("ended");
  });

  it("lends the warning to be read out at the first press on abuse, and stops at the second", () => {
    const first = panel();
    click("Misbruik: waarschuwing voorlezen");
    expect(words()).toContain("Ik luister graag naar u, maar niet op deze manier.");
    expect(first.onWarn).toHaveBeenCalledOnce();
    expect(first.onEnd).not.toHaveBeenCalled();
    document.body.replaceChildren();

    const second = panel({}, { wasWarned: true });
    click("Gesprek stoppen");
    expect(second.onEnd).toHaveBeenCalledExactlyOnceWith("abuse");
  });

  it("gives the warning in the caller's language, and says that it is English", () => {
    panel({ language: "en" }, { wasWarned: true });

    expect(words()).toContain("De beller spreekt Engels.");
    expect(document.querySelector("[lang=en]")?.textContent).toContain("I am glad to listen to you");
  });

  it("shows a code in pairs, to read out, and offers another one only while there is one", () => {
    panel({ call: { state: "talking", code_left: false } }, { code: "01234567" });

    expect(words()).toContain("01 23 45 67");
    expect([...document.querySelectorAll("button")].map((one) => one.textContent)).not.toContain("Code geven");
  });

  it("says what the line is like in words", () => {
    panel({}, { quality: "weak" });
    expect(words()).toContain("De verbinding is zwak.");
    document.body.replaceChildren();

    panel({}, { quality: "bad" });
    expect(words()).toContain("De verbinding valt weg.");
  });

  it("says that this telephone is out of the conversation, and says it of no own phone", () => {
    panel({}, { phone: "failed" });
    expect(words()).toContain("Je telefoon is uit het gesprek.");
    document.body.replaceChildren();

    panel({}, { phone: "off", isOwnPhone: true });
    expect(words()).not.toContain("Je telefoon is uit het gesprek.");
    expect(words()).toContain("Je belt op je eigen telefoon.");
    expect([...document.querySelectorAll("button")].map((one) => one.textContent)).not.toContain("Microfoon uit");
  });

  it("is handed over once at a time, and shows who is asked", () => {
    const on = panel({ handing: { alias: "Els", until_at: 0 } });

    click("Overdragen");
    expect(isOff("Overdragen")).toBe(true);
    expect(on.onHandOver).not.toHaveBeenCalled();
    expect(words()).toContain("Je wacht op antwoord van Els");
  });

  it("has no field to type in: a number typed by hand is never called", () => {
    panel();

    expect(document.querySelector("input, textarea, select")).toBeNull();
  });

  it("points to the card for a silent call", () => {
    const on = panel();

    click("Kaart: een stil gesprek");
    expect(on.onSilent).toHaveBeenCalledOnce();
  });
});

describe("an offer of a call", () => {
  const OFFER: OfferView = { contact: "c", epoch: 1, channel: "phone", language: "nl", until_at: 60_000, from_alias: null };

  function card(change: Partial<OfferView> = {}, more: object = {}): void {
    const orders = { onAccept: vi.fn(), onDecline: vi.fn() };
    show(OfferCard, { offer: { ...OFFER, ...change }, isOwnPhone: false, now: 5_000, ...orders, ...more });
  }

  it("lasts 20 seconds here and 35 on the own phone, where a key takes it", () => {
    card();
    expect(words()).toContain("nog 20 seconden");
    expect(words()).not.toContain("toets 1");
    document.body.replaceChildren();

    card({}, { isOwnPhone: true });
    expect(words()).toContain("nog 35 seconden");
    expect(words()).toContain("Je eigen telefoon gaat. Neem op en toets 1.");
  });

  it("says who hands over", () => {
    card({ from_alias: "Els" });

    expect(words()).toContain("Els wil dit gesprek aan je overdragen.");
  });

  it("says that the telephone of this browser is not working, for a call here only", () => {
    const DOWN = "De telefoon in deze browser werkt nu niet.";
    card({}, { isPhoneDown: true });
    expect(words()).toContain(DOWN);
    document.body.replaceChildren();

    card({ channel: "chat" }, { isPhoneDown: true });
    expect(words()).not.toContain(DOWN);
    document.body.replaceChildren();

    card({}, { isPhoneDown: true, isOwnPhone: true });
    expect(words()).not.toContain(DOWN);
  });
});

describe("handing over", () => {
  it("asks who is free, by alias, and says who is not", () => {
    const onChoose = vi.fn();
    const people = [
      { person: "1", alias: "Els", free: true },
      { person: "2", alias: "Jan", free: false },
    ];
    show(HandOver, { people, onChoose, onClose: vi.fn() });

    click("Els vragen");
    expect(onChoose).toHaveBeenCalledExactlyOnceWith("1");
    expect(words()).toContain("nu niet vrij");
    expect([...document.querySelectorAll("button")].map((one) => one.textContent)).not.toContain("Jan vragen");
  });

  it("says that nobody else is there", () => {
    show(HandOver, { people: [], onChoose: vi.fn(), onClose: vi.fn() });

    expect(document.querySelector("[role=status]")?.textContent).toBe("Er is nu niemand anders aanwezig.");
  });
});

describe("where calls are taken", () => {
  const PRESENCE: Presence = {
    state: "ready",
    since_at: 0,
    capacity: 1,
    load: 0,
    rest_until_at: null,
    care_until_at: null,
    takes_calls: true,
    phone_at: "browser",
    has_own_phone: true,
  };

  const place = (name: string) => document.querySelector<HTMLInputElement>(`input[value=${name}]`) ?? expect.fail(name);

  function settings(change: Partial<Presence>, answer: boolean, kind: "twilio" | "loopback" = "twilio") {
    const onTakeCalls = vi.fn(async () => answer);
    show(PhoneSettings, { presence: { ...PRESENCE, ...change }, kind, onTakeCalls });
    return onTakeCalls;
  }

  it("goes back to what it was when the line refuses the change", async () => {
    const onTakeCalls = settings({}, false);

    place("own").click();
    await vi.waitFor(() => expect(place("browser").checked).toBe(true));
    expect(onTakeCalls).toHaveBeenCalledExactlyOnceWith("own");
  });

  it("offers no own phone to who has no number on record, and says why", () => {
    settings({ has_own_phone: false }, true);

    expect(place("own").disabled).toBe(true);
    expect(words()).toContain("Er is geen nummer van je bekend.");
  });

  it("explains the microphone before the browser asks, and tells what came of it", async () => {
    const stop = vi.fn();
    const getUserMedia = vi.fn(async () => ({ getTracks: () => [{ stop }] }));
    vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
    settings({}, true);

    expect(words()).toContain("Er wordt niets opgenomen.");
    expect(getUserMedia).not.toHaveBeenCalled();
    click("Microfoon proberen");
    await vi.waitFor(() => expect(words()).toContain("Je microfoon werkt."));
    expect(stop).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });

  it("says what to do when there is no microphone, or it may not be used", async () => {
    for (const [name, said] of [
      ["NotFoundError", "Deze computer heeft geen microfoon."],
      ["NotAllowedError", "Sta dat toe bij het slotje naast het adres."],
    ] as const) {
      vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: () => Promise.reject(new DOMException("", name)) } });
      settings({}, true);
      click("Microfoon proberen");
      await vi.waitFor(() => expect(words()).toContain(said));
      vi.unstubAllGlobals();
      document.body.replaceChildren();
    }
  });

  it("asks for no microphone on an own phone, nor in the demo, which has no sound", () => {
    settings({ phone_at: "own" }, true);
    settings({}, true, "loopback");

    expect(words()).not.toContain("Microfoon proberen");
    expect(words()).toContain("De telefoon van de demo heeft geen geluid.");
  });
});

describe("beside a call", () => {
  it("the list names it, and how it stands", () => {
    const presence = { state: "ready", since_at: 0, capacity: 1, load: 1, rest_until_at: null, care_until_at: null, takes_calls: true, phone_at: "browser", has_own_phone: false } as const;
    const snapshot = { version: 1, now_at: 1, alias: "Anja", shift: null, next_shift: null, presence, offer: null, contacts: [CALL] };
    const onOpen = vi.fn();
    show(Calls, { now: { ...START, snapshot, rooms: { c: EMPTY_ROOM }, open: "c" }, onOpen });

    const entry = document.querySelector<HTMLButtonElement>("[aria-current=true]") ?? expect.fail("no entry");
    expect(entry.textContent).toMatch(/Telefoon 1\s*in gesprek/);
    entry.click();
    expect(onOpen).toHaveBeenCalledExactlyOnceWith("c");
  });

  it("the wrap-up speaks of a call, and of no messages", () => {
    show(WrapUpForm, { view: { ...CALL, state: "wrapup" }, room: EMPTY_ROOM, draft: blank(), onDraft: vi.fn(), onDone: vi.fn() });

    expect(document.querySelector("h2")?.textContent).toBe("Telefoon 1 afronden");
    expect(words()).toContain("er is niets opgenomen");
    expect(words()).not.toContain("berichten");
  });

  it("a rest is ended by the volunteer only", () => {
    const onBack = vi.fn();
    show(CareCard, { until_at: Date.parse("2026-11-24T20:10:00Z"), onBack });

    expect(words()).toContain("Voorstel: rust tot 21.10.");
    expect(onBack).not.toHaveBeenCalled();
    click("Ik ben er weer");
    expect(onBack).toHaveBeenCalledOnce();
  });
});
