// Say reasons and times with the words that came from the server.
import type { Reason } from "../verifier/grounds.ts";
import type { Fact } from "../verifier/refused.ts";

/** The server's sentences in one language. */
export interface Words {
  readonly reasons: Readonly<Record<string, string>>;
  readonly steps: Readonly<Record<string, string>>;
  readonly signs: Readonly<Record<string, string>>;
  readonly verdicts: Readonly<Record<string, string>>;
  readonly terms: Readonly<Record<string, string>>;
  readonly county_rule: string;
  readonly drill: string;
}

const INSTANTS = new Set(["expires_at", "not_before", "retired_at", "ended_at", "newest", "at", "found", "until"]);

/** Return an instant on the county's clock, as 2022-06-22 09:00. */
export function sayInstant(seconds: number, zone: string): string {
  const format = (timeZone?: string): string =>
    new Intl.DateTimeFormat("sv-SE", {
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
      ...(timeZone ? { timeZone } : {}),
    }).format(seconds * 1000);
  try {
    return format(zone);
  } catch {
    return format();
  }
}

function sayFact(name: string, value: Fact, zone: string): string {
  if (typeof value === "number") return INSTANTS.has(name) ? sayInstant(value, zone) : String(value);
  return typeof value === "string" ? value : value.join("、");
}

/** Put values into the places that a sentence names; one that is not known stays visible. */
export function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{([a-z_]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function valuesOf(reason: Reason, words: Words, zone: string): Record<string, string> {
  const said = Object.entries(reason.facts).map(([name, value]) => [name, sayFact(name, value, zone)]);
  return { ...words.terms, ...Object.fromEntries(said) };
}

export function sayReason(reason: Reason, words: Words, zone: string): string {
  return fill(words.reasons[reason.code] ?? reason.code, valuesOf(reason, words, zone));
}

export function sayStep(reason: Reason, words: Words, zone: string): string {
  return fill(words.steps[reason.next] ?? reason.next, valuesOf(reason, words, zone));
}

export function sayClause(reason: Reason, words: Words): string {
  return reason.clause === "policy" ? words.county_rule : reason.clause;
}
