import { describe, expect, test } from "vitest";
import { newId, random } from "../shared/bytes.ts";
import type { Member } from "../shared/contract.gen.ts";
import { Keep } from "./keep.ts";
import { Memory, Page, Server } from "./test-ends.ts";

/** Hundreds of real key exchanges, on a machine that does other things too. */
const LONG = { timeout: 60_000 };

describe("a conversation", () => {
  test("lines typed while waiting are sealed at acceptance, in the order they were typed", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    await page.say("een", "twee");
    expect(server.said).toEqual([]);
    expect(page.shown).toEqual([["een", "kept"], ["twee", "kept"]]);

    const anja = await server.letIn();
    await page.changed(server);

    expect(await anja.read()).toEqual(["een", "twee"]);
    expect(page.shown).toEqual([["een", "sent"], ["twee", "sent"]]);
  });

  test("the next volunteer reads every line, and the page's line for a passed period too", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    const anja = await server.letIn();
    await page.changed(server);
    await page.say("aan Anja");
    await anja.learn();
    server.nobody();
    const bert = await server.letIn(); // The page has not heard of it yet.
    await page.say("wie leest dit?");
    for (const again of page.later.splice(0)) again();
    await page.talk.settled();

    expect(await bert.read()).toEqual(["aan Anja", "wie leest dit?"]);
    expect(new Set(server.said.slice(1).map((line) => line.client_id)).size).toBe(1);
    await expect(anja.read()).rejects.toThrow();
  });

  test("a line whose acknowledgement was lost is sent again byte for byte, after a reload too", async () => {
    const server = await Server.start();
    const shelf = new Memory();
    const page = await new Page(server, shelf).connect();
    const anja = await server.letIn();
    await page.changed(server);
    server.sayings = ["try-again"];
    await page.say("half verstuurd");
    expect(page.state.database).toBe("away");

    const reloaded = await new Page(server, shelf).connect();

    expect(await anja.read()).toEqual(["half verstuurd"]);
    expect(server.said[1]).toEqual(server.said[0]);
    expect(reloaded.shown).toEqual([["half verstuurd", "sent"]]);
  });

  test("a stored line whose acknowledgement was lost is not stored twice", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    await server.letIn();
    await page.changed(server);
    server.sayings = [null];
    await page.say("een");
    await page.connect();
    expect(server.lines.length).toBe(1);
    expect(page.shown).toEqual([["een", "sent"]]);
  });

  test.each([["stored meanwhile", null], ["not stored", "try-again"]] as const)(
    "after a reload a line that was %s stands below the history",
    async (_, answer) => {
      const server = await Server.start();
      const shelf = new Memory();
      const page = await new Page(server, shelf).connect();
      await server.letIn();
      await page.changed(server);
      await page.say("een");
      server.sayings = [answer];
      await page.say("twee");

      const reloaded = await new Page(server, shelf).connect();

      expect(reloaded.shown.map(([text]) => text)).toEqual(["een", "twee"]);
    },
  );

  test("two hundred reloads keep every line, in order, without a doubled nonce", LONG, async () => {
    const server = await Server.start();
    const shelf = new Memory();
    let page = await new Page(server, shelf).connect();
    const anja = await server.letIn();
    await page.changed(server);
    for (let n = 0; n < 200; n++) {
      await page.say(`regel ${n}`);
      page = await new Page(server, shelf).connect();
    }
    const expected = Array.from({ length: 200 }, (_, n) => `regel ${n}`);
    expect(page.shown.map(([text]) => text)).toEqual(expected);
    expect(await anja.read()).toEqual(expected);
    const nonces = server.said.map((line) => `${line.period}|${line.stream}|${line.counter}`);
    expect(new Set(nonces).size).toBe(200);
  });

  test("after very many changes of members the next volunteer reads all", LONG, async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    let last = await server.letIn();
    for (let n = 0; n < 70; n++) {
      await page.changed(server);
      await page.say(`regel ${n}`);
      last = await server.letIn();
    }
    await page.changed(server);
    expect((await last.read()).length).toBe(70);
  });

  test("a missing line is shown where it is missing", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    const anja = await server.letIn();
    await page.changed(server);
    await anja.learn();
    for (const text of ["een", "verloren", "drie"]) {
      const spot = anja.room.next(newId(), server.members);
      const line = await anja.room.seal({ text, at: 1 }, spot);
      if (text !== "verloren") server.store(line, "volunteer");
    }
    await page.changed(server);
    expect(page.state.lines.map(({ text, missing }) => [text, missing])).toEqual([
      ["een", 0],
      ["drie", 1],
    ]);
  });

  test("nothing is sealed to a member whose signature is false", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    await server.letIn();
    server.list = server.list.map((one) => ({ ...one, signature: random(64) }));
    await page.changed(server);
    await page.say("geheim");
    expect(page.state.keys).toBe("untrusted");
    expect(server.boxes.size).toBe(0);
    expect(server.said).toEqual([]);
  });

  test("who reads along opens what is said while they are there, nothing earlier, nothing later", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    const anja = await server.letIn();
    await page.changed(server);
    await page.say("voor Anja");
    const coach = await server.letReader("coach");
    await page.changed(server);
    await page.say("de coach leest mee");
    await coach.learn();
    server.letOut(coach.member);
    await page.changed(server);
    await page.say("weer met Anja");

    expect(await coach.readable()).toEqual([null, "de coach leest mee", null]);
    expect(await anja.read()).toEqual(["voor Anja", "de coach leest mee", "weer met Anja"]);
  });

  test("who read along and takes over opens every line since the first", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    await server.letIn();
    await page.changed(server);
    await page.say("voor Anja");
    const coach = await server.letReader("coach");
    await page.changed(server);
    await page.say("de coach leest mee");
    server.letOut(coach.member);
    const taker = await server.letIn();
    await page.changed(server);
    await page.say("voor de coach");

    expect(await taker.read()).toEqual(["voor Anja", "de coach leest mee", "voor de coach"]);
  });

  test("the list may not hide that a member only reads along", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    await server.letIn();
    await page.changed(server);
    await page.say("voor Anja");
    const coach = await server.letReader("coach");
    const honest = server.list;
    const changes: Partial<Member>[] = [{ role: "volunteer" }, { role: "colleague" }, { reads_from: 1 }];
    for (const change of changes) {
      server.list = honest.map((one) => (one.member === coach.member ? { ...one, ...change } : one));
      await page.changed(server);
      expect(page.state.keys).toBe("untrusted");
    }
    await page.say("niemand mag dit lezen");

    expect(await coach.learn()).toEqual([]);
    expect(await coach.readable()).toEqual([null]);
    expect(server.said.length).toBe(1);
  });

  test("a page that sees two volunteers trusts neither", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    await server.letIn();
    const [first] = server.list;
    await server.letIn();
    if (first) server.list = [...server.list, first];
    await page.changed(server);
    expect(page.state.keys).toBe("untrusted");
    expect(server.boxes.size).toBe(0);
  });

  test("while nobody has the conversation nothing is sealed to who reads along", async () => {
    const server = await Server.start();
    const page = await new Page(server, new Memory()).connect();
    await server.letReader("mentor");
    await page.changed(server);
    await page.say("is daar iemand?");
    expect(server.boxes.size).toBe(0);
    expect(page.state.keys).toBe("none");
    expect(page.shown).toEqual([["is daar iemand?", "kept"]]);
  });

  test("what is stored holds no word and no secret without the server's half", async () => {
    const server = await Server.start();
    const shelf = new Memory();
    const page = await new Page(server, shelf).connect();
    await page.say("kanarie");
    const stored = shelf.kept.get("ll") ?? "";
    expect(stored).not.toContain("kanarie");
    const thief = new Keep(shelf);
    thief.restore();
    thief.heard(random(32), "t1");
    expect(await thief.open()).toBeNull();
    thief.heard(server.half, "t1");
    expect((await thief.open())?.waiting[0]?.words.text).toBe("kanarie");
  });

  test("on a shared device nothing is stored at all", async () => {
    const server = await Server.start();
    const page = await new Page(server, null).connect();
    await page.say("kanarie");
    expect(new Keep(null).restore()).toBeNull();
    expect(page.keep.memoryOnly).toBe(true);
  });

  test("after the end nothing is left in the browser", async () => {
    const server = await Server.start();
    const shelf = new Memory();
    const page = await new Page(server, shelf).connect();
    page.talk.ended({ reason: "ended_by_volunteer", opinion: null });
    expect(shelf.kept.size).toBe(0);
    expect(page.state.screen).toBe("ended");
  });

  test("who comes back too late is offered the old place in the queue", async () => {
    const server = await Server.start();
    const shelf = new Memory();
    const page = await new Page(server, shelf).connect();
    page.talk.refused("contact-gone");
    expect(page.state).toMatchObject({ screen: "late", ticket: "t1" });
    expect(shelf.kept.size).toBe(0);
  });
});
