// Check a signature: by the browser's own WebCrypto, and in pure JavaScript where it has none (plain HTTP, old WebViews).
import type { ParsedToken } from "./front_door.ts";
import type { PublicKey } from "./keys.ts";

/** Tells whether a key signed a token; the algorithm is the key's, never the header's. */
export type SignatureCheck = (token: ParsedToken, key: PublicKey) => Promise<boolean>;

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const known = new Map<string, Promise<CryptoKey>>();

function imported(key: PublicKey): Promise<CryptoKey> {
  const name = key.x + key.y;
  let found = known.get(name);
  if (!found) {
    const jwk = { kty: "EC", crv: "P-256", x: key.x, y: key.y };
    found = crypto.subtle.importKey("jwk", jwk, CURVE, false, ["verify"]);
    known.set(name, found);
  }
  return found;
}

export const checkByWebCrypto: SignatureCheck = async (token, key) =>
  crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, await imported(key), token.signature, token.signed);

/** Return the check that this browser can do; the pure one is fetched only where it is needed. */
export async function signatureCheck(): Promise<SignatureCheck> {
  if (globalThis.crypto?.subtle) return checkByWebCrypto;
  return (await import("./curve.ts")).checkInPlainScript;
}
