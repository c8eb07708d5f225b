// Verify a pass: text in, verdict out, with every reason; no network and no clock of its own.
//
// Step by step what passes.verifying.verify does, bound to it by tests/vectors: form, issuer, key, clock, time, drill, status,
// plate, position, way, crew. From the clock on nothing ends the check: a guard sees everything that speaks against it. Where no
// key vouches for a pass, stars stand for the plate and the names that it gives.
import { checkPassClaims, readPassClaims, type PassClaims } from "./claims.ts";
import { distanceToCorridor } from "./corridor.ts";
import { LONGEST_TOKEN, lengthOf, parseToken, type ParsedToken, type TokenKind } from "./front_door.ts";
import { makeReason, weigh, type Level, type Reason } from "./grounds.ts";
import { holdsEveryKeyAt, type KeyList, type OtherIssuer, type PublicKey } from "./keys.ts";
import { fromCode, isCode } from "./pass_code.ts";
import { normalisePlate } from "./plates.ts";
import type { Point } from "./polyline.ts";
import { RefusedToken } from "./refused.ts";
import type { SignatureCheck } from "./signatures.ts";
import type { Statuses } from "./status_list.ts";

/** What a verifier holds; times in seconds. */
export interface Trust {
  readonly keys: KeyList;
  readonly statuses?: Statuses | undefined;
  /** Statuses of other issuers' passes, by issuer, as far as their lists are held; they say nothing of the time here. */
  readonly others?: ReadonlyMap<string, Statuses> | undefined;
  /** Newest time in anything signed that was ever accepted here. */
  readonly latestSeen?: number | undefined;
  /** When the status list was made that came but is not held, because one newer was seen before. */
  readonly olderListAt?: number | undefined;
}

/** What the guard sees, where somebody looked. */
export interface Seen {
  /** Seconds since 1970. */
  readonly at: number;
  readonly plate?: string | undefined;
  readonly position?: Point | undefined;
  readonly way?: "along" | "against" | undefined;
}

export interface Verdict {
  readonly verdict: Level;
  /** The gravest first. */
  readonly reasons: readonly Reason[];
  /** What the pass says; undefined where no key of ours vouches for it. */
  readonly claims?: PassClaims | undefined;
}

