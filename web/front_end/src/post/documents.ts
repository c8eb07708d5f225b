// The signed documents that the phone takes along: the bundle of keys and status lists, and the trucks expected today.
import { decodeBase64url } from "../verifier/base64url.ts";
import { checkPassClaims, readPassClaims, LATEST_SECOND, type PassClaims } from "../verifier/claims.ts";
import { parseToken, type ParsedToken, type TokenKind } from "../verifier/front_door.ts";
import { inflateZlib } from "../verifier/inflate.ts";
import { isObject, readObject, type Json, type JsonObject } from "../verifier/json.ts";
import type { KeyList, PublicKey } from "../verifier/keys.ts";
import { RefusedToken } from "../verifier/refused.ts";
import { readRootedList, refuseOlderList } from "../verifier/root_list.ts";
import type { SignatureCheck } from "../verifier/signatures.ts";
import { isSignedByOneOf, readStatusList, RefusedDocument, type StatusList } from "../verifier/status_list.ts";

export interface Bundle {
  readonly keys: KeyList;
  readonly lists: readonly StatusList[];
  /** Status lists of other issuers, by issuer. */
  readonly foreign: ReadonlyMap<string, readonly StatusList[]>;
  /** Seconds since 1970. */
  readonly issuedAt: number;
}

/** A truck that may come, and between which times. */
export interface Truck {
  readonly claims: PassClaims;
  readonly from: number;
  readonly to: number;
  readonly firm: string;
}

export interface ExpectedList {
  readonly checkpoint: string;
  readonly issuedAt: number;
  readonly until: number;
  readonly trucks: readonly Truck[];
}

const LONGEST_BUNDLE = 2 ** 22;
const LONGEST_LIST = 2 ** 20;
const MOST_BYTES = 2 ** 22;
/** A corridor that stands for none: who is expected here stands on his route. */
const NO_CORRIDOR = "????";
/** Faults of a key list that say more than that it is unreadable. */
const OF_THE_ROOT = ["key-list-without-root", "root-list-not-signed", "key-list-older"];

function isSecond(value: Json | undefined): boolean {
  return typeof value === "number" && value > 0 && value < LATEST_SECOND;
}

function exactly(members: readonly string[], isRight: (claims: JsonObject) => boolean): (claims: JsonObject) => void {
  return (claims) => {
    const names = Object.keys(claims);
    if (names.length !== members.length || !members.every((name) => name in claims) || !isRight(claims)) {
      throw new RefusedToken("claims-not-ours");
    }
  };
}

function areTexts(value: Json | undefined): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

const BUNDLE_MEMBERS = ["iss", "iat", "keys", "lists"];
const FOREIGN = "foreign";

const BUNDLE: TokenKind = {
  typ: "btb+jwt",
  longest: LONGEST_BUNDLE,
  checkClaims: (claims) => {
    const members = FOREIGN in claims ? [...BUNDLE_MEMBERS, FOREIGN] : BUNDLE_MEMBERS;
    exactly(members, ({ iss, iat, keys, lists, foreign = {} }) => {
      const isRight = typeof iss === "string" && isSecond(iat) && isObject(keys) && areTexts(lists);
      return isRight && isObject(foreign) && Object.values(foreign).every(areTexts);
    })(claims);
  },
};

const EXPECTED: TokenKind = {
  typ: "bte+jwt",
  longest: LONGEST_LIST,
  checkClaims: exactly(["iss", "iat", "sub", "from", "to", "lst"], ({ iss, iat, sub, from, to, lst }) => {
    return areTexts([iss, sub, lst] as Json) && [iat, from, to].every(isSecond);
  }),
};

function parsed(text: string, kind: TokenKind, code: string): ParsedToken {
  try {
    return parseToken(text, kind);
  } catch {
    throw new RefusedDocument(code);
  }
}

/** What was held before a bundle comes: its keys, its lists, and the county's root where it is known. */
export interface Held {
  readonly bundle?: Bundle | undefined;
  readonly root?: PublicKey | undefined;
  /** The newest time seen of each list of another issuer, by issuer and URI: an older one is left out. */
  readonly seen?: ReadonlyMap<string, number> | undefined;
}

/** What a list of another issuer is remembered by. */
export function foreignName(issuer: string, list: StatusList): string {
  return `${issuer} ${list.uri}`;
}

