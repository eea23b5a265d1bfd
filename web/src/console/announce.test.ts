import { describe, expect, it } from "vitest";

import { invitedSaid, offerSaid, requestsSaid, signalOf, unreadSaid } from "./announce.ts";
import { EMPTY_ROOM, type ShownLine, START } from "./line/state.ts";
import { contact, joined, request, side, snapshot } from "./test-views.ts";

const OFFER = { contact: "c", epoch: 1, channel: "phone", language: "en", until_at: 1, from_alias: null };
const LINE: ShownLine = { client_id: "1", seq: 1, by: "visitor", state: "there", text: "een geheim", at: 1, why: null, gap_before: false, is_ours: false };

const unread = { ...EMPTY_ROOM, lines: [LINE] };
const talking = { ...START, snapshot: snapshot({ contacts: [contact("c", { number: 2 })] }), rooms: { c: unread } };

describe("what is said to who cannot see it", () => {
  it("names channel and language of an offer, and where it rings", () => {
    expect(offerSaid(null, false)).toBe("");
    expect(offerSaid(OFFER, false)).toMatch(/^Nieuwe oproep: Telefoon, Engels\. Je hebt twintig seconden/);
    expect(offerSaid(OFFER, true)).toContain("Je eigen telefoon gaat.");
    expect(offerSaid({ ...OFFER, from_alias: "Els" }, false)).toContain("Els wil dit gesprek aan je overdragen.");
  });

  it("tells who is on duty of each request that nobody has, urgent ones first, and tells nobody else", () => {
    const requests = [request("Bas", { branch_name: null, channel: null, contact: null }), request("Vera", { urgent: true }), request("Els", { state: "taken" })];

    expect(requestsSaid(side({ on_duty: true, requests }))).toBe(
      "Dringende hulpvraag van Vera, Utrecht, bij een chat. Hulpvraag van Bas, zonder gesprek.",
    );
    expect(requestsSaid(side({ requests }))).toBe("");
    expect(requestsSaid(undefined)).toBe("");
  });

  it("tells of a question to read along, and by when", () => {
    expect(invitedSaid(joined("c"))).toMatch(/^Anja vraagt: lees je mee\? .*twintig seconden/);
    expect(invitedSaid(null)).toBe("");
  });

  it("counts what is unread elsewhere, and says no word of it", () => {
    expect(unreadSaid(talking)).toBe("Chat 2: 1 nieuwe berichten");
    expect(unreadSaid({ ...talking, open: "c" })).toBe("");
    expect(signalOf(talking, null)).not.toContain("geheim");
  });

  it("signals what cannot wait first: an offer, a question, a request, and then what is unread", () => {
    const waiting = snapshot({ contacts: talking.snapshot.contacts, coaching: side({ on_duty: true, requests: [request("Vera")] }) });
    const now = { ...talking, snapshot: waiting };

    expect(signalOf({ ...now, snapshot: { ...waiting, offer: OFFER } }, joined("d"))).toBe("Nieuwe oproep");
    expect(signalOf(now, joined("d"))).toBe("Meelezen?");
    expect(signalOf(now, null)).toBe("hulpvraag");
    expect(signalOf(talking, null)).toBe("1 nieuw");
    expect(signalOf(START, null)).toBe("");
  });
});
