// Choose what to judge among all codes of one picture: a pass before a stranger's code, and none where there are two passes.

/** What only we write: a token, or an address that ends in one of our letters and digits. */
const OURS = /^(?:https?:\/\/[^ \t\n\r\f\v?#]+\/[vlo]\/[0-9]+|ey[\w-]+\.ey[\w-]+\.[\w-]+)$/i;
/** A code of a list is one of many: the others come after it. */
const OF_A_LIST = /\/l\/[0-9]+$/i;

/** What a picture shows. */
export interface Sight {
  /** The one code to judge, "" where there is none. */
  readonly text: string;
  /** Several passes: nobody can tell which one is this truck's. */
  readonly several: boolean;
}

export const NOTHING: Sight = { text: "", several: false };

/** Choose among the texts of a picture's codes. */
export function choose(texts: readonly string[]): Sight {
  const found = [...new Set(texts)].filter(Boolean);
  const ours = found.filter((one) => OURS.test(one.trim()));
  if (ours.filter((one) => !OF_A_LIST.test(one)).length > 1) return { text: "", several: true };
  return { text: ours[0] ?? found[0] ?? "", several: false };
}