/** Read lists of other issuers; what cannot be read, no trusted key of its issuer has signed, or is older, is left out. */
async function readForeign(tokens: JsonObject, keys: KeyList, seen: ReadonlyMap<string, number>, check: SignatureCheck): Promise<Bundle["foreign"]> {
  const found = new Map<string, StatusList[]>();
  for (const [issuer, texts] of Object.entries(tokens)) {
    const other = keys.others.get(issuer);
    if (other === undefined) continue;
    const own: KeyList = { ...keys, keys: other.keys, withdrawn: other.withdrawn };
    const read = (texts as string[]).map((one) => readStatusList(one, own, check).catch(() => undefined));
    const lists = (await Promise.all(read)).filter((one) => one !== undefined);
    const newest = lists.filter((one) => one.issuedAt >= (seen.get(foreignName(issuer, one)) ?? 0));
    if (newest.length) found.set(issuer, newest);
  }
  return found;
}

/**
 * Read a bundle. Where the root is known its key list must be signed by that, and the bundle by one of those keys; else it
 * must be signed by a key that is held, and the first one vouches for itself, as it came over the signed-in connection.
 * One older than the one held, or with an older list of the root's, is refused: whoever sends it hides a withdrawal.
 */
export async function readBundle(text: string, { bundle: held, root, seen = new Map() }: Held, check: SignatureCheck): Promise<Bundle> {
  const token = parsed(text, BUNDLE, "bundle-unreadable");
  const issuedAt = token.claims["iat"] as number;
  let keys: KeyList;
  try {
    keys = await readRootedList(token.claims["keys"]!, root, check);
    refuseOlderList(keys, held?.keys.number ?? 0);
  } catch (error) {
    const code = error instanceof Error ? error.message : "";
    throw new RefusedDocument(OF_THE_ROOT.includes(code) ? code : "bundle-unreadable");
  }
  const trusted = root ? keys : (held?.keys ?? keys);
  const withdrawn = new Set([...keys.withdrawn, ...(held?.keys.withdrawn ?? [])]);
  if (!(await isSignedByOneOf(token, { ...trusted, withdrawn }, check))) throw new RefusedDocument("bundle-not-signed");
  // The root's list stands until the next one: that this is still the newest is what the bundle's signer says.
  if (keys.number) keys = { ...keys, issuedAt };
  const lists = await Promise.all((token.claims["lists"] as string[]).map((one) => readStatusList(one, keys, check)));
  const foreign = await readForeign((token.claims[FOREIGN] ?? {}) as JsonObject, keys, seen, check);
  const found: Bundle = { keys, lists, foreign, issuedAt };
  if (held && isOlder(found, held)) throw new RefusedDocument("bundle-older");
  return found;
}

function isOlder(found: Bundle, held: Bundle): boolean {
  const seen = new Map(held.lists.map((one) => [one.uri, one.issuedAt]));
  return found.issuedAt < held.issuedAt || found.lists.some((one) => one.issuedAt < (seen.get(one.uri) ?? 0));
}

function readTruck(row: Json, issuer: string): Truck {
  const [said, from, to, firm] = Array.isArray(row) ? row : [];
  const isRight = typeof from === "number" && typeof to === "number" && typeof firm === "string";
  if (!isObject(said) || !isRight) throw new RefusedDocument("expected-unreadable");
  const claims: JsonObject = Object.assign(Object.create(null), said, { iss: issuer, cor: NO_CORRIDOR, tol: 1, rul: "-" });
  checkPassClaims(claims);
  return { claims: { ...readPassClaims(claims), corridor: [] }, from, to, firm };
}

/** Read the list of the trucks that a checkpoint expects, signed by a key of the bundle. */
export async function readExpected(text: string, keys: KeyList, check: SignatureCheck): Promise<ExpectedList> {
  const token = parsed(text, EXPECTED, "expected-unreadable");
  if (!(await isSignedByOneOf(token, keys, check))) throw new RefusedDocument("expected-not-signed");
  const { iss, iat, sub, to, lst } = token.claims as { iss: string; iat: number; sub: string; to: number; lst: string };
  try {
    const rows = readObject(inflateZlib(decodeBase64url(lst), MOST_BYTES))["trucks"];
    const trucks = (rows as Json[]).map((row) => readTruck(row, iss));
    return { checkpoint: sub, issuedAt: iat, until: to, trucks };
  } catch {
    throw new RefusedDocument("expected-unreadable");
  }
}
