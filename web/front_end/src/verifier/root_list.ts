// The list that the county's offline root signs: its own keys, and the other issuers that are trusted; as passes.verifying.root_list.
import { LATEST_SECOND } from "./claims.ts";
import { parseToken, type ParsedToken, type TokenKind } from "./front_door.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { KeyListError, readKeyList, readKeys, readNames, readTime, type KeyList, type OtherIssuer, type PublicKey } from "./keys.ts";
import { RefusedToken } from "./refused.ts";
import type { SignatureCheck } from "./signatures.ts";

const MEMBERS = ["iss", "iat", "num", "keys", "withdrawn", "trusted"];
const ISSUER_MEMBERS = ["iss", "name", "until", "keys", "withdrawn"];
const MOST_NUMBER = 2 ** 31;

function hasExactly(document: JsonObject, members: readonly string[]): boolean {
  return Object.keys(document).length === members.length && members.every((name) => name in document);
}

function isBetween(value: Json | undefined, end: number): boolean {
  return typeof value === "number" && value > 0 && value < end;
}

function checkClaims(claims: JsonObject): void {
  const { iss, iat, num, trusted } = claims;
  const isRight = typeof iss === "string" && isBetween(iat, LATEST_SECOND) && isBetween(num, MOST_NUMBER) && Array.isArray(trusted);
  if (!hasExactly(claims, MEMBERS) || !isRight) throw new RefusedToken("claims-not-ours");
}

const ROOT_LIST: TokenKind = { typ: "btk+jwt", checkClaims, longest: 2 ** 18 };

function readIssuer(entry: Json): OtherIssuer {
  if (!isObject(entry) || !hasExactly(entry, ISSUER_MEMBERS)) throw new KeyListError("root-list-unreadable");
  const { iss, name } = entry;
  if (typeof iss !== "string" || !iss || typeof name !== "string") throw new KeyListError("root-list-unreadable");
  const until = readTime(entry, "until")!;
  return { issuer: iss, name, until, keys: readKeys(entry["keys"]), withdrawn: readNames(entry["withdrawn"]) };
}

function readOthers(entries: Json[], own: string): ReadonlyMap<string, OtherIssuer> {
  const others = new Map<string, OtherIssuer>();
  for (const one of entries.map(readIssuer)) {
    if (others.has(one.issuer) || one.issuer === own) throw new KeyListError("issuer-named-twice");
    others.set(one.issuer, one);
  }
  return others;
}

async function readSigned(text: string, root: PublicKey | undefined, check: SignatureCheck): Promise<Omit<KeyList, "rules">> {
  let token: ParsedToken;
  try {
    token = parseToken(text, ROOT_LIST);
  } catch {
    throw new KeyListError("root-list-unreadable");
  }
  if (root && (token.kid !== root.kid || !(await check(token, root)))) throw new KeyListError("root-list-not-signed");
  const { iss, iat, num, keys, withdrawn, trusted } = token.claims as JsonObject & { iss: string; iat: number; num: number };
  const others = readOthers(trusted as Json[], iss);
  return { keys: readKeys(keys), issuer: iss, issuedAt: iat, withdrawn: readNames(withdrawn), number: num, others };
}

/**
 * Read a key list. Where the root is known only a list that it has signed is taken; of what it has signed those keys count
 * that stand beside it too, and a key that either of them withdraws is withdrawn.
 */
export async function readRootedList(document: Json, root: PublicKey | undefined, check: SignatureCheck): Promise<KeyList> {
  const plain = readKeyList(document);
  const signed = isObject(document) ? document["root_list"] : undefined;
  if (typeof signed !== "string" || !signed) {
    if (root) throw new KeyListError("key-list-without-root");
    return plain;
  }
  const found = await readSigned(signed, root, check);
  const withdrawn = new Set([...plain.withdrawn, ...found.withdrawn]);
  const isBeside = ({ kid, x, y }: PublicKey): boolean => plain.keys.get(kid)?.x === x && plain.keys.get(kid)?.y === y;
  const keys = new Map([...found.keys].filter(([kid, key]) => !withdrawn.has(kid) && isBeside(key)));
  return { ...plain, ...found, keys, withdrawn };
}

/** Refuse a key list whose number of the root's is smaller than one already seen: whoever sends it hides a withdrawal. */
export function refuseOlderList(list: KeyList, seen: number): void {
  if (list.number < seen) throw new KeyListError("key-list-older");
}
