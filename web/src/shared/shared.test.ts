import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fromBase64, fromHex, newId, random, revive, toBase64, toHex, utf8 } from "./bytes.ts";
import type { Line, Member, Role } from "./contract.gen.ts";
import { Streams } from "./holes.ts";
import * as hpke from "./hpke.ts";
import { fits, MAX_TEXT_BYTES, pad, unpad } from "./lines.ts";
import { KeyMissing, nonceOf, Room, unwrap, Unreadable, vouched, wrap } from "./room.ts";

const vectors = JSON.parse(
  readFileSync(new URL("../../../tests/vectors/hpke_p256.json", import.meta.url), "utf8"),
).vectors as {
  info: string;
  skRm: string;
  pkRm: string;
  enc: string;
  encryptions: { aad: string; ct: string; pt: string; nonce: string }[];
}[];

async function person(id: string, role: Member["role"] = "volunteer", reads_from = 1) {
  const { pair, publicKey } = await hpke.newKeyPair();
  const member: Member = {
    member: id,
    role,
    reads_from,
    epoch: 1,
    public_key: publicKey,
    until_at: 1,
    signature: random(64),
  };
  return { member, privateKey: pair.privateKey };
}

/** What the server would hand each member: its own boxes, with the list they were sealed under. */
async function boxesFor(room: Room, id: string, version: number, list: Member[]) {
  const ids = list.map((one) => one.member);
  return (await room.sealed({ version, list }))
    .filter((one) => one.member === id)
    .map(({ period, box }) => ({ period, box, members: period === version ? ids : [] }));
}

const say = (room: Room, text: string, period: number) =>
  room.seal({ text, at: 1_700_000_000_123 }, room.next(newId(), period));

const by = (role: Role) => ({ by: role });

describe("HPKE", () => {
  test("opens the test vectors of RFC 9180", async () => {
    expect(vectors.length).toBeGreaterThan(0);
    for (const vector of vectors) {
      const recipient = await hpke.suite.createRecipientContext({
        recipientKey: await hpke.privateKeyFrom(fromHex(vector.skRm)),
        enc: fromHex(vector.enc).buffer,
        info: fromHex(vector.info).buffer,
      });
      for (const { ct, aad, pt } of vector.encryptions) {
        const plain = await recipient.open(fromHex(ct).buffer, fromHex(aad).buffer);
        expect(toHex(new Uint8Array(plain))).toBe(pt);
      }
    }
  });

  test("opens only with the right key and the right info", async () => {
    const { pair, publicKey } = await hpke.newKeyPair();
    const other = await hpke.newKeyPair();
    const box = await hpke.seal(utf8("geheim"), publicKey, utf8("info"));
    expect(await hpke.open(box, pair.privateKey, utf8("info"))).toEqual(utf8("geheim"));
    await expect(hpke.open(box, pair.privateKey, utf8("anders"))).rejects.toThrow();
    await expect(hpke.open(box, other.pair.privateKey, utf8("info"))).rejects.toThrow();
  });

  test("a private key comes back from its bytes", async () => {
    const { pair, publicKey } = await hpke.newKeyPair();
    const back = await hpke.privateKeyFrom(await hpke.rawPrivateKey(pair.privateKey));
    const box = await hpke.seal(utf8("x"), publicKey, utf8("i"));
    expect(await hpke.open(box, back, utf8("i"))).toEqual(utf8("x"));
  });
});

describe("bytes", () => {
  test("base64url and hex come back, whatever the length", () => {
    for (let size = 0; size < 70; size++) {
      const bytes = random(size);
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(fromHex(toHex(bytes))).toEqual(bytes);
      expect(toBase64(bytes)).toMatch(/^[\w-]*$/);
    }
  });

  test("binary inside an answer of the socket becomes bytes", () => {
    const answer = { ok: true, lines: [{ sealed: new Uint8Array([1, 2]).buffer, n: null }] };
    expect(revive<unknown>(answer)).toEqual({
      ok: true,
      lines: [{ sealed: new Uint8Array([1, 2]), n: null }],
    });
  });
});

describe("padding", () => {
  test("a line has one of three lengths, and comes back whole", () => {
    const lengths = [0, 1, 248, 249, 1016, 1017, 4000].map((size) => {
      const plain = pad({ text: "a".repeat(size), at: 1_700_000_000_123 });
      expect(unpad(plain)).toEqual({ text: "a".repeat(size), at: 1_700_000_000_123 });
      return plain.length;
    });
    expect(lengths).toEqual([256, 256, 256, 1024, 1024, 4096, 4096]);
  });

  test("a line of more than 4,000 bytes is refused, also when its signs are fewer", () => {
    expect(fits("é".repeat(MAX_TEXT_BYTES / 2))).toBe(true);
    expect(fits(`${"é".repeat(MAX_TEXT_BYTES / 2)}.`)).toBe(false);
    expect(() => pad({ text: "a".repeat(4001), at: 0 })).toThrow(RangeError);
  });

  test("rubbish is not read as a line", () => {
    expect(() => unpad(new Uint8Array(12))).toThrow(RangeError);
    expect(() => unpad(new Uint8Array(256).fill(255))).toThrow(RangeError);
  });
});

