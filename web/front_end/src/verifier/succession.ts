// From the root that is known to the one after it: by what the old root has signed; as passes.keyring.root_succession.
import { LATEST_SECOND } from "./claims.ts";
import { parseToken, type TokenKind } from "./front_door.ts";
import { isObject, type JsonObject } from "./json.ts";
import { readKey, type PublicKey } from "./keys.ts";
import { RefusedToken } from "./refused.ts";
import type { SignatureCheck } from "./signatures.ts";

const MEMBERS = ["iss", "iat", "new"];
const DIGITS = 32;

function checkClaims(claims: JsonObject): void {
  const { iss, iat, new: next } = claims;
  const isRight = Object.keys(claims).length === MEMBERS.length && MEMBERS.every((name) => name in claims);
  const isTime = typeof iat === "number" && iat > 0 && iat < LATEST_SECOND;
  if (!isRight || typeof iss !== "string" || !isTime || !isObject(next)) throw new RefusedToken("claims-not-ours");
}

const SUCCESSION: TokenKind = { typ: "btr+jwt", checkClaims, longest: 4_096 };

async function nextOf(text: string, root: PublicKey, issuer: string, check: SignatureCheck): Promise<PublicKey | undefined> {
  try {
    const token = parseToken(text, SUCCESSION);
    const isBy = token.kid === root.kid && token.claims["iss"] === issuer && (await check(token, root));
    return isBy ? readKey(token.claims["new"]!) : undefined;
  } catch {
    return undefined;
  }
}

export function isSameKey(one: PublicKey, other: PublicKey): boolean {
  return one.x === other.x && one.y === other.y;
}

/** Tell whether a root follows from the one that is known, step by step. */
export async function leadsTo(steps: readonly string[], known: PublicKey, wanted: PublicKey, issuer: string, check: SignatureCheck): Promise<boolean> {
  let root = known;
  for (const step of steps) {
    root = (await nextOf(step, root, issuer, check)) ?? root;
    if (isSameKey(root, wanted)) return true;
  }
  return false;
}

/** Return what people compare of a root: the beginning of its thumbprint (RFC 7638) in groups of four digits. */
export async function fingerprintOf({ x, y }: PublicKey): Promise<string> {
  const written = new TextEncoder().encode(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`);
  const digest = globalThis.crypto?.subtle
    ? new Uint8Array(await crypto.subtle.digest("SHA-256", written))
    : (await import("./curve.ts")).digestInPlainScript(written);
  const digits = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, DIGITS);
  return digits.match(/.{4}/g)!.join(" ");
}
