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
/** What is written by us: ISO 8601 with seconds; the offset may be missing, which has a code of its own. */
const TIME = /^(\d{4})-(0[1-9]|1[0-2])-(\d\d)(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;
/** The last day of the calendar is left free, as in geodata.windows. */
const LATEST_S = Date.UTC(9999, 11, 31) / 1000;
const LONGEST_AGE_H = 1_000_000;
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

/** Read a time where the document has it; a browser's own reading takes a 30th of February and much else for a time. */
export function readTime(document: JsonObject, name: string): number | undefined {
  if (!(name in document)) return undefined;
  const [text, year, month, day, offset] = TIME.exec(textOf(document[name])) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (text === undefined || date.getUTCDate() !== Number(day)) throw new KeyListError("time-unreadable");
  if (offset === undefined) throw new KeyListError("time-without-offset");
  const found = Date.parse(text) / 1000;
  if (!(found >= 0 && found < LATEST_S)) throw new KeyListError("time-out-of-range");
  return found;
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
  readTime(entry, "usable_from");
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
  const areAges = isListOf(ages, "number") && (ages as number[]).every((one) => one >= 0 && one <= LONGEST_AGE_H);
  if (!areAges || !isObject(terms) || typeof timezone !== "string" || (expiry !== "amber" && expiry !== "red")) {
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

function readIssuer({ iss = "" }: JsonObject): string {
  if (typeof iss !== "string") throw new KeyListError("key-list-unreadable");
  return iss;
}

/** Read a plain key set; what the root has signed is `root_list.ts`'s. */
export function readKeyList(document: Json): KeyList {
  const entries = isObject(document) ? document["keys"] : undefined;
  if (!isObject(document) || !Array.isArray(entries)) throw new KeyListError("key-list-unreadable");
  return {
    keys: readKeys(entries),
    issuer: readIssuer(document),
    issuedAt: readTime(document, "issued_at"),
    withdrawn: readNames("withdrawn" in document ? document["withdrawn"] : []),
    rules: readRules("verdict" in document ? document["verdict"]! : {}),
    number: 0,
    others: new Map(),
  };
}

/** Tell whether no key can be in use that this list does not hold. */
export function holdsEveryKeyAt(list: KeyList, at: number): boolean {
  return list.issuedAt !== undefined && at - list.issuedAt < PUBLISHED_AHEAD_S;
}
