// @vitest-environment jsdom
import { flushSync } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { MessageView, VolunteerDetail } from "../../shared/contract.gen.ts";
import MessageCard from "./MessageCard.svelte";
import News from "./News.svelte";
import PersonEdit from "./PersonEdit.svelte";
import PersonTraining from "./PersonTraining.svelte";
import { button, click, show } from "../test-page.ts";
import { momentOf } from "../times.ts";

const words = () => document.body.textContent.replaceAll(/\s+/g, " ").trim();

function message(change: Partial<MessageView> = {}): MessageView {
  return {
    message: "m",
    audience: "branch",
    text: "Neem de sleutel mee",
    writer: "Cora",
    written_at: momentOf("2026-11-24", "19:18"),
    read: false,
    shift_starts_at: null,
    branch_name: null,
    people: null,
    readers: null,
    ...change,
  };
}

function detail(change: Partial<VolunteerDetail> = {}): VolunteerDetail {
  return {
    row: {
      person: "p",
      name: "Anja",
      sign_in: "anja",
      branch: "b",
      branch_name: "Utrecht",
      training: [{ channel: "chat", status: "walking_along", since: "2026-11-01" }],
      vog: null,
      vog_state: "missing",
      intervision: null,
      intervision_state: "missing",
      hours_agreed: 16,
      hours_worked: 0,
      next_shift_at: null,
      away_until: null,
      leaves: null,
      no_computer: false,
    },
    most_shifts: 8,
    most_nights: 2,
    home: false,
    nights: 0,
    weekends: 0,
    feasts: 0,
    mentor: null,
    mentor_name: null,
    history: [],
    possible: [
      { channel: "chat", steps: ["independent", "paused"] },
      { channel: "phone", steps: [] },
      { channel: "mail", steps: ["aspirant"] },
    ],
    ...change,
  };
}

/** Answers each question by the end of its path; gives what was asked. */
function server(answers: Record<string, unknown>): [string, string, unknown][] {
  const asked: [string, string, unknown][] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    asked.push([init.method ?? "GET", path, init.body === undefined ? null : JSON.parse(String(init.body))]);
    const found = answers[path];
    return found === undefined ? new Response(null, { status: 204 }) : new Response(JSON.stringify(found));
  });
  return asked;
}

const settled = async (): Promise<void> => {
  await vi.waitFor(() => expect(document.querySelector("h2")).not.toBeNull());
  await new Promise((resolve) => setTimeout(resolve));
  flushSync();
};

afterEach(() => vi.unstubAllGlobals());

describe("a message", () => {
  it("says who wrote it, when, to whom, and that it is new", () => {
    show(MessageCard, { message: message() });

    expect(words()).toBe("Cora, dinsdag 24 november 19.18nieuw aan de hele vestiging Neem de sleutel mee");
  });

  it("shows what was written as it was typed, and never as a page", () => {
    show(MessageCard, { message: message({ text: "<b>een</b>\ntwee", read: true, writer: null }) });

    expect(document.querySelector("b")).toBeNull();
    expect(words()).toContain("iemand die weg is");
    expect(words()).not.toContain("nieuw");
  });
});

describe("what a volunteer is told", () => {
  it("marks a message as read only when that was pressed, and tells how many are new", async () => {
    const asked = server({ "/messages": { messages: [message()], unread: 1 }, "/gatherings": { gatherings: [] }, "/my/last-day": { last: null } });
    const onUnread = vi.fn();
    show(News, { onSignedOut: vi.fn(), onUnread });
    await settled();

    expect(onUnread).toHaveBeenLastCalledWith(1);
    expect(asked.every(([method]) => method === "GET")).toBe(true);
    click("Gelezen");
    await settled();
    expect(asked.filter(([method]) => method === "POST")).toEqual([["POST", "/messages/m/read", {}]]);
  });
});

describe("a person's form", () => {
  it("keeps nothing without a name, or with a number that cannot be", () => {
    const change = vi.fn(async () => true);
    show(PersonEdit, { detail: detail(), change });
    const [name, hours] = ["edit-name", "edit-hours"].map((id) => document.getElementById(id) as HTMLInputElement);

    name!.value = " ";
    name!.dispatchEvent(new Event("input"));
    click("Opslaan");
    expect(words()).toContain("Vul een naam in.");
    name!.value = "Anja";
    name!.dispatchEvent(new Event("input"));
    hours!.value = "161";
    hours!.dispatchEvent(new Event("input"));
    click("Opslaan");
    expect(words()).toContain("getal van 0 tot en met 160");
    expect(change).not.toHaveBeenCalled();
  });

  it("offers only the steps that can be taken, and says who the mentor is", () => {
    show(PersonTraining, { detail: detail({ mentor_name: "Bert" }), change: vi.fn() });

    const offered = [...document.querySelectorAll("#training-status option")].map((one) => one.textContent);
    expect(offered).toEqual(["Kies", "zelfstandig", "pauze"]);
    expect(words()).toContain("Mentor: Bert");
    button("Opleiding bijwerken").click();
    flushSync();
    expect(words()).toContain("Kies wat het wordt.");
  });
});
