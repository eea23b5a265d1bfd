// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";

import Composer from "./Composer.svelte";
import Conversation from "./Conversation.svelte";
import Lines from "./Lines.svelte";
import Markdown from "../Markdown.svelte";
import OfferCard from "./OfferCard.svelte";
import { EMPTY_ROOM, type Room, type ShownLine } from "./state.ts";
import { click, press, show } from "../test-page.ts";
import { contact } from "../test-views.ts";
import { blank, type Draft } from "./wrapup.ts";
import WrapUpForm from "./WrapUpForm.svelte";

const VIEW = contact("c");

const ROOM: Room = { ...EMPTY_ROOM, has_key: true };

describe("the composer", () => {
  function composer(draft: string, change: object = {}) {
    const onSay = vi.fn();
    show(Composer, { draft, isDisabled: false, known: ["113"], onDraft: vi.fn(), onSay, ...change });
    return { onSay, field: document.querySelector("textarea") ?? expect.fail("no field") };
  }

  it("sends with Enter, and not with Shift and Enter", () => {
    const { onSay, field } = composer("  Vertel maar ");

    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", shiftKey: true, bubbles: true }));
    expect(onSay).not.toHaveBeenCalled();
    press("Enter", field);
    expect(onSay).toHaveBeenCalledExactlyOnceWith("Vertel maar");
  });

  it("asks before it sends a telephone number, and sends only after yes", () => {
    const { onSay, field } = composer("Bel 06-12345678");

    press("Enter", field);
    expect(onSay).not.toHaveBeenCalled();
    expect(document.querySelector("dialog h2")?.textContent).toBe("Weet je het zeker?");
    click("Toch versturen");
    expect(onSay).toHaveBeenCalledExactlyOnceWith("Bel 06-12345678");
  });

  it("sends nothing after Terug", () => {
    const { onSay, field } = composer("Bel 06-12345678");

    press("Enter", field);
    click("Terug");
    expect(onSay).not.toHaveBeenCalled();
    expect(document.querySelector("dialog")).toBeNull();
  });

  it("sends nothing while the visitor may not be safe, nothing empty and nothing too long", () => {
    const frozen = composer("Bent u daar?", { isDisabled: true });
    press("Enter", frozen.field);
    expect(frozen.onSay).not.toHaveBeenCalled();
    expect(frozen.field.readOnly).toBe(true);
    document.body.replaceChildren();

    const long = composer("é".repeat(2_001));
    press("Enter", long.field);
    expect(long.onSay).not.toHaveBeenCalled();
  });
});

describe("the lines", () => {
  const line: ShownLine = {
    client_id: "1",
    seq: 1,
    by: "visitor",
    state: "there",
    text: "<b>dag</b> https://voorbeeld.nl",
    at: 1,
    why: null,
    gap_before: false,
    is_ours: false,
  };

  it("stand in a log, as text and never as HTML or links", () => {
    show(Lines, { label: "Berichten", startedAt: 0, room: { ...ROOM, lines: [line] }, onResend: vi.fn() });

    expect(document.querySelector("[role=log] > ol > li")?.textContent).toContain("<b>dag</b>");
    expect(document.querySelector("[role=log] b, [role=log] a")).toBeNull();
  });

  it("say what is sent, what waits, what is missing and what was refused", () => {
    const lines: ShownLine[] = [
      { ...line, client_id: "2", by: "volunteer", state: "sending", seq: null },
      { ...line, client_id: "3", state: "key_follows", text: null },
      { ...line, client_id: "4", gap_before: true },
      { ...line, client_id: "5", by: "volunteer", state: "refused", why: "frozen" },
    ];
    const onResend = vi.fn();
    show(Lines, { label: "Berichten", startedAt: 0, room: { ...ROOM, lines }, onResend });

    const words = document.body.textContent;
    for (const expected of ["wordt verstuurd", "sleutel volgt", "een bericht ontbreekt", "niet verstuurd"]) {
      expect(words).toContain(expected);
    }
    click("Opnieuw versturen");
    expect(onResend).toHaveBeenCalledExactlyOnceWith("5");
  });
});

