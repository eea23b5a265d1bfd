/**
 * The volunteer's key pair, so that a reload of the console can go on reading its conversations.
 *
 * On the disk the private key lies only wrapped, under a secret that the server gives to the
 * living session and destroys with it: what stays in the profile afterwards opens nothing.
 */

import { type Bytes, fromBase64 } from "../../shared/bytes.ts";
import { newKeyPair, privateKeyFrom, publicKeyFrom, rawPrivateKey } from "../../shared/hpke.ts";
import { derive, unwrap, wrap } from "../../shared/room.ts";

const DATABASE = "luisterlijn-console";
const STORE = "keys";
const INFO = "ll-console-key";

/** What lies in IndexedDB, one row per person. */
interface Kept {
  readonly public_key: Bytes;
  readonly wrapped: Bytes;
}

export interface KeyPair {
  /** uncompressed point, 65 bytes */
  readonly publicKey: Bytes;
  readonly privateKey: CryptoKey;
}

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => void asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("no database"));
  });
}

async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await database();
  try {
    return await new Promise((resolve, reject) => {
      const asked = work(db.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error ?? new Error("not stored"));
    });
  } finally {
    db.close();
  }
}

async function unwrapped(kept: Kept, under: Bytes): Promise<KeyPair | null> {
  try {
    const privateKey = await privateKeyFrom(await unwrap(kept.wrapped, under));
    await publicKeyFrom(kept.public_key);
    return { publicKey: kept.public_key, privateKey };
  } catch {
    // Wrapped under a session that has ended: it opens nothing any more, and that is meant.
    return null;
  }
}

async function fresh(person: string, under: Bytes): Promise<KeyPair> {
  const { pair, publicKey } = await newKeyPair();
  const wrapped = await wrap(await rawPrivateKey(pair.privateKey), under);
  try {
    const kept: Kept = { public_key: publicKey, wrapped };
    await inStore("readwrite", (store) => store.put(kept, person));
  } catch {
    // No IndexedDB (a private window of some browsers): the pair lives until the page is closed.
  }
  return { publicKey, privateKey: pair.privateKey };
}

/**
 * The key pair of this sign-in: the kept one if the session's secret still opens it, else a new one.
 *
 * @param secret what `GET /session/wrap` gave, base64url.
 */
export async function keyPair(person: string, secret: string): Promise<KeyPair> {
  const under = await derive(fromBase64(secret), INFO);
  let kept: Kept | undefined;
  try {
    kept = await inStore<Kept | undefined>("readonly", (store) => store.get(person));
  } catch {
    kept = undefined;
  }
  const pair = kept === undefined ? null : await unwrapped(kept, under);
  return pair ?? (await fresh(person, under));
}

/** Forgets every kept pair; at sign-out. */
export async function forgetKeys(): Promise<void> {
  try {
    await inStore("readwrite", (store) => store.clear());
  } catch {
    // Nothing was kept.
  }
}
