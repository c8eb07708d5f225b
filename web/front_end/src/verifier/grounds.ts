// Every reason there is: how it weighs, the clause it rests on, the next step; the table of passes/verifying/verdicts.py.
import type { Facts } from "./refused.ts";

export type Level = "green" | "amber" | "red";

export interface Ground {
  readonly level: Level;
  readonly clause: string;
  readonly next: string;
}

/** One thing that speaks for or against letting a truck pass; facts named `*_at`, `not_before`, `newest`, `until`, `at` are seconds. */
export interface Reason extends Ground {
  readonly code: string;
  readonly facts: Facts;
}

const SEVERITY: Readonly<Record<Level, number>> = { green: 0, amber: 1, red: 2 };

function ground(level: Level, clause: string, next: string): Ground {
  return { level, clause, next };
}

const NO_CODE_OF_OURS = ground("red", "X1", "show-pass");
const NOT_OURS = ground("red", "X1", "call-duty-desk");

export const GROUNDS: Readonly<Record<string, Ground>> = {
  "pass-valid": ground("green", "X1", "let-pass"),
  "list-current": ground("green", "policy", "let-pass"),
  "token-unreadable": NO_CODE_OF_OURS,
  "token-too-long": NO_CODE_OF_OURS,
  "header-not-ours": NOT_OURS,
  "algorithm-not-allowed": NOT_OURS,
  "type-not-ours": ground("red", "X1", "show-pass"),
  "closure-order": ground("red", "L11", "show-pass"),
  "loop-certificate": ground("red", "X4", "show-pass"),
  "claims-not-ours": NOT_OURS,
  "lifetime-too-long": NOT_OURS,
  "signature-not-canonical": NOT_OURS,
  "signature-wrong": NOT_OURS,
  "key-unknown": NOT_OURS,
  "key-withdrawn": NOT_OURS,
  "key-retired": NOT_OURS,
  "issuer-differs": NOT_OURS,
  "issuer-trusted": ground("green", "L7", "let-pass"),
  "issuer-ended": ground("amber", "L7", "check-paper"),
  "issuer-unknown": ground("amber", "L7", "see-paper"),
  "clock-wrong": ground("amber", "policy", "set-clock"),
  "not-yet-valid": ground("red", "X1", "wait-aside"),
  expired: ground("red", "X1", "renew-pass"),
  drill: ground("red", "P4", "show-pass"),
  withdrawn: NOT_OURS,
  suspended: NOT_OURS,
  replaced: ground("amber", "L5", "show-new-pass"),
  "list-old": ground("amber", "policy", "record-and-recheck"),
  "list-too-old": ground("amber", "policy", "phone-then-let-pass"),
  "list-older": ground("amber", "policy", "phone-then-let-pass"),
  "list-missing": ground("amber", "policy", "phone-then-let-pass"),
  "list-without-pass": ground("amber", "policy", "phone-then-let-pass"),
  "plate-differs": NOT_OURS,
  "off-route": ground("amber", "L5", "guide-back"),
  "other-way": ground("amber", "L5", "ask-way"),
  "result-pending": ground("amber", "L2", "record-and-recheck"),
  "condition-ended-inside": ground("amber", "L2", "renew-condition-on-arrival"),
};

/** Return a reason; level and next step may differ where a policy sets them. */
export function makeReason(code: string, facts: Facts = {}, changed: Partial<Ground> = {}): Reason {
  const found = GROUNDS[code];
  if (found === undefined) throw new Error(`no such reason: ${code}`);
  return { code, ...found, ...changed, facts };
}

/** Sort reasons, the gravest first; equals stay in order. */
export function weigh(reasons: readonly Reason[]): readonly Reason[] {
  return [...reasons].sort((one, other) => SEVERITY[other.level] - SEVERITY[one.level]);
}