describe("a conversation", () => {
  const orders = () => ({
    onDraft: vi.fn(),
    onSay: vi.fn(),
    onResend: vi.fn(),
    onWarn: vi.fn(),
    onKeep: vi.fn(),
    onEnd: vi.fn(),
    onRelease: vi.fn(),
    onHandOver: vi.fn(),
    onReadAlong: vi.fn(),
    onStop: vi.fn(),
  });

  it("shows no clock by itself", () => {
    show(Conversation, { view: VIEW, room: ROOM, serverNow: 3_600_000, ...orders() });

    expect(document.body.textContent).not.toContain("Duur");
  });

  it("asks what to do after 120 s away, and only then", () => {
    const on = orders();
    const view = { ...VIEW, state: "caller_away", visitor_up: false, away_asked: true };
    show(Conversation, { view, room: ROOM, serverNow: 0, ...on });

    click("Blijven wachten (tot 15 min)");
    expect(on.onKeep).toHaveBeenCalledOnce();
    click("Afronden");
    expect(on.onEnd).toHaveBeenCalledExactlyOnceWith("ended");
  });

  it("sends one warning at the first press on abuse, and stops at the second", () => {
    const on = orders();
    show(Conversation, { view: VIEW, room: ROOM, serverNow: 0, ...on });
    click("Misbruik: waarschuwing sturen");
    expect(on.onWarn).toHaveBeenCalledOnce();
    expect(on.onEnd).not.toHaveBeenCalled();
    document.body.replaceChildren();

    show(Conversation, { view: VIEW, room: { ...ROOM, warned: true }, serverNow: 0, ...on });
    click("Gesprek stoppen");
    expect(on.onEnd).toHaveBeenCalledExactlyOnceWith("abuse");
  });

  it("says that the visitor may not be safe", () => {
    show(Conversation, { view: { ...VIEW, frozen: true }, room: ROOM, serverNow: 0, ...orders() });

    expect(document.body.textContent).toContain("weg, misschien niet veilig");
    expect(document.querySelector("textarea")?.readOnly).toBe(true);
  });

  it("hands over without asking why, after one confirmation", () => {
    const on = orders();
    show(Conversation, { view: VIEW, room: ROOM, serverNow: 0, ...on });

    click("Ik ken deze persoon");
    expect(on.onRelease).not.toHaveBeenCalled();
    click("Ja, overdragen");
    expect(on.onRelease).toHaveBeenCalledOnce();
  });
});

describe("the wrap-up form", () => {
  function form(draft: Draft = blank()) {
    const on = { onDraft: vi.fn(), onDone: vi.fn() };
    show(WrapUpForm, { view: { ...VIEW, state: "wrapup" }, room: ROOM, draft, ...on });
    return on;
  }

  it("asks for the nature when it is missing", () => {
    const on = form();

    click("Klaar");
    expect(on.onDone).not.toHaveBeenCalled();
    expect(document.querySelector("[role=alert]")?.textContent).toBe("Kies eerst de aard van het gesprek.");
    expect((document.activeElement as HTMLInputElement).name).toBe("nature");
  });

  it("ends ready with Klaar and on a break with Even pauze", () => {
    const on = form({ ...blank(), nature: "talk" });

    click("Klaar");
    click("Even pauze");
    expect(on.onDone.mock.calls.map(([, then]) => then)).toEqual(["ready", "paused"]);
  });

  it("takes a digit as how heavy it was", () => {
    const on = form();

    press("4");
    expect(on.onDraft).toHaveBeenCalledExactlyOnceWith({ ...blank(), heaviness: 4 });
  });

  it("has no field for free text", () => {
    form();

    expect(document.querySelector("textarea, input[type=text], input:not([type])")).toBeNull();
  });
});

describe("an offer", () => {
  it("names channel and language, and hides the running seconds from a screen reader", () => {
    const offer = { contact: "c", epoch: 1, channel: "chat", language: "en", until_at: 20_000 };
    show(OfferCard, { offer, isOwnPhone: false, now: 5_000, onAccept: vi.fn(), onDecline: vi.fn() });

    expect(document.body.textContent).toContain("Chat, Engels");
    expect(document.querySelector("[aria-hidden=true]")?.textContent).toContain("15");
    expect(document.querySelector("[aria-live], [role=status], [role=timer]")).toBeNull();
  });
});

describe("a card of the werkwijzer", () => {
  it("becomes real elements, one level below its own title", () => {
    show(Markdown, { source: "## Eerst\nBlijf **rustig**.\n- <i>een</i>", under: 3 });

    expect(document.querySelector("h4")?.textContent).toBe("Eerst");
    expect(document.querySelector("strong")?.textContent).toBe("rustig");
    expect(document.querySelector("li")?.textContent).toBe("<i>een</i>");
    expect(document.querySelector("i")).toBeNull();
  });
});
