// @vitest-environment jsdom
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import CalendarLink from "./CalendarLink.svelte";
import { addressOf } from "./feed-api.ts";
import { button, click, show } from "../test-page.ts";

/** The server: whether there is a link, and how often one was made. */
const server = { has: false, made: 0, code: "" };

function answer(method: string, path: string): Response {
  expect(path).toBe("/my/calendar");
  if (server.code !== "") return Response.json({ code: server.code }, { status: 409 });
  if (method === "GET") return Response.json({ has_link: server.has });
  server.has = method === "POST";
  if (method === "DELETE") return new Response(null, { status: 204 });
  server.made += 1;
  return Response.json({ path: `/calendar/${String(server.made).repeat(32)}.ics` }, { status: 201 });
}

const words = () => document.body.textContent.replace(/\s+/g, " ");
const address = () => document.querySelector<HTMLInputElement>("#feed-address");
const buttons = () => [...document.querySelectorAll("section button")].map((one) => one.textContent.trim());

async function screen(has: boolean): Promise<void> {
  server.has = has;
  show(CalendarLink, {});
  await settle("Je ");
}

async function settle(until: string): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    expect(words()).toContain(until);
  });
}

beforeEach(() => {
  Object.assign(server, { has: false, made: 0, code: "" });
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => Promise.resolve(answer(init.method ?? "GET", path)));
});

afterEach(() => vi.unstubAllGlobals());

describe("the calendar link", () => {
  it("is a whole address of this site", () => {
    expect(addressOf("/calendar/abc.ics", "https://console.example")).toBe("https://console.example/calendar/abc.ics");
  });

  it("is made with one press, shown, and ready to be copied", async () => {
    await screen(false);
    await settle("nog geen agendalink");

    click("Agendalink maken");
    await settle("Dit is je agendalink.");

    expect(address()?.value).toBe(`${location.origin}/calendar/${"1".repeat(32)}.ics`);
    expect(document.activeElement).toBe(address());
    expect(buttons()).toEqual(["Kopiëren", "Nieuwe link maken", "Link intrekken"]);
  });

  it("is never shown again", async () => {
    await screen(true);
    await settle("laten we hem niet nog eens zien");

    expect(address()).toBeNull();
    expect(buttons()).toEqual(["Nieuwe link maken", "Link intrekken"]);
  });

  it("is renewed only by who is sure", async () => {
    await screen(true);
    await settle("laten we hem niet nog eens zien");
    click("Nieuwe link maken");
    expect(words()).toContain("De oude link werkt dan niet meer.");
    click("Terug");
    expect(server.made).toBe(0);

    click("Nieuwe link maken");
    click("Ja, nieuwe link maken");
    await settle("Dit is je agendalink.");

    expect(server.made).toBe(1);
  });

  it("is revoked, and the focus goes to what can be done then", async () => {
    await screen(true);
    await settle("laten we hem niet nog eens zien");
    click("Link intrekken");
    click("Ja, intrekken");
    await settle("De link is ingetrokken.");

    expect(server.has).toBe(false);
    expect(document.activeElement).toBe(button("Agendalink maken"));
  });

  it.each([
    [() => Promise.resolve(), "Gekopieerd."],
    [() => Promise.reject(new Error("no")), "Kopiëren lukte niet."],
  ])("says whether it was copied", async (writeText, said) => {
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    await screen(false);
    await settle("nog geen agendalink");
    click("Agendalink maken");
    await settle("Dit is je agendalink.");

    click("Kopiëren");

    await settle(said);
  });

  it("says why when something did not work", async () => {
    await screen(false);
    await settle("nog geen agendalink");
    server.code = "try-again";

    click("Agendalink maken");

    await settle("Dat lukte niet:");
    expect(address()).toBeNull();
  });
});
