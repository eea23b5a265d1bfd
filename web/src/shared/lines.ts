/** What stands inside a sealed line: its words, its moment, and padding that hides its length. */
import { type Bytes, fromUtf8, utf8 } from "./bytes.ts";

export const MAX_TEXT_BYTES = 4000;
/** Lengths of a plaintext; the ciphertext is 16 bytes longer. */
export const SIZES = [256, 1024, 4096] as const;
const HEAD_BYTES = 8;
const TWO_TO_32 = 2 ** 32;

export interface Words {
  text: string;
  /** The writer's clock, in ms since 1970. */
  at: number;
}

export const fits = (text: string): boolean => utf8(text).length <= MAX_TEXT_BYTES;

/** Gives length (u16) ‖ moment (u48) ‖ text ‖ zeros, in the smallest size that holds it. */
export function pad({ text, at }: Words): Bytes {
  const body = utf8(text);
  const size = SIZES.find((one) => HEAD_BYTES + body.length <= one);
  if (size === undefined || body.length > MAX_TEXT_BYTES) throw new RangeError("line too long");
  const plain = new Uint8Array(size);
  const view = new DataView(plain.buffer);
  view.setUint16(0, body.length);
  view.setUint16(2, Math.floor(at / TWO_TO_32));
  view.setUint32(4, at % TWO_TO_32);
  plain.set(body, HEAD_BYTES);
  return plain;
}

/** Throws when this is not a padded line. */
export function unpad(plain: Bytes): Words {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  const length = view.getUint16(0);
  const known = SIZES.some((size) => size === plain.length) && length <= MAX_TEXT_BYTES;
  if (!known || plain.slice(HEAD_BYTES + length).some((byte) => byte !== 0))
    throw new RangeError("not a padded line");
  const at = view.getUint16(2) * TWO_TO_32 + view.getUint32(4);
  return { text: fromUtf8(plain.slice(HEAD_BYTES, HEAD_BYTES + length)), at };
}
