// Seal what the office has not got yet: a phone that is lost or signed out shows nobody which trucks were stopped.
//
// The checkpoint's public key seals and stays on the phone; its private half comes with the sign-in and is never kept.

/** A key of a checkpoint as it came with the sign-in; `d` is its private half. */
export interface SealingKey {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly d?: string;
}

/** Something sealed: a key made for it alone, and what that and the checkpoint's key hide. */
export interface Box {
  readonly by: JsonWebKey;
  readonly hidden: ArrayBuffer;
}

/** What is hidden: words, and a photo where there is one. */
export interface Contents {
  readonly words: unknown;
  readonly photo?: Blob | undefined;
}

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
/** Each box has a key of its own, so that one vector serves for all. */
const CIPHER = { name: "AES-GCM", iv: new Uint8Array(12) } as const;
const LENGTH_BYTES = 4;

function agree(own: CryptoKey, other: CryptoKey, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.deriveKey({ name: "ECDH", public: other }, own, { name: "AES-GCM", length: 256 }, false, [use]);
}

function read({ kty, crv, x, y, d }: JsonWebKey, isOwn: boolean): Promise<CryptoKey> {
  const key = { kty, crv, x, y, ...(isOwn ? { d } : {}) } as JsonWebKey;
  return crypto.subtle.importKey("jwk", key, CURVE, false, isOwn ? ["deriveKey"] : []);
}

/** Return the half of a key that may stay on a phone. */
export function publicHalf({ kty, crv, x, y }: SealingKey): SealingKey {
  return { kty, crv, x, y };
}

/** Hide something; undefined where the browser cannot, as on a page without HTTPS, which everybody on its way can read. */
export async function seal(contents: Contents, key: SealingKey | undefined): Promise<Box | undefined> {
  if (!key || !globalThis.crypto?.subtle) return undefined;
  const made = await crypto.subtle.generateKey(CURVE, true, ["deriveKey"]);
  const words = new TextEncoder().encode(JSON.stringify(contents.words));
  const photo = contents.photo ? new Uint8Array(await contents.photo.arrayBuffer()) : new Uint8Array(0);
  const whole = new Uint8Array(LENGTH_BYTES + words.length + photo.length);
  new DataView(whole.buffer).setUint32(0, words.length);
  whole.set(words, LENGTH_BYTES);
  whole.set(photo, LENGTH_BYTES + words.length);
  const hidden = await crypto.subtle.encrypt(CIPHER, await agree(made.privateKey, await read(key, false), "encrypt"), whole);
  return { by: await crypto.subtle.exportKey("jwk", made.publicKey), hidden };
}

/** Return what a box hides; undefined where the key is not the one of its checkpoint. */
export async function unseal<T>({ by, hidden }: Box, key: SealingKey | undefined): Promise<{ words: T; photo: Blob | undefined } | undefined> {
  if (!key?.d || !globalThis.crypto?.subtle) return undefined;
  try {
    const shared = await agree(await read(key, true), await read(by, false), "decrypt");
    const whole = await crypto.subtle.decrypt(CIPHER, shared, hidden);
    const photoAt = LENGTH_BYTES + new DataView(whole).getUint32(0);
    const words = JSON.parse(new TextDecoder().decode(whole.slice(LENGTH_BYTES, photoAt))) as T;
    return { words, photo: photoAt < whole.byteLength ? new Blob([whole.slice(photoAt)], { type: "image/jpeg" }) : undefined };
  } catch {
    return undefined;
  }
}
