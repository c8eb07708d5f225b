// Number plates in their one way of writing, by the same rule as passes.reading.plates.

const PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
const LETTER = "A-HJ-NP-Z";
const ENERGY = "A-HJK";
const PLATE = new RegExp(
  `^[${PROVINCES}][${LETTER}](?:[${LETTER}0-9]{5}|[${LETTER}0-9]{4}[挂学警港澳]|[${ENERGY}][${LETTER}0-9][0-9]{4}|[0-9]{5}[${ENERGY}])$`,
);
/** Not every space that a language knows: Python knows others than JavaScript. */
const IGNORED = /[ \t\n\r\f\v·•・.-]+/g;

/** Return a plate half-width, upper case, without spaces and dots. */
export function normalisePlate(text: string): string {
  return text.normalize("NFKC").replace(IGNORED, "").toUpperCase();
}

/** Tell whether a text is a plate in its one way of writing. */
export function isPlate(text: string): boolean {
  return PLATE.test(text);
}