describe("room", () => {
  test("a volunteer reads what the visitor wrote, and the other way round", async () => {
    const anja = await person("aa");
    const visitor = new Room("c1", "visitor");
    visitor.begin(1);
    const console_ = new Room("c1", "volunteer");
    const boxes = await boxesFor(visitor, "aa", 1, [anja.member]);
    expect(await console_.learnFrom(boxes, anja.privateKey)).toEqual([]);

    const asked = await say(visitor, "Het is zo stil in huis", 1);
    const answered = await say(console_, "Vertel maar", 1);

    expect(asked.sealed.length).toBe(272);
    expect((await console_.open({ ...asked, ...by("visitor") })).text).toBe(
      "Het is zo stil in huis",
    );
    expect((await visitor.open({ ...answered, ...by("volunteer") })).text).toBe("Vertel maar");
  });

  test("a line that was moved, renamed or altered does not open", async () => {
    const room = new Room("c1", "visitor");
    room.begin(1);
    const line = { ...(await say(room, "hallo", 1)), ...by("visitor") };
    const altered = line.sealed.slice();
    altered[3] = (altered[3] ?? 0) ^ 1;
    const tampered = [
      { ...line, counter: 1 },
      { ...line, client_id: newId() },
      { ...line, stream: newId() },
      { ...line, by: "volunteer" as const },
      { ...line, sealed: altered },
    ];
    for (const one of tampered) await expect(room.open(one)).rejects.toThrow(Unreadable);
    await expect(room.open({ ...line, period: 2 })).rejects.toThrow(KeyMissing);
  });

  test("a member who left cannot open later lines", async () => {
    const [anja, bert] = [await person("aa"), await person("bb")];
    const visitor = new Room("c1", "visitor");
    visitor.begin(1);
    const left = new Room("c1", "volunteer");
    await left.learnFrom(await boxesFor(visitor, "aa", 1, [anja.member]), anja.privateKey);

    visitor.begin(2);
    const later = await say(visitor, "na de overdracht", 2);
    const forBert = await boxesFor(visitor, "bb", 2, [bert.member]);

    expect(await boxesFor(visitor, "aa", 2, [bert.member])).toEqual([]);
    expect(await left.learnFrom(forBert, anja.privateKey)).toEqual([2]);
    await expect(left.open({ ...later, ...by("visitor") })).rejects.toThrow(KeyMissing);
    left.learn(2, random(32));
    await expect(left.open({ ...later, ...by("visitor") })).rejects.toThrow(Unreadable);
  });

  test("a successor opens every line since the beginning", async () => {
    const [anja, bert] = [await person("aa"), await person("bb")];
    const visitor = new Room("c1", "visitor");
    const first = new Room("c1", "volunteer");
    visitor.begin(1);
    await first.learnFrom(await boxesFor(visitor, "aa", 1, [anja.member]), anja.privateKey);
    const lines = [
      { ...(await say(visitor, "een", 1)), ...by("visitor") },
      { ...(await say(first, "twee", 1)), ...by("volunteer") },
    ];
    visitor.begin(3);
    lines.push({ ...(await say(visitor, "drie", 3)), ...by("visitor") });

    const next = new Room("c1", "volunteer");
    await next.learnFrom(await boxesFor(visitor, "bb", 3, [bert.member]), bert.privateKey);

    const texts = await Promise.all(lines.map(async (line) => (await next.open(line)).text));
    expect(texts).toEqual(["een", "twee", "drie"]);
  });

  test("a coach reads only from now on", async () => {
    const [anja, coach] = [await person("aa"), await person("cc", "coach", 2)];
    const visitor = new Room("c1", "visitor");
    visitor.begin(1);
    const before = { ...(await say(visitor, "eerder", 1)), ...by("visitor") };
    visitor.begin(2);
    const after = { ...(await say(visitor, "later", 2)), ...by("visitor") };
    const listening = new Room("c1", "volunteer");
    const boxes = await boxesFor(visitor, "cc", 2, [anja.member, coach.member]);
    await listening.learnFrom(boxes, coach.privateKey);

    expect((await listening.open(after)).text).toBe("later");
    await expect(listening.open(before)).rejects.toThrow(KeyMissing);
  });

  test("a coach with another console reads what they could read, and still nothing earlier", async () => {
    const [anja, again] = [await person("aa"), await person("c2", "coach", 2)];
    const visitor = new Room("c1", "visitor");
    const lines = [];
    for (const period of [1, 2, 3]) {
      visitor.begin(period);
      lines.push({ ...(await say(visitor, `in ${period}`, period)), ...by("visitor") });
    }
    const listening = new Room("c1", "volunteer");
    const boxes = await boxesFor(visitor, "c2", 3, [anja.member, again.member]);
    expect(await listening.learnFrom(boxes, again.privateKey)).toEqual([]);

    expect(boxes.map(({ period, members }) => [period, members.length])).toEqual([[2, 0], [3, 2]]);
    const [first, second, third] = lines as [Line, Line, Line];
    await expect(listening.open(first)).rejects.toThrow(KeyMissing);
    expect((await listening.open(second)).text).toBe("in 2");
    expect((await listening.open(third)).text).toBe("in 3");
  });

  test("a secret made anew for the same period hides no earlier line", async () => {
    const room = new Room("c1", "visitor");
    room.begin(1);
    const old = { ...(await say(room, "oud", 1)), ...by("visitor") };
    room.learn(1, random(32));
    expect((await room.open(old)).text).toBe("oud");
    const line = { ...(await say(room, "nieuw", 1)), ...by("visitor") };
    expect((await room.open(line)).text).toBe("nieuw");
  });

  test("a refused line sealed for the next period keeps its place, under another key", async () => {
    const room = new Room("c1", "visitor");
    room.begin(1);
    room.begin(2);
    const words = { text: "hallo", at: 5 };
    const spot = room.next(newId(), 1);
    const first = await room.seal(words, spot);
    const again = await room.seal(words, { ...spot, period: 2 });
    expect(again.counter).toBe(first.counter);
    expect(toHex(again.sealed)).not.toBe(toHex(first.sealed));
    expect(await room.seal(words, spot)).toEqual(first);
  });

  test("a thousand reloads and a doubled tab repeat no key with a nonce", async () => {
    const kept = new Room("c1", "visitor");
    kept.begin(1);
    const secrets = kept.secrets();
    const used = new Set<string>();
    const load = async () => {
      const room = new Room("c1", "visitor");
      for (const [period, secret] of secrets) room.learn(period, secret);
      return room;
    };
    let lines = 0;
    for (let reload = 0; reload < 1000; reload++) {
      const tabs = reload % 100 === 0 ? [await load(), await load()] : [await load()];
      for (const room of tabs)
        for (let n = 0; n < 3; n++) {
          // The key hangs on period, role and stream alone, so these stand for it.
          const spot = room.next(newId(), 1);
          used.add(`${spot.period}|${room.role}|${spot.stream}|${toHex(nonceOf(spot.counter))}`);
          lines++;
        }
    }
    expect(used.size).toBe(lines);
  });

  test("what a stored box holds opens only with the key it was wrapped under", async () => {
    const key = random(32);
    const box = await wrap(utf8("geheim"), key);
    expect(await unwrap(box, key)).toEqual(utf8("geheim"));
    await expect(unwrap(box, random(32))).rejects.toThrow();
  });
});