/** A clock may be so far behind; beyond it is wrong. */
export const CLOCK_TOLERANCE_S = 300;
const PASS: TokenKind = { typ: "btp+jwt", checkClaims: checkPassClaims, longest: LONGEST_TOKEN };
/** What else of ours hangs at a barrier or is shown by a driver, by its `typ`: known for what it is, and no pass. */
const NO_PASSES: ReadonlyMap<unknown, string> = new Map([["bto+jwt", "closure-order"], ["btc+jwt", "loop-certificate"]]);
const TYPS: Readonly<Record<string, string>> = { o: "bto+jwt", l: "btc+jwt" };
const OTHER_URL = /^https?:\/\/[^ \t\n\r\f\v?#]+\/([ol])\/[0-9]+$/i;
const ROUND_TRIP = "round_trip";
/** Stands for what a pass says of a truck or a person where no key vouches for it. */
const UNPROVEN = "***";
const PENDING = "pending";

interface Check extends Seen {
  readonly claims: PassClaims;
  /** Whether a key, or a signed list, vouches for the claims. */
  readonly isProven: boolean;
  readonly trust: Trust;
  /** The other issuer that the pass is of; undefined: our own. */
  readonly other?: OtherIssuer | undefined;
}

/** Let a text through the front door, rebuilding the token first where it is a code. */
export function readToken(text: string): ParsedToken {
  if (text.length > 2 * LONGEST_TOKEN && lengthOf(text) > 2 * LONGEST_TOKEN) {
    throw new RefusedToken("token-too-long", { longest: LONGEST_TOKEN });
  }
  const plain = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  const other = lengthOf(plain) <= LONGEST_TOKEN ? OTHER_URL.exec(plain)?.[1] : undefined;
  if (other !== undefined) {
    throw new RefusedToken("type-not-ours", { expected: PASS.typ, typ: TYPS[other.toLowerCase()]! });
  }
  return parseToken(isCode(plain) ? fromCode(plain) : plain, PASS);
}

function verdictOf(reasons: readonly Reason[], claims?: PassClaims): Verdict {
  const ordered = weigh(reasons);
  return { verdict: ordered[0]!.level, reasons: ordered, claims };
}

/** Return the reason that ends the check: an issuer that nobody here vouches for. */
async function refuseIssuer(token: ParsedToken, check: SignatureCheck, { trust, other, at }: Check): Promise<Reason | undefined> {
  const [own, said] = [trust.keys.issuer, token.claims["iss"] as string];
  if (other !== undefined) {
    const { name, until } = other;
    return at >= until ? makeReason("issuer-ended", { name, issuer: said, until }) : undefined;
  }
  if (!own || said === own) return undefined;
  const key = trust.keys.keys.get(token.kid);
  // What our own key has signed in another's name goes on, and is judged for that.
  if (key !== undefined && (await check(token, key))) return undefined;
  return makeReason("issuer-unknown", { issuer: said });
}

async function refuseKey(token: ParsedToken, check: SignatureCheck, { trust, other }: Check): Promise<Reason | undefined> {
  const issuer = other ?? trust.keys;
  if (issuer.withdrawn.has(token.kid)) return makeReason("key-withdrawn", { kid: token.kid });
  const key = issuer.keys.get(token.kid);
  if (key !== undefined && !(await check(token, key))) return makeReason("signature-wrong", { kid: token.kid });
  return undefined;
}

function* judgeKey(key: PublicKey | undefined, { claims, trust, other, at }: Check): Generator<Reason> {
  if (key === undefined) {
    const isComplete = other === undefined && holdsEveryKeyAt(trust.keys, at);
    yield isComplete ? makeReason("key-unknown") : makeReason("key-unknown", {}, { level: "amber", next: "check-paper" });
    return;
  }
  if (key.retiredAt !== undefined && claims.issuedAt >= key.retiredAt) {
    yield makeReason("key-retired", { retired_at: key.retiredAt });
  }
  if (other !== undefined) yield makeReason("issuer-trusted", { issuer: other.issuer, name: other.name });
  else yield* judgeIssuer(claims, trust);
}

function* judgeIssuer(claims: PassClaims, trust: Trust): Generator<Reason> {
  if (trust.keys.issuer && claims.issuer !== trust.keys.issuer) {
    yield makeReason("issuer-differs", { issuer: claims.issuer, expected: trust.keys.issuer });
  }
}

/** The newest time that somebody else has vouched for: no right clock is behind it. */
export function newestSigned(trust: Trust): number | undefined {
  const times = [trust.keys.issuedAt, trust.statuses?.issuedAt, trust.latestSeen].filter((time) => time !== undefined);
  return times.length ? Math.max(...times) : undefined;
}

function* judgeTime({ claims, trust, at }: Check): Generator<Reason> {
  const newest = newestSigned(trust);
  if (newest !== undefined && at < newest - CLOCK_TOLERANCE_S) {
    yield makeReason("clock-wrong", { newest, at });
    if (newest >= claims.expiresAt) yield makeReason("expired", { expires_at: claims.expiresAt });
  } else if (at < claims.notBefore) {
    yield makeReason("not-yet-valid", { not_before: claims.notBefore });
  } else if (at >= claims.expiresAt) {
    yield makeReason("expired", { expires_at: claims.expiresAt });
  }
}

function* judgeDrill({ claims }: Check): Generator<Reason> {
  if (claims.drill) yield makeReason("drill");
}

function* judgeStatus({ claims, trust, other, at }: Check): Generator<Reason> {
  // A slot is looked up in its issuer's own lists.
  const { statuses, olderListAt } = other === undefined ? trust : { statuses: trust.others?.get(claims.issuer) };
  if (statuses === undefined) {
    yield olderListAt === undefined ? makeReason("list-missing") : makeReason("list-older", { found: olderListAt });
    return;
  }
  const status = statuses.find(claims.slot.uri, claims.slot.index);
  if (status !== undefined && status !== "valid") yield makeReason(status);
  if (status === undefined) yield makeReason("list-without-pass", { list: claims.slot.uri });
  const ageH = Math.max(0, (at - statuses.issuedAt) / 3600);
  const { freshH, usableH } = trust.keys.rules;
  const code = ageH > usableH ? "list-too-old" : ageH > freshH ? "list-old" : "list-current";
  yield makeReason(code, { age_h: Math.floor(ageH) });
}

function* judgePlate({ claims, isProven, plate }: Check): Generator<Reason> {
  if (plate === undefined) return;
  const seen = normalisePlate(plate);
  const said = isProven ? claims.plate : UNPROVEN;
  if (seen !== claims.plate) yield makeReason("plate-differs", { plate: said, seen: seen.slice(0, 12) });
}

function* judgePosition({ claims, position }: Check): Generator<Reason> {
  if (position === undefined || !claims.corridor.length) return;
  const distance = distanceToCorridor(claims.corridor, position);
  if (distance > claims.toleranceM) {
    yield makeReason("off-route", { distance_m: Math.round(distance), tolerance_m: claims.toleranceM });
  }
}

function* judgeWay({ claims, way }: Check): Generator<Reason> {
  if (way === "against" && !claims.terms.includes(ROUND_TRIP)) yield makeReason("other-way");
}

function* judgePending({ claims }: Check): Generator<Reason> {
  if (claims.terms.includes(PENDING)) yield makeReason("result-pending");
}

function* judgeCrew({ claims, isProven, trust, at }: Check): Generator<Reason> {
  const isRed = trust.keys.rules.onExpiryInside === "red";
  for (const one of claims.crew) {
    if (!one.conditionEndsAt || one.conditionEndsAt >= at) continue;
    const facts = { name: isProven ? one.maskedName : UNPROVEN, ended_at: one.conditionEndsAt };
    yield makeReason("condition-ended-inside", facts, isRed ? { level: "red", next: "renew-condition-now" } : {});
  }
}

const JUDGES = [judgeTime, judgeDrill, judgeStatus, judgePlate, judgePosition, judgeWay, judgePending, judgeCrew];

function judge(check: Check, first: Iterable<Reason>): Reason[] {
  const reasons = [...first, ...JUDGES.flatMap((one) => [...one(check)])];
  if (reasons.every((one) => one.level === "green")) {
    reasons.unshift(makeReason("pass-valid", { expires_at: check.claims.expiresAt }));
  }
  return reasons;
}

/** Judge claims that something else signed vouches for, such as the list of the trucks that are expected. */
export function judgeClaims(claims: PassClaims, trust: Trust, seen: Seen): Verdict {
  const check = { ...seen, claims, isProven: true, trust };
  return verdictOf(judge(check, judgeIssuer(claims, trust)), claims);
}

/** Judge a pass by its token, the URL of its code, or the code's digits. */
export async function verifyPass(text: string, trust: Trust, seen: Seen, check: SignatureCheck): Promise<Verdict> {
  let token: ParsedToken;
  try {
    token = readToken(text);
  } catch (error) {
    if (!(error instanceof RefusedToken)) throw error;
    return verdictOf([makeReason(NO_PASSES.get(error.facts["typ"]) ?? error.code, error.facts)]);
  }
  const other = trust.keys.others.get(token.claims["iss"] as string);
  const key = (other ?? trust.keys).keys.get(token.kid);
  const whole: Check = { ...seen, claims: readPassClaims(token.claims), isProven: key !== undefined, trust, other };
  const ending = (await refuseIssuer(token, check, whole)) ?? (await refuseKey(token, check, whole));
  if (ending !== undefined) return verdictOf([ending]);
  return verdictOf(judge(whole, judgeKey(key, whole)), key === undefined ? undefined : whole.claims);
}
