// Signed status lists: two bits a pass, read as strictly as passes.verifying.status_list, and refused when older than one seen.
import { decodeBase64url } from "./base64url.ts";
import { LATEST_SECOND } from "./claims.ts";
import { parseToken, type ParsedToken, type TokenKind } from "./front_door.ts";
import { inflateZlib } from "./inflate.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { KeyList } from "./keys.ts";
import { RefusedToken } from "./refused.ts";
import type { SignatureCheck } from "./signatures.ts";

/** What the issuer says of a pass, by the number in the list. */
export const STATUSES = ["valid", "withdrawn", "suspended", "replaced"] as const;
export type Status = (typeof STATUSES)[number];

/** Where statuses are read; the time is when they were true, in seconds. */
export interface Statuses {
  readonly issuedAt: number;
  find(uri: string, index: number): Status | undefined;
}

/** A document that came but is not used; the codes are those of passes.verifying.status_list and passes.verifying.bundle. */
export class RefusedDocument extends Error {}

const BITS = 2;
const A_BYTE = 8 / BITS;
const MOST_BYTES = 2 ** 22;
const MEMBERS = ["sub", "iat", "ttl", "status_list"];

function checkClaims(claims: JsonObject): void {
  const content = claims["status_list"];
  const { sub, iat } = claims;
  const isOurs =
    Object.keys(claims).every((name) => MEMBERS.includes(name)) &&
    typeof sub === "string" &&
    typeof iat === "number" &&
    iat > 0 &&
    iat < LATEST_SECOND &&
    isObject(content) &&
    Object.keys(content).length === 2 &&
    content["bits"] === BITS &&
    typeof content["lst"] === "string";
  if (!isOurs) throw new RefusedToken("claims-not-ours");
}

const STATUS_LIST: TokenKind = { typ: "statuslist+jwt", checkClaims, longest: 2 ** 22 };

export class StatusList implements Statuses {
  readonly uri: string;
  readonly issuedAt: number;
  private readonly packed: Uint8Array;

  constructor(uri: string, issuedAt: number, packed: Uint8Array) {
    this.uri = uri;
    this.issuedAt = issuedAt;
    this.packed = packed;
  }

  find(uri: string, index: number): Status | undefined {
    const byte = uri === this.uri ? this.packed[Math.floor(index / A_BYTE)] : undefined;
    return byte === undefined ? undefined : STATUSES[(byte >> ((index % A_BYTE) * BITS)) & 3];
  }
}

/** Several lists as one: as old as the oldest of them. */
export class StatusLists implements Statuses {
  readonly issuedAt: number;
  private readonly lists: readonly StatusList[];

  constructor(lists: readonly StatusList[]) {
    this.lists = lists;
    this.issuedAt = Math.min(...lists.map((one) => one.issuedAt));
  }

  find(uri: string, index: number): Status | undefined {
    return this.lists.find((one) => one.uri === uri)?.find(uri, index);
  }
}

/** Tell whether a token is signed by a key of a list that was neither withdrawn, nor retired when it says that it was signed. */
export async function isSignedByOneOf(token: ParsedToken, keys: KeyList, check: SignatureCheck): Promise<boolean> {
  const key = keys.withdrawn.has(token.kid) ? undefined : keys.keys.get(token.kid);
  if (key === undefined || (token.claims["iat"] as number) >= (key.retiredAt ?? Infinity)) return false;
  return check(token, key);
}

/** Read a signed status list. */
export async function readStatusList(text: string, keys: KeyList, check: SignatureCheck): Promise<StatusList> {
  let token: ParsedToken;
  let zipped: Uint8Array;
  try {
    token = parseToken(text, STATUS_LIST);
    zipped = decodeBase64url((token.claims["status_list"] as { lst: string }).lst);
  } catch {
    throw new RefusedDocument("status-list-unreadable");
  }
  // Nothing is inflated for whoever did not sign it.
  if (!(await isSignedByOneOf(token, keys, check))) throw new RefusedDocument("status-list-not-signed");
  try {
    return new StatusList(token.claims["sub"] as string, token.claims["iat"] as number, inflateZlib(zipped, MOST_BYTES));
  } catch {
    throw new RefusedDocument("status-list-unreadable");
  }
}
