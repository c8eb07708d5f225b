// Correct a block of a QR, also where it is known which bytes are doubtful: a doubtful byte costs half of an unknown error.

const FIELD = 256;
const POLYNOMIAL = 0x11d;
const POWER = new Uint8Array(2 * FIELD);
const LOG = new Uint8Array(FIELD);
for (let exponent = 0, value = 1; exponent < FIELD - 1; exponent += 1) {
  POWER[exponent] = POWER[exponent + FIELD - 1] = value;
  LOG[value] = exponent;
  value = value & 0x80 ? (value << 1) ^ POLYNOMIAL : value << 1;
}

function times(one: number, other: number): number {
  return one && other ? POWER[LOG[one]! + LOG[other]!]! : 0;
}

function inverse(one: number): number {
  return POWER[FIELD - 1 - LOG[one]!]!;
}

/** Coefficients lowest first. */
function valueAt(polynomial: readonly number[], point: number): number {
  let sum = 0;
  for (let place = polynomial.length - 1; place >= 0; place -= 1) sum = times(sum, point) ^ polynomial[place]!;
  return sum;
}

function product(one: readonly number[], other: readonly number[]): number[] {
  const found = Array<number>(one.length + other.length - 1).fill(0);
  one.forEach((left, place) => other.forEach((right, next) => (found[place + next]! ^= times(left, right))));
  return found;
}

function syndromesOf(block: Uint8Array, correction: number): number[] {
  return Array.from({ length: correction }, (_, power) => {
    let sum = 0;
    for (const byte of block) sum = times(sum, POWER[power]!) ^ byte;
    return sum;
  });
}

/** Berlekamp and Massey, begun with the places that are known. */
function locatorOf(syndromes: readonly number[], erased: readonly number[]): number[] {
  let [locator, before, length] = [[...erased], [...erased], erased.length - 1];
  const known = length;
  for (let step = known; step < syndromes.length; step += 1) {
    let gap = 0;
    for (let place = 0; place < locator.length; place += 1) gap ^= times(locator[place]!, syndromes[step - place] ?? 0);
    before = [0, ...before];
    if (gap === 0) continue;
    const size = Math.max(locator.length, before.length);
    const next = Array.from({ length: size }, (_, place) => (locator[place] ?? 0) ^ times(gap, before[place] ?? 0));
    if (2 * length <= step + known) {
      before = locator.map((one) => times(one, inverse(gap)));
      length = step + 1 + known - length;
    }
    locator = next;
  }
  while (locator.length > 1 && locator[locator.length - 1] === 0) locator.pop();
  return locator;
}

/** Never spent: a wrong correction would pass for a right one. */
const SPARED = 2;

/**
 * Return the corrected block, undefined where that is beyond its correction.
 *
 * `doubtful` are places of bytes that may be anything.
 */
export function correct(block: Uint8Array, correction: number, doubtful: readonly number[]): Uint8Array | undefined {
  const syndromes = syndromesOf(block, correction);
  if (syndromes.every((one) => one === 0)) return block;
  const last = block.length - 1;
  const erased = doubtful.reduce<number[]>((all, place) => product(all, [1, POWER[last - place]!]), [1]);
  const locator = locatorOf(syndromes, erased);
  const wrong = locator.length - 1;
  if (2 * wrong - doubtful.length > correction - SPARED) return undefined;
  const places = [...block.keys()].filter((place) => valueAt(locator, inverse(POWER[last - place]!)) === 0);
  if (places.length !== wrong) return undefined;
  const evaluator = product(syndromes, locator).slice(0, correction);
  const slope = locator.map((one, place) => (place % 2 ? one : 0)).slice(1);
  const mended = Uint8Array.from(block);
  for (const place of places) {
    const [root, back] = [POWER[last - place]!, inverse(POWER[last - place]!)];
    mended[place]! ^= times(root, times(valueAt(evaluator, back), inverse(valueAt(slope, back))));
  }
  return syndromesOf(mended, correction).every((one) => one === 0) ? mended : undefined;
}
