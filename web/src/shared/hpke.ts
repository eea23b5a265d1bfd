/**
 * HPKE (RFC 9180), base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 *
 * A box is the encapsulated key (65 bytes) followed by the ciphertext.
 */
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { type Bytes, concat } from "./bytes.ts";

export const ENC_BYTES = 65;
export const PUBLIC_KEY_BYTES = 65;

export const suite = new CipherSuite({
  kem: new DhkemP256HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

/** Gives what wrapping or sending a key pair needs; the private half stays a CryptoKey. */
export async function newKeyPair(): Promise<{ pair: CryptoKeyPair; publicKey: Bytes }> {
  const pair = await suite.kem.generateKeyPair();
  return { pair, publicKey: await rawPublicKey(pair.publicKey) };
}

export const rawPublicKey = async (key: CryptoKey): Promise<Bytes> =>
  new Uint8Array(await suite.kem.serializePublicKey(key));

/** The private scalar, 32 bytes: for wrapping it under a secret of the session. */
export const rawPrivateKey = async (key: CryptoKey): Promise<Bytes> =>
  new Uint8Array(await suite.kem.serializePrivateKey(key));

export const privateKeyFrom = async (raw: Bytes): Promise<CryptoKey> =>
  suite.kem.deserializePrivateKey(raw.buffer);

export const publicKeyFrom = async (raw: Bytes): Promise<CryptoKey> =>
  suite.kem.deserializePublicKey(raw.slice().buffer);

/** Throws when the public key is not a point on the curve. */
export async function seal(plain: Bytes, publicKey: Bytes, info: Bytes): Promise<Bytes> {
  const sender = await suite.createSenderContext({
    recipientPublicKey: await publicKeyFrom(publicKey),
    info: info.slice().buffer,
  });
  const sealed = await sender.seal(plain.slice().buffer);
  return concat(new Uint8Array(sender.enc), new Uint8Array(sealed));
}

/** Throws when the box was not sealed to this key with this info. */
export async function open(box: Bytes, privateKey: CryptoKey, info: Bytes): Promise<Bytes> {
  const recipient = await suite.createRecipientContext({
    recipientKey: privateKey,
    enc: box.slice(0, ENC_BYTES).buffer,
    info: info.slice().buffer,
  });
  return new Uint8Array(await recipient.open(box.slice(ENC_BYTES).buffer));
}
