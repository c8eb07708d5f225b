// The strict front door: what a text must be before any key looks at it; the list and its order are passes.tokens.front_door's.
import { decodeBase64url } from "./base64url.ts";
import { readObject, textOf, type JsonObject } from "./json.ts";
import { RefusedToken } from "./refused.ts";

export const ALGORITHM = "ES256";
export const LONGEST_TOKEN = 4096;
export const SIGNATURE_BYTES = 64;
export const KID = /^[A-Za-z0-9_-]{1,64}$/;
/** Order of the curve P-256; of s and order - s only the lower one is ours. */
const CURVE_ORDER = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

/** A kind of token: its `typ`, what its claims must be, and how long it may be. */
export interface TokenKind {
  readonly typ: string;
  readonly checkClaims: (claims: JsonObject) => void;
  readonly longest: number;
}

/** A token that passed the front door; nobody has checked its signature yet. */
export interface ParsedToken {
  readonly kid: string;
  readonly claims: JsonObject;
  readonly signed: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** Count characters as Python does: a pair of surrogates is one. */
export function lengthOf(text: string): number {
  let pairs = 0;
  for (let place = 0; place + 1 < text.length; place += 1) {
    const isPair = (text.charCodeAt(place) & 0xfc00) === 0xd800 && (text.charCodeAt(place + 1) & 0xfc00) === 0xdc00;
    if (isPair) {
      pairs += 1;
      place += 1;
    }
  }
  return text.length - pairs;
}

/** Return the number that bytes write, the highest first. */
export function numberOf(data: Uint8Array): bigint {
  let hex = "0x0";
  for (const byte of data) hex += byte.toString(16).padStart(2, "0");
  return BigInt(hex);
}

function kidOf(header: JsonObject, kind: TokenKind): string {
  if (header["alg"] !== ALGORITHM) {
    throw new RefusedToken("algorithm-not-allowed", { algorithm: textOf(header["alg"]).slice(0, 20) });
  }
  const { kid, typ } = header;
  const isExact = Object.keys(header).length === 3 && kid !== undefined && typ !== undefined;
  if (!isExact || typeof kid !== "string" || !KID.test(kid)) {
    throw new RefusedToken("header-not-ours", { members: Object.keys(header).sort().slice(0, 10) });
  }
  if (typ !== kind.typ) throw new RefusedToken("type-not-ours", { expected: kind.typ, typ: textOf(typ).slice(0, 20) });
  return kid;
}

function readSignature(text: string): Uint8Array<ArrayBuffer> {
  const signature = decodeBase64url(text);
  const [first, second] = [numberOf(signature.subarray(0, 32)), numberOf(signature.subarray(32))];
  const isInside = first > 0n && first < CURVE_ORDER && second > 0n && second <= CURVE_ORDER / 2n;
  if (signature.length !== SIGNATURE_BYTES || !isInside) throw new RefusedToken("signature-not-canonical");
  return signature;
}

/** Let a text through the front door, or say why not: the first fault in the order of passes.tokens.front_door. */
export function parseToken(text: string, kind: TokenKind): ParsedToken {
  if (lengthOf(text) > kind.longest) throw new RefusedToken("token-too-long", { longest: kind.longest });
  const parts = text.split(".");
  if (parts.length !== 3) throw new RefusedToken("token-unreadable", { fault: "parts" });
  const [header, payload, signature] = parts as [string, string, string];
  const kid = kidOf(readObject(decodeBase64url(header)), kind);
  const claims = readObject(decodeBase64url(payload));
  kind.checkClaims(claims);
  return { kid, claims, signed: new TextEncoder().encode(`${header}.${payload}`), signature: readSignature(signature) };
}
