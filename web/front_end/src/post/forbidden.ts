// Judge what a free text means by the words and sounds that the office gives: never milder than passes/checkpoint/refusal_text.py.

/** A word without signs, then its syllables where its sound says which word it is. */
export type Word = readonly string[];

export interface ForbiddenReason {
  readonly text: string;
  readonly patterns: readonly string[];
  readonly words: readonly Word[];
  readonly about: readonly Word[];
  readonly for_the_firm: readonly Word[];
}

export interface Reasons {
  readonly reasons: readonly ForbiddenReason[];
  /** The characters that may be read as a syllable. */
  readonly sounds: Readonly<Record<string, string>>;
}

/** "forbidden": not taken. "for_the_firm": no ground to refuse. "review": taken, and looked at. "free": none of these. */
export type Meaning = "forbidden" | "for_the_firm" | "review" | "free";

interface Spoken {
  readonly plain: string;
  /** What each character may sound like; what is typed in letters is one. */
  readonly units: readonly ReadonlySet<string>[];
  readonly letters: string;
}

const BETWEEN = /[^\p{L}\p{N}]+/gu;
const LISTED = /[、,，]/;
const HAN = /[㐀-鿿]/;
const UNITS = /[㐀-鿿]|[^㐀-鿿]+/g;
const NONE: ReadonlySet<string> = new Set();

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(BETWEEN, "");
}

function withoutMarks(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/([aei]n)g/g, "$1");
}

function readingsOf(sounds: Readonly<Record<string, string>>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [syllable, signs] of Object.entries(sounds)) {
    for (const sign of signs) found.set(sign, (found.get(sign) ?? new Set()).add(syllable));
  }
  return found;
}

function spoken(text: string, sounds: Readonly<Record<string, string>>): Spoken {
  if (!HAN.test(text)) return { plain: text, units: [], letters: withoutMarks(text) };
  const readings = readingsOf(sounds);
  const units = (text.match(UNITS) ?? []).map((one) => (HAN.test(one) ? (readings.get(one) ?? NONE) : new Set([withoutMarks(one)])));
  return { plain: text, units, letters: (withoutMarks(text).match(/[a-z]+/g) ?? []).join("'") };
}

function isHeard([written, ...syllables]: Word, said: Spoken): boolean {
  if (written && said.plain.includes(written)) return true;
  if (!syllables.length) return false;
  const fits = (start: number): boolean => syllables.every((one, place) => said.units[start + place]?.has(one));
  return said.units.some((_, start) => fits(start)) || said.letters.includes(syllables.join(""));
}

function isWritten(text: string, reason: ForbiddenReason): boolean {
  const named = reason.text.split(LISTED).map(plain);
  return named.some((word) => word !== "" && text.includes(word)) || reason.patterns.some((one) => matches(one, text));
}

/** A pattern that only the office can read is left to the office. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return false;
  }
}

/** Return what a free text means, the gravest meaning first, and the reason that it is or may be. */
export function meaningOf(text: string, { reasons, sounds }: Reasons): { readonly meaning: Meaning; readonly reason: string } {
  const bare = plain(text);
  const written = bare && reasons.find((one) => isWritten(bare, one));
  if (written) return { meaning: "forbidden", reason: written.text };
  const said = spoken(bare, sounds);
  const holds = (words: readonly Word[]): boolean => words.some((one) => isHeard(one, said));
  const forTheFirm = reasons.find((one) => holds(one.for_the_firm) && holds(one.about));
  if (forTheFirm) return { meaning: "for_the_firm", reason: forTheFirm.text };
  const perhaps = reasons.find((one) => holds(one.words) && holds(one.about));
  return perhaps ? { meaning: "review", reason: perhaps.text } : { meaning: "free", reason: "" };
}
