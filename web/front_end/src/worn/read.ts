// Read a code that is too dirty for a common reader: found by its texture, every module weighed and not guessed.
//
// A common reader needs the three corner marks, takes one dot of each module, and spends two bytes of correction on each
// wrong byte. Here the marks may be covered, a module is the mean of its area less its neighbours' blur, and a byte with
// a grey module is doubtful and costs one. What it reads still has to be signed.
import { darkness, layGrid, layMarks, sharpened, type Corners, type GreyPicture, type Laid } from "./grid.ts";
import { FORMAT_BITS, FORMATS, formatModules, layoutOf, MASKS, otherFormatModules, VERSIONS, type Layout } from "./layout.ts";
import { locate, startsOf } from "./locate.ts";
import { correct } from "./reed_solomon.ts";

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const NUMERIC_MODE = 1;
const ALPHANUMERIC_MODE = 2;
const LARGE_VERSION = 10;

function formatFit(dark: Float32Array, side: number, format: number): number {
  let sum = 0;
  for (const modules of [formatModules(side), otherFormatModules(side)]) {
    for (let bit = 0; bit < FORMAT_BITS; bit += 1) sum += dark[modules[bit]!]! * ((format >> bit) & 1 ? 1 : -1);
  }
  return sum;
}

/** Bytes with how sure the least sure bit of each is. */
interface Bytes {
  readonly values: Uint8Array;
  readonly surety: Float32Array;
}

function bytesOf(dark: Float32Array, { side, order }: Layout, mask: number): Bytes {
  const count = Math.floor(order.length / 8);
  const [values, surety] = [new Uint8Array(count), new Float32Array(count).fill(1)];
  for (let bit = 0; bit < 8 * count; bit += 1) {
    const module = order[bit]!;
    const sure = dark[module]!;
    const isDark = sure > 0 !== MASKS[mask]!(Math.floor(module / side), module % side);
    const byte = bit >> 3;
    values[byte] = (values[byte]! << 1) | (isDark ? 1 : 0);
    // As far from black as from white: covered, whatever it seems to be.
    surety[byte] = Math.min(surety[byte]!, 1 - Math.abs(Math.abs(sure) - 1));
  }
  return { values, surety };
}

/** Undo the interleaving: places in the stream of each block's bytes. */
function placesOf({ blocks: { correction, data } }: Layout): number[][] {
  const places: number[][] = data.map(() => []);
  let next = 0;
  for (let byte = 0; byte < Math.max(...data); byte += 1) {
    data.forEach((length, block) => {
      if (byte < length) places[block]!.push(next++);
    });
  }
  for (let byte = 0; byte < correction; byte += 1) for (const block of places) block.push(next++);
  return places;
}

/** Correct a block with more and more of its least sure bytes given up. */
function mend({ values, surety }: Bytes, places: readonly number[], correction: number): Uint8Array | undefined {
  const block = Uint8Array.from(places, (place) => values[place]!);
  const ranked = [...places.keys()].sort((one, other) => surety[places[one]!]! - surety[places[other]!]!);
  for (let given = 0; given <= correction - 2; given += 2) {
    const mended = correct(block, correction, ranked.slice(0, given));
    if (mended) return mended;
  }
  return undefined;
}

class Bits {
  private place = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  take(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit += 1, this.place += 1) value = value * 2 + ((this.bytes[this.place >> 3]! >> (7 - (this.place & 7))) & 1);
    return value;
  }

  get left(): number {
    return 8 * this.bytes.length - this.place;
  }
}

function numericOf(bits: Bits, count: number): string {
  let text = "";
  for (let left = count; left > 0; left -= 3) {
    const digits = Math.min(3, left);
    text += String(bits.take([0, 4, 7, 10][digits]!)).padStart(digits, "0");
  }
  return text;
}

function alphanumericOf(bits: Bits, count: number): string {
  let text = "";
  for (let left = count; left > 1; left -= 2) {
    const pair = bits.take(11);
    text += (ALPHANUMERIC[Math.floor(pair / 45)] ?? "") + (ALPHANUMERIC[pair % 45] ?? "");
  }
  return count % 2 ? text + (ALPHANUMERIC[bits.take(6)] ?? "") : text;
}

/** Return the text of the data; "" where it holds anything that our codes do not. */
function textOf(data: Uint8Array, version: number): string {
  const bits = new Bits(data);
  const [numericLength, alphanumericLength] = version < LARGE_VERSION ? [10, 9] : [12, 11];
  let text = "";
  while (bits.left >= 4) {
    const mode = bits.take(4);
    if (mode === 0) return text;
    if (mode === NUMERIC_MODE) text += numericOf(bits, bits.take(numericLength));
    else if (mode === ALPHANUMERIC_MODE) text += alphanumericOf(bits, bits.take(alphanumericLength));
    else return "";
  }
  return text;
}

function readGrid(dark: Float32Array, layout: Layout): string {
  const masks = [...MASKS.keys()].sort((one, other) => formatFit(dark, layout.side, FORMATS[other]!) - formatFit(dark, layout.side, FORMATS[one]!));
  const bytes = bytesOf(dark, layout, masks[0]!);
  const blocks: Uint8Array[] = [];
  for (const [block, places] of placesOf(layout).entries()) {
    const mended = mend(bytes, places, layout.blocks.correction);
    if (!mended) return "";
    blocks.push(mended.subarray(0, layout.blocks.data[block]));
  }
  return textOf(Uint8Array.from(blocks.flatMap((one) => [...one])), layout.version);
}

/** Dark and light modules must differ so much for a grid to be believed. */
const LEAST_FIT = 25;
/** Of each version so many grids are laid, and of all so many are read: the ones that fit best. */
const MOST_LAID = 3;
const MOST_READ = 5;

type LaidGrid = Laid & { readonly layout: Layout };

/** Lay grids of one version where its marks fit best. */
function gridsOf(picture: GreyPicture, starts: readonly Corners[], layout: Layout): LaidGrid[] {
  const near = starts.map((start) => layMarks(picture, start, layout)).sort((one, other) => other.fit - one.fit);
  return near.slice(0, MOST_LAID).map(({ corners }) => ({ layout, ...layGrid(picture, corners, layout) }));
}

/** Return the text of a code that lies somewhere in a picture, "" where none can be read. */
export function readWorn(picture: GreyPicture): string {
  const found = locate(picture);
  if (!found) return "";
  const starts = startsOf(found);
  const grids = VERSIONS.flatMap((version) => gridsOf(picture, starts, layoutOf(version))).filter(({ fit }) => fit >= LEAST_FIT);
  grids.sort((one, other) => other.fit - one.fit);
  for (const { layout, corners } of grids.slice(0, MOST_READ)) {
    const text = readGrid(sharpened(darkness(picture, corners, layout.side), layout.side), layout);
    if (text) return text;
  }
  return "";
}
