// The claims of a special pass: their exact shape, checked as passes.tokens.claims checks it.
import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import { isPlate } from "./plates.ts";
import { decodeLine, type Point } from "./polyline.ts";
import { RefusedToken } from "./refused.ts";

/** One person of the crew; the end of the condition in seconds since 1970, 0: none. */
export interface CrewEntry {
  readonly maskedName: string;
  readonly idTail: string;
  readonly conditionEndsAt: number;
}

/** What a special pass says; times in seconds since 1970. */
export interface PassClaims {
  readonly issuer: string;
  readonly jti: string;
  readonly number: string;
  readonly issuedAt: number;
  readonly notBefore: number;
  readonly expiresAt: number;
  readonly slot: { readonly index: number; readonly uri: string };
  readonly plate: string;
  readonly crew: readonly CrewEntry[];
  readonly origin: string;
  readonly destination: string;
  readonly corridor: readonly Point[];
  readonly toleranceM: number;
  readonly terms: readonly string[];
  readonly rules: string;
  readonly drill: boolean;
}

const LONGEST_LIFETIME_S = 31 * 86_400;
/** No time in a token is so late (the year 2242). */
export const LATEST_SECOND = 2 ** 33;
const MOST_SLOTS = 2 ** 24;
const MOST_POINTS = 200;
const MOST_CREW = 8;
const LONGEST_MASKED = 12;
const WORD = /^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]{1,64}$/u;
/** An area code: what an issuer is called is shown also where nobody vouches for it, so it must not be a sentence. */
export const ISSUER = /^[0-9]{6}$/;
const MEMBER = /^[A-Za-z0-9_-]{0,20}$/;
const JTI = /^[0-9A-Za-z-]{1,32}$/;
const TERM = /^[a-z0-9_-]{1,24}$/;
const ID_TAIL = /^[0-9A-Z]{4}$/;

type Check = (value: Json) => boolean;

function matches(pattern: RegExp): Check {
  return (value) => typeof value === "string" && pattern.test(value);
}

const isWord = matches(WORD);

function isSecond(value: Json | undefined): boolean {
  return typeof value === "number" && value > 0 && value < LATEST_SECOND;
}

function isStatus(value: Json): boolean {
  if (!isObject(value) || Object.keys(value).length !== 2) return false;
  const { idx, uri } = value;
  return typeof idx === "number" && idx >= 0 && idx < MOST_SLOTS && uri !== undefined && isWord(uri);
}

function isPerson(value: Json): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [name, tail, end] = value as [Json, Json, Json];
  const isNamed = typeof name === "string" && isWord(name) && [...name].length <= LONGEST_MASKED && name.includes("*");
  return isNamed && matches(ID_TAIL)(tail) && (isSecond(end) || end === 0);
}

function isListOf(check: Check, least: number, most: number): Check {
  return (value) => Array.isArray(value) && value.length >= least && value.length <= most && value.every(check);
}

function isCorridor(value: Json): boolean {
  const points = typeof value === "string" ? decodeLine(value)?.length ?? 0 : 0;
  return points >= 2 && points <= MOST_POINTS;
}

/** What each claim must be; every one but `drl` must be there, and no other may be. */
const CHECKS: ReadonlyMap<string, Check> = new Map(Object.entries({
  iss: matches(ISSUER),
  jti: matches(JTI),
  iat: isSecond,
  nbf: isSecond,
  exp: isSecond,
  status: isStatus,
  plt: (value) => typeof value === "string" && isPlate(value),
  crw: isListOf(isPerson, 1, MOST_CREW),
  org: isWord,
  dst: isWord,
  cor: isCorridor,
  tol: (value) => typeof value === "number" && value > 0 && value <= 100_000,
  trm: isListOf(matches(TERM), 0, 8),
  rul: isWord,
  drl: (value) => value === true,
} satisfies Record<string, Check>));

function wrongMember(claims: JsonObject): string | undefined {
  const isWrong = (name: string): boolean => !CHECKS.get(name)?.(claims[name]!);
  const isMissing = (name: string): boolean => name !== "drl" && !(name in claims);
  return Object.keys(claims).find(isWrong) ?? [...CHECKS.keys()].find(isMissing);
}

/** Return the name of a member as a guard may see it: whoever made the token has chosen it. */
export function shownMember(name: string): string {
  return MEMBER.test(name) ? name : "?";
}

/** Refuse claims that are not exactly those of a pass. */
export function checkPassClaims(claims: JsonObject): void {
  const wrong = wrongMember(claims);
  if (wrong !== undefined) throw new RefusedToken("claims-not-ours", { member: shownMember(wrong) });
  const [iat, nbf, exp] = [claims["iat"] as number, claims["nbf"] as number, claims["exp"] as number];
  if (exp <= nbf || exp < iat) throw new RefusedToken("claims-not-ours", { member: "exp" });
  if (exp - Math.min(iat, nbf) > LONGEST_LIFETIME_S) {
    throw new RefusedToken("lifetime-too-long", { longest_days: LONGEST_LIFETIME_S / 86_400 });
  }
}

/** Read claims that were checked. */
export function readPassClaims(claims: JsonObject): PassClaims {
  const text = (name: string): string => claims[name] as string;
  const number = (name: string): number => claims[name] as number;
  const status = claims["status"] as { idx: number; uri: string };
  const crew = claims["crw"] as [string, string, number][];
  return {
    issuer: text("iss"),
    jti: text("jti"),
    number: text("jti").split("-")[0]!,
    issuedAt: number("iat"),
    notBefore: number("nbf"),
    expiresAt: number("exp"),
    slot: { index: status.idx, uri: status.uri },
    plate: text("plt"),
    crew: crew.map(([maskedName, idTail, conditionEndsAt]) => ({ maskedName, idTail, conditionEndsAt })),
    origin: text("org"),
    destination: text("dst"),
    corridor: decodeLine(text("cor")) ?? [],
    toleranceM: number("tol"),
    terms: claims["trm"] as string[],
    rules: text("rul"),
    drill: claims["drl"] === true,
  };
}
