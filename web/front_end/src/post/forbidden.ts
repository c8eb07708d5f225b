// Tell a guard at once that a reason may not be given (L6); what only means one is judged by the office, and comes back.

const BETWEEN = /[\s\p{P}\p{S}]+/gu;
const LISTED = /[、,,]/;

function plain(text: string): string {
  return text.normalize("NFKC").replace(BETWEEN, "");
}

/** Return the forbidden reason that a free text names, "" where it names none. */
export function forbiddenIn(text: string, forbidden: readonly string[]): string {
  const said = plain(text);
  const isNamed = (word: string): boolean => plain(word) !== "" && said.includes(plain(word));
  return forbidden.find((one) => one.split(LISTED).some(isNamed)) ?? "";
}
