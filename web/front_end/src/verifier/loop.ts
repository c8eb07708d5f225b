// Verify a closed-loop certificate on the phone: text in, verdict out, by keys alone; what passes.loop.verify says offline.
import { ISSUER, LATEST_SECOND, shownMember } from "./claims.ts";
import { LONGEST_TOKEN, lengthOf, parseToken, type ParsedToken, type TokenKind } from "./front_door.ts";
import { weigh, type Level, type Reason } from "./grounds.ts";
import type { Json, JsonObject } from "./json.ts";
import { holdsEveryKeyAt, type KeyList, type PublicKey } from "./keys.ts";
import { fromCode, isCode, type CodeForm } from "./pass_code.ts";
import { isPlate } from "./plates.ts";
import { RefusedToken, type Facts } from "./refused.ts";
import type { SignatureCheck } from "./signatures.ts";

/** What a certificate says; times in seconds since 1970. */
export interface LoopClaims {
  readonly issuer: string;
  readonly number: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly plate: string;
  readonly origin: string;
  readonly destination: string;
  readonly beganAt: number;
  readonly receivedAt: number;
  readonly endedAt: number;
  readonly lengthM: number;
}

export interface LoopVerdict {
  readonly verdict: Level;
  readonly reasons: readonly Reason[];
  readonly claims?: LoopClaims | undefined;
}

export const LOOP_DICTIONARY =
  ',"kpt":true,"rul":"fangcheng-2022{"alg":"ES256","kid":"","typ":"btc+jwt"}{"iss":"4113","jti":"4113-C","iat":17,' +
  '"exp":17,"plt":"","crw":[["*",""],["*",""]],"org":["",""],"dst":["",""],"ins":17,"rcv":17,"out":17,' +
  '"len":,"pts":,"kpt":true,"rul":""}';
const FORM: CodeForm = {
  pattern: /^(https?:\/\/[^ \t\n\r\f\v?#]+\/l\/)?([0-9]+)$/i,
  marker: 3,
  dictionary: LOOP_DICTIONARY,
};
const LONGEST_LIFETIME_S = 366 * 86_400;
const LONGEST_NAME = 40;
const LONGEST_MASKED = 12;
const MOST = 10 ** 8;
/** A clock may be so far behind. */
const CLOCK_S = 300;
const WORD = /^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]{1,64}$/u;
const JTI = /^[0-9]{12}-C$/;
const ID_TAIL = /^[0-9A-Z]{4}$/;

const isText = (value: Json | undefined, pattern: RegExp): boolean => typeof value === "string" && pattern.test(value);
const isCount = (value: Json): boolean => typeof value === "number" && value > 0 && value <= MOST;
const isSecond = (value: Json): boolean => typeof value === "number" && value > 0 && value < LATEST_SECOND;
const isShort = (value: Json | undefined, longest: number): boolean => typeof value === "string" && [...value].length <= longest;

function isPlace(value: Json): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((one) => isText(one, WORD)) && isShort(value[1], LONGEST_NAME);
}

function isPerson(value: Json): boolean {
  if (!Array.isArray(value) || value.length !== 2 || !isText(value[0], WORD)) return false;
  return isShort(value[0], LONGEST_MASKED) && (value[0] as string).includes("*") && isText(value[1], ID_TAIL);
}

/** What each claim must be; every one must be there, and no other may be. */
const CHECKS: ReadonlyMap<string, (value: Json) => boolean> = new Map(Object.entries({
  iss: (value) => isText(value, ISSUER),
  jti: (value) => isText(value, JTI),
  iat: isSecond,
  exp: isSecond,
  plt: (value) => typeof value === "string" && isPlate(value),
  crw: (value) => Array.isArray(value) && value.length >= 1 && value.length <= 8 && value.every(isPerson),
  org: isPlace,
  dst: isPlace,
  ins: isSecond,
  rcv: isSecond,
  out: isSecond,
  len: isCount,
  pts: isCount,
  kpt: (value) => value === true,
  rul: (value) => isText(value, WORD),
} satisfies Record<string, (value: Json) => boolean>));

