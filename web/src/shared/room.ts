/**
 * The room of one conversation: secrets per key period, and lines sealed under them.
 *
 * A period is the version of the member list. Each load of a page or console draws a stream; a key is
 * made from (secret, contact, period, role, stream) and its nonce is the stream's counter, so no
 * (key, nonce) can come back.
 */
import { type Bytes, concat, newId, random, sameBytes, toHex, utf8 } from "./bytes.ts";
import type { Id, KeyBox, Member, Members, Role, SealedKey } from "./contract.gen.ts";
import * as hpke from "./hpke.ts";
import { pad, unpad, type Words } from "./lines.ts";

const SECRET_BYTES = 32;
const NONCE_BYTES = 12;
const EMPTY = new Uint8Array(0);

/** Where one line stands: enough to find its key and nonce. */
export interface Spot {
  client_id: Id;
  period: number;
  stream: Id;
  counter: number;
}

export interface SealedLine extends Spot {
  sealed: Bytes;
}

/** A secret of a period that we do not hold (yet). */
export class KeyMissing extends Error {}

/** Bytes that no secret of the period opens: altered, or sealed by somebody else. */
export class Unreadable extends Error {}

/** HKDF-SHA256 with an empty salt. */
export async function derive(secret: Bytes, info: string, size = 32): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: EMPTY, info: utf8(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, size * 8));
}

export const aesKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

/** The counter as 12 bytes, big-endian. */
export function nonceOf(counter: number): Bytes {
  const nonce = new Uint8Array(NONCE_BYTES);
  new DataView(nonce.buffer).setBigUint64(NONCE_BYTES - 8, BigInt(counter));
  return nonce;
}

const aadOf = (contact: Id, role: Role, spot: Spot): Bytes =>
  utf8(
    ["ll-line", contact, spot.period, role, spot.stream, spot.counter, spot.client_id].join("|"),
  );

/** A list of members as a hash, whatever its order: what is sealed to them is bound to it. */
export async function listed(members: readonly Id[]): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", utf8([...members].sort().join(",")));
  return toHex(new Uint8Array(hash));
}

/** The info under which the secret of a period is sealed to the members of that period. */
export const keyInfo = async (contact: Id, period: number, members: readonly Id[]): Promise<Bytes> =>
  utf8(`ll-key|${contact}|${period}|${await listed(members)}`);

/** The info under which the secret of an earlier period is sealed to a successor. */
export const earlierKeyInfo = (contact: Id, period: number): Bytes =>
  utf8(`ll-key|${contact}|${period}|-`);

/** What the server signs of a member: another word in front for who reads along. */
function statement(contact: Id, { epoch, member, role, reads_from, public_key, until_at }: Member): Bytes {
  const kind = role === "volunteer" ? "ll-member" : `ll-reader|${role}|${reads_from}`;
  return utf8(`${kind}|${contact}|${epoch}|${member}|${toHex(public_key)}|${until_at}`);
}

/** Says whether the signer vouches for this member in this conversation. */
export async function vouched(contact: Id, member: Member, signer: Bytes): Promise<boolean> {
  const said = statement(contact, member);
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const how = { name: "ECDSA", hash: "SHA-256" };
  try {
    const key = await crypto.subtle.importKey("raw", signer, curve, false, ["verify"]);
    return await crypto.subtle.verify(how, key, member.signature, said);
  } catch {
    return false; // A signer or signature that is not even a key or a pair of numbers.
  }
}

/** Who has the conversation, and gets every secret; all others of the list read along. */
export const hasIt = ({ role }: Member): boolean => role === "volunteer";

/** The members who read along. */
export const readers = ({ list }: Members): Member[] => list.filter((one) => !hasIt(one));

/** One end's view of a conversation: the visitor's page, or the console of one volunteer. */
export class Room {
  readonly contact: Id;
  readonly role: Role;
  readonly stream: Id = newId();
  #counter = 0;
  // Newest last. A page that lost a secret makes the period's secret anew: then there are two.
  readonly #secrets = new Map<number, Bytes[]>();
  readonly #keys = new Map<string, Promise<CryptoKey>>();

  constructor(contact: Id, role: Role) {
    this.contact = contact;
    this.role = role;
  }

  has(period: number): boolean {
    return this.#secrets.has(period);
  }