describe("members", () => {
  test("a member is vouched for only by the signer, for this conversation and key", async () => {
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const pair = await crypto.subtle.generateKey(curve, true, ["sign", "verify"]);
    const signer = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const { member } = await person("aa");
    const said = utf8(`ll-member|c1|1|aa|${toHex(member.public_key)}|1`);
    const how = { name: "ECDSA", hash: "SHA-256" };
    const signature = new Uint8Array(await crypto.subtle.sign(how, pair.privateKey, said));
    const signed = { ...member, signature };

    expect(await vouched("c1", signed, signer)).toBe(true);
    expect(await vouched("c2", signed, signer)).toBe(false);
    expect(await vouched("c1", { ...signed, epoch: 2 }, signer)).toBe(false);
    expect(await vouched("c1", { ...signed, public_key: random(65) }, signer)).toBe(false);
    expect(await vouched("c1", signed, random(65))).toBe(false);
    expect(await vouched("c1", { ...signed, role: "coach" }, signer)).toBe(false);

    const reader: Member = { ...member, role: "coach", reads_from: 4 };
    const along = utf8(`ll-reader|coach|4|c1|1|aa|${toHex(member.public_key)}|1`);
    reader.signature = new Uint8Array(await crypto.subtle.sign(how, pair.privateKey, along));
    expect(await vouched("c1", reader, signer)).toBe(true);
    expect(await vouched("c1", { ...reader, role: "volunteer" }, signer)).toBe(false);
    expect(await vouched("c1", { ...reader, role: "mentor" }, signer)).toBe(false);
    expect(await vouched("c1", { ...reader, reads_from: 1 }, signer)).toBe(false);
  });
});

describe("holes", () => {
  const line = (stream: string, counter: number, role: Role = "volunteer"): Line => ({
    contact: "c1",
    seq: 0,
    client_id: newId(),
    by: role,
    period: 1,
    stream,
    counter,
    sealed: new Uint8Array(),
  });

  test("a missing line in a stream is noticed once, and another stream is not blamed", () => {
    const streams = new Streams();
    const seen = [line("s", 0), line("s", 1), line("s", 3), line("s", 4), line("t", 0)];
    expect(seen.map((one) => streams.missingBefore(one))).toEqual([0, 0, 1, 0, 0]);
    expect(streams.missingBefore(line("s", 1))).toBe(0);
    expect(streams.missingBefore(line("s", 0, "visitor"))).toBe(0);
  });
});