function checkLoopClaims(claims: JsonObject): void {
  const isWrong = (name: string): boolean => !CHECKS.get(name)?.(claims[name]!);
  let wrong = Object.keys(claims).find(isWrong) ?? [...CHECKS.keys()].find((name) => !(name in claims));
  if (wrong === undefined) {
    const [ins, rcv, out, iat, exp] = ["ins", "rcv", "out", "iat", "exp"].map((name) => claims[name] as number) as [number, number, number, number, number];
    if (!(ins < rcv && rcv <= out && out <= iat && iat < exp)) wrong = "out";
    else if (exp - iat > LONGEST_LIFETIME_S) throw new RefusedToken("lifetime-too-long", { longest_days: LONGEST_LIFETIME_S / 86_400 });
  }
  if (wrong !== undefined) throw new RefusedToken("claims-not-ours", { member: shownMember(wrong) });
}

const LOOP: TokenKind = { typ: "btc+jwt", checkClaims: checkLoopClaims, longest: LONGEST_TOKEN };

/** Let a text through the front door of certificates, rebuilding the token first where it is a code. */
export function readLoopToken(text: string): ParsedToken {
  if (text.length > 2 * LONGEST_TOKEN && lengthOf(text) > 2 * LONGEST_TOKEN) {
    throw new RefusedToken("token-too-long", { longest: LONGEST_TOKEN });
  }
  const plain = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  return parseToken(isCode(plain, FORM) ? fromCode(plain, FORM) : plain, LOOP);
}

function claimsOf(claims: JsonObject): LoopClaims {
  const text = (name: string): string => claims[name] as string;
  const number = (name: string): number => claims[name] as number;
  const place = (name: string): string => (claims[name] as string[])[1]!;
  return {
    issuer: text("iss"), number: text("jti").split("-")[0]!, issuedAt: number("iat"), expiresAt: number("exp"),
    plate: text("plt"), origin: place("org"), destination: place("dst"),
    beganAt: number("ins"), receivedAt: number("rcv"), endedAt: number("out"), lengthM: number("len"),
  };
}

function reason(code: string, level: Level, next: string, facts: Facts = {}, clause = "X4"): Reason {
  return { code, level, clause, next, facts };
}

const notOurs = (code: string, facts: Facts = {}): Reason => reason(code, "red", "ask-issuer", facts);

function* judge(key: PublicKey | undefined, claims: LoopClaims, keys: KeyList, at: number): Generator<Reason> {
  if (key === undefined) yield reason("key-unknown", holdsEveryKeyAt(keys, at) ? "red" : "amber", "ask-issuer");
  else {
    if (key.retiredAt !== undefined && claims.issuedAt >= key.retiredAt) yield notOurs("key-retired", { retired_at: key.retiredAt });
    if (keys.issuer && claims.issuer !== keys.issuer) yield notOurs("issuer-differs", { issuer: claims.issuer, expected: keys.issuer });
  }
  if (at < claims.issuedAt - CLOCK_S) yield reason("loop-clock", "amber", "set-clock", {}, "policy");
  else if (at >= claims.expiresAt) yield reason("loop-old", "amber", "ask-register", { expires_at: claims.expiresAt }, "policy");
}

/** Judge a certificate by its token, the URL of its code, or the code's digits; the register is not asked. */
export async function verifyLoop(text: string, keys: KeyList, at: number, check: SignatureCheck): Promise<LoopVerdict> {
  let token: ParsedToken;
  try {
    token = readLoopToken(text);
  } catch (error) {
    if (!(error instanceof RefusedToken)) throw error;
    return { verdict: "red", reasons: [notOurs(error.code, error.facts)] };
  }
  if (keys.withdrawn.has(token.kid)) return { verdict: "red", reasons: [notOurs("key-withdrawn", { kid: token.kid })] };
  const key = keys.keys.get(token.kid);
  if (key !== undefined && !(await check(token, key))) return { verdict: "red", reasons: [notOurs("signature-wrong", { kid: token.kid })] };
  const claims = claimsOf(token.claims);
  const found = [...judge(key, claims, keys, at)];
  const reasons = weigh(found.length ? found : [reason("loop-signed", "green", "accept-certificate")]);
  return { verdict: reasons[0]!.level, reasons, claims: key === undefined ? undefined : claims };
}
