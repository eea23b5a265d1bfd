/**
 * Lines of the shift's own room: each under a fresh key, and that key sealed to each who is there.
 *
 * The line and its boxes are bound to the line's id, its writer and the list of members, so nobody
 * can show a line as somebody else's, or as said to others.
 */

import { type Bytes, fromBase64, random, toBase64, toHex, utf8 } from "../../shared/bytes.ts";
import type { Id, RoomLine, RoomMember, SayInShiftRoom } from "../../shared/contract.gen.ts";
import * as hpke from "../../shared/hpke.ts";
import { fits, pad, unpad, type Words } from "../../shared/lines.ts";
import { aesKey, listed, nonceOf } from "../../shared/room.ts";

export const MAX_SIGNS = 2_000;
const KEY_BYTES = 32;
const MEMBER_BYTES = 16;

/** A line is short enough in signs, and in the bytes that they take. */
export const isShortEnough = (text: string): boolean => text.length <= MAX_SIGNS && fits(text);

/** How a console is named in the room: it follows from its key. */
export async function memberOf(publicKey: Bytes): Promise<Id> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", publicKey));
  return toHex(hash.slice(0, MEMBER_BYTES));
}

const bound = async (word: string, line: Id, by: Id, members: readonly Id[]): Promise<Bytes> =>
  utf8(`${word}|${line}|${by}|${await listed(members)}`);

// Each key seals one line only, so the nonce is the same for all.
const sealing = async (line: Id, by: Id, members: readonly Id[]): Promise<AesGcmParams> => ({
  name: "AES-GCM",
  iv: nonceOf(0),
  additionalData: await bound("ll-room", line, by, members),
});

/**
 * Seals a line to everybody of the list, its writer too. Throws when a key of the list is none.
 *
 * @param line of what is sealed anew because somebody came or left, or because it got no answer.
 */
export async function sealLine(words: Words, by: Id, to: readonly RoomMember[], line: Id): Promise<SayInShiftRoom> {
  const members = to.map((one) => one.member);
  const key = random(KEY_BYTES);
  const how = await sealing(line, by, members);
  const sealed = await crypto.subtle.encrypt(how, await aesKey(key), pad(words));
  const info = await bound("ll-room-key", line, by, members);
  const boxes: SayInShiftRoom["boxes"] = [];
  for (const { member, public_key } of to) {
    const publicKey = fromBase64(public_key);
    // A key under another name would let one console stand for two.
    if ((await memberOf(publicKey)) !== member) throw new TypeError("not this member's key");
    boxes.push({ member, box: toBase64(await hpke.seal(key, publicKey, info)) });
  }
  return { line, sealed: toBase64(new Uint8Array(sealed)), boxes };
}

/** Opens a line; null when it was not sealed to us so, or was changed. */
export async function openLine({ line, by, members, box, sealed }: RoomLine, privateKey: CryptoKey): Promise<Words | null> {
  try {
    const info = await bound("ll-room-key", line, by, members);
    const key = await aesKey(await hpke.open(fromBase64(box), privateKey, info));
    const plain = await crypto.subtle.decrypt(await sealing(line, by, members), key, fromBase64(sealed));
    return unpad(new Uint8Array(plain));
  } catch {
    return null;
  }
}