  /** The newest secret of each period, oldest period first. */
  secrets(): [number, Bytes][] {
    return [...this.#secrets]
      .map(([period, known]): [number, Bytes] => [period, known[known.length - 1] as Bytes])
      .sort(([one], [other]) => one - other);
  }

  /** Takes a secret in as the newest of its period; twice is harmless. */
  learn(period: number, secret: Bytes): void {
    const others = (this.#secrets.get(period) ?? []).filter((known) => !sameBytes(known, secret));
    this.#secrets.set(period, [...others, secret]);
  }

  /** Makes the secret of a period, unless it is there. */
  begin(period: number): void {
    if (!this.has(period)) this.learn(period, random(SECRET_BYTES));
  }

  /** Takes the next place in this load's stream. */
  next(client_id: Id, period: number): Spot {
    return { client_id, period, stream: this.stream, counter: this.#counter++ };
  }

  /**
   * Seals a line at its place.
   *
   * A line refused because its period passed is sealed again at the same stream and counter under
   * the new period: another key, so the nonce is used once for each.
   *
   * Raises KeyMissing.
   */
  async seal(words: Words, spot: Spot): Promise<SealedLine> {
    const secret = this.#secrets.get(spot.period)?.at(-1);
    if (secret === undefined) throw new KeyMissing();
    const key = await this.#key(secret, this.role, spot);
    const additionalData = aadOf(this.contact, this.role, spot);
    const how = { name: "AES-GCM", iv: nonceOf(spot.counter), additionalData };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(how, key, pad(words)));
    return { ...spot, sealed };
  }

  /** Raises KeyMissing, Unreadable. */
  async open(line: SealedLine & { by: Role }): Promise<Words> {
    const known = this.#secrets.get(line.period);
    if (known === undefined) throw new KeyMissing();
    const additionalData = aadOf(this.contact, line.by, line);
    const how = { name: "AES-GCM", iv: nonceOf(line.counter), additionalData };
    for (const secret of [...known].reverse()) {
      try {
        const key = await this.#key(secret, line.by, line);
        return unpad(new Uint8Array(await crypto.subtle.decrypt(how, key, line.sealed)));
      } catch {
        // An older secret of the period may open it.
      }
    }
    throw new Unreadable();
  }

  /**
   * Seals what each member may read: all periods for who has the conversation, and for who reads
   * along those since they came in.
   *
   * The caller has checked the members' signatures, and begun the period of the list.
   */
  async sealed(members: Members): Promise<SealedKey[]> {
    const ids = members.list.map((one) => one.member);
    const now = await keyInfo(this.contact, members.version, ids);
    const boxes: SealedKey[] = [];
    for (const one of members.list)
      for (const [period, secret] of this.secrets()) {
        if (period > members.version || !(hasIt(one) || period >= one.reads_from)) continue;
        const info = period === members.version ? now : earlierKeyInfo(this.contact, period);
        boxes.push({ member: one.member, period, box: await hpke.seal(secret, one.public_key, info) });
      }
    return boxes;
  }

  /**
   * Opens boxes sealed to us, and learns their secrets.
   *
   * Gives the periods whose secret we still do not have.
   */
  async learnFrom(boxes: readonly KeyBox[], privateKey: CryptoKey): Promise<number[]> {
    const failed: number[] = [];
    for (const { period, box, members } of boxes) {
      const info =
        members.length > 0
          ? await keyInfo(this.contact, period, members)
          : earlierKeyInfo(this.contact, period);
      try {
        this.learn(period, await hpke.open(box, privateKey, info));
      } catch {
        // Sealed to a key we had before, or to a list that the server did not tell rightly.
        if (!this.has(period)) failed.push(period);
      }
    }
    return failed;
  }

  #key(secret: Bytes, role: Role, { period, stream }: Spot): Promise<CryptoKey> {
    const name = `${toHex(secret)}|${period}|${role}|${stream}`;
    let key = this.#keys.get(name);
    if (key === undefined) {
      const info = `ll-msg|${this.contact}|${period}|${role}|${stream}`;
      key = derive(secret, info).then(aesKey);
      this.#keys.set(name, key);
    }
    return key;
  }
}

/** Wraps bytes under a key: a fresh random nonce, then the ciphertext. */
export async function wrap(plain: Bytes, key: Bytes): Promise<Bytes> {
  const iv = random(NONCE_BYTES);
  const how = { name: "AES-GCM", iv };
  const sealed = await crypto.subtle.encrypt(how, await aesKey(key), plain);
  return concat(iv, new Uint8Array(sealed));
}

/** Throws when the box was not wrapped under this key. */
export async function unwrap(box: Bytes, key: Bytes): Promise<Bytes> {
  const how = { name: "AES-GCM", iv: box.slice(0, NONCE_BYTES) };
  const sealed = box.slice(NONCE_BYTES);
  return new Uint8Array(await crypto.subtle.decrypt(how, await aesKey(key), sealed));
}
