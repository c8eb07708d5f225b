// Check a signature without WebCrypto.
import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { decodeBase64url } from "./base64url.ts";
import type { SignatureCheck } from "./signatures.ts";

const UNCOMPRESSED = 4;

export function digestInPlainScript(data: Uint8Array): Uint8Array {
  return sha256(data);
}

export const checkInPlainScript: SignatureCheck = async (token, key) => {
  const point = Uint8Array.from([UNCOMPRESSED, ...decodeBase64url(key.x), ...decodeBase64url(key.y)]);
  try {
    return p256.verify(token.signature, token.signed, point, { lowS: true });
  } catch {
    return false;
  }
};
