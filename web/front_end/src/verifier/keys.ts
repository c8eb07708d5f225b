// The list of public keys that a verifier holds: a JWK set with issuer, age and the policy's verdict rules.
import { decodeBase64url } from "./base64url.ts";
import { ALGORITHM, KID, numberOf } from "./front_door.ts";
import { isObject, textOf, type Json, type JsonObject } from "./json.ts";

/** A key that verifies; times in seconds since 1970. */
export interface PublicKey {
  readonly kid: string;
  readonly x: string;
  readonly y: string;
  readonly retiredAt: number | undefined;
}

/** What the county's policy sets of verdicts. */
export interface VerdictRules {
  readonly freshH: number;
  readonly usableH: number;
  readonly onExpiryInside: "amber" | "red";
  readonly words: readonly string[];
  readonly colours: readonly string[];
  readonly terms: Readonly<Record<string, string>>;
  readonly timezone: string;
}

/** Another issuer whose passes are taken here, until a time; a key's name says nothing outside its issuer. */
export interface OtherIssuer {
  readonly issuer: string;
  readonly name: string;
  readonly until: number;
  readonly keys: ReadonlyMap<string, PublicKey>;
  readonly withdrawn: ReadonlySet<string>;
}

export interface KeyList {
  readonly keys: ReadonlyMap<string, PublicKey>;
  readonly issuer: string;
  readonly issuedAt: number | undefined;
  readonly withdrawn: ReadonlySet<string>;
  readonly rules: VerdictRules;
  /** Of the list that the root has signed; 0: none has been. */
  readonly number: number;
  readonly others: ReadonlyMap<string, OtherIssuer>;
}

/** A key list that cannot be used; the codes are those of passes.tokens.keys and passes.verifying.key_list. */
export class KeyListError extends Error {}

/** Keys are published so long before they sign. */
export const PUBLISHED_AHEAD_S = 7 * 86_400;
const COORDINATE_BYTES = 32;
const PRIVATE_MEMBERS = ["d", "p", "q", "k"];
const FIELD = BigInt("0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
const CURVE_B = BigInt("0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

function coordinate(entry: JsonObject, member: string): bigint {
  let data: Uint8Array;
  try {
    data = decodeBase64url(textOf(entry[member]));
  } catch {
    throw new KeyListError("key-unreadable");
  }
  if (data.length !== COORDINATE_BYTES) throw new KeyListError("key-unreadable");
  return numberOf(data);
}

function isOnCurve(x: bigint, y: bigint): boolean {
  if (x >= FIELD || y >= FIELD) return false;
  return (y * y - (x * x * x - 3n * x + CURVE_B)) % FIELD === 0n;
}

export function readTime(document: JsonObject, name: string): number | undefined {
  if (!(name in document)) return undefined;
  const text = document[name];
  const found = typeof text === "string" && /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(found)) throw new KeyListError("time-unreadable");
  return found / 1000;
}

/** Read one public key, strictly. */
export function readKey(entry: Json): PublicKey {
  if (!isObject(entry)) throw new KeyListError("key-unreadable");
  if (PRIVATE_MEMBERS.some((member) => member in entry)) throw new KeyListError("key-private");
  for (const [member, wanted, isNeeded] of [["kty", "EC", true], ["crv", "P-256", true], ["alg", ALGORITHM, false], ["use", "sig", false]] as const) {
    if ((isNeeded || member in entry) && entry[member] !== wanted) throw new KeyListError("key-not-p256");
  }
  const kid = entry["kid"];
  if (typeof kid !== "string" || !KID.test(kid)) throw new KeyListError("key-unreadable");
  if (!isOnCurve(coordinate(entry, "x"), coordinate(entry, "y"))) throw new KeyListError("key-not-on-curve");
  return { kid, x: entry["x"] as string, y: entry["y"] as string, retiredAt: readTime(entry, "retired_at") };
}

function isListOf(value: Json | undefined, kind: "string" | "number"): value is Json[] {
  return Array.isArray(value) && value.every((one) => typeof one === kind);
}

function three(value: Json | undefined, usual: readonly string[]): readonly string[] {
  return isListOf(value, "string") && value.length === 3 ? (value as string[]) : usual;
}

function readRules(document: Json): VerdictRules {
  if (!isObject(document)) throw new KeyListError("key-list-unreadable");
  const { staleness_h: ages = [24, 72], on_expiry_inside: expiry = "amber", terms = {}, timezone = "Asia/Shanghai" } = document;
  if (!isListOf(ages, "number") || !isObject(terms) || typeof timezone !== "string" || (expiry !== "amber" && expiry !== "red")) {
    throw new KeyListError("key-list-unreadable");
  }
  const [first, last] = [ages[0] ?? 24, ages[ages.length - 1] ?? 72] as [number, number];
  return {
    freshH: first,
    usableH: last,
    onExpiryInside: expiry,
    words: three(document["words"], ["放行", "核对", "暂不放行"]),
    colours: three(document["colours"], ["#1a7f37", "#0b5fa5", "#b3261e"]),
    terms: Object.fromEntries(Object.entries(terms).map(([name, word]) => [name, textOf(word)])),
    timezone,
  };
}

/** Read the keys of one issuer by name; one bad key refuses all. */
export function readKeys(entries: Json | undefined): ReadonlyMap<string, PublicKey> {
  if (!Array.isArray(entries)) throw new KeyListError("key-list-unreadable");
  const keys = new Map<string, PublicKey>();
  for (const key of entries.map(readKey)) {
    if (keys.has(key.kid)) throw new KeyListError("key-named-twice");
    keys.set(key.kid, key);
  }
  return keys;
}

export function readNames(values: Json | undefined): ReadonlySet<string> {
  if (!isListOf(values, "string")) throw new KeyListError("key-list-unreadable");
  return new Set(values as string[]);
}

/** Read a plain key set; what the root has signed is `root_list.ts`'s. */
export function readKeyList(document: Json): KeyList {
  const entries = isObject(document) ? document["keys"] : undefined;
  if (!isObject(document) || !Array.isArray(entries)) throw new KeyListError("key-list-unreadable");
  return {
    keys: readKeys(entries),
    issuer: textOf(document["iss"]),
    issuedAt: readTime(document, "issued_at"),
    withdrawn: readNames(document["withdrawn"] ?? []),
    rules: readRules(document["verdict"] ?? {}),
    number: 0,
    others: new Map(),
  };
}

/** Tell whether no key can be in use that this list does not hold. */
export function holdsEveryKeyAt(list: KeyList, at: number): boolean {
  return list.issuedAt !== undefined && at - list.issuedAt < PUBLISHED_AHEAD_S;
}
