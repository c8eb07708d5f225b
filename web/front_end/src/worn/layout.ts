// How a QR of our codes is laid out (ISO/IEC 18004): versions 7 to 15 at error correction M, as passes/tokens/qr_image.py draws.

/** Of one version: bytes of correction a block, and the data bytes of each block. */
export interface Blocks {
  readonly correction: number;
  readonly data: readonly number[];
}

const SMALLEST = 7;
/** Bytes of correction; blocks and data bytes of the shorter kind, then blocks of the kind that is one byte longer. */
const BLOCKS: readonly (readonly [number, number, number, number])[] = [
  [18, 4, 31, 0], [22, 2, 38, 2], [22, 3, 36, 2], [26, 4, 43, 1], [30, 1, 50, 4], [22, 6, 36, 2], [22, 8, 37, 1], [24, 4, 40, 5], [24, 5, 41, 5],
];
const ALIGNMENT: readonly (readonly number[])[] = [
  [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50], [6, 30, 54], [6, 32, 58], [6, 34, 62], [6, 26, 46, 66], [6, 26, 48, 70],
];
/** The usual ones first. */
const VERSIONS = BLOCKS.map((_, place) => SMALLEST + place).reverse();
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];
/** The format's fifteen bits of level M with each mask. */
const FORMATS = [0x5412, 0x5125, 0x5e7c, 0x5b4b, 0x45f9, 0x40ce, 0x4f97, 0x4aa0];
const FORMAT_BITS = 15;

/** Modules whose colour is known: where their middles are, in modules, and 1 for dark or -1 for light. */
export interface KnownModules {
  readonly columns: Float32Array;
  readonly rows: Float32Array;
  readonly dark: Int8Array;
}

/** One version's plan: what each module is, and the order of those that carry data. */
export interface Layout {
  readonly version: number;
  readonly side: number;
  readonly blocks: Blocks;
  /** What is known beforehand. */
  readonly known: KnownModules;
  /** Its marks alone, which are large enough to be found from further off. */
  readonly marks: KnownModules;
  /** Modules that carry data, in their order. */
  readonly order: Int32Array;
}

export { FORMATS, FORMAT_BITS, MASKS, VERSIONS };

/** Return where the format's bits lie, the lowest first, beside the upper left mark. */
export function formatModules(side: number): readonly number[] {
  const rows = [0, 1, 2, 3, 4, 5, 7, 8];
  const columns = [7, 5, 4, 3, 2, 1, 0];
  return [...rows.map((row) => row * side + 8), ...columns.map((column) => 8 * side + column)];
}

/** Return where they lie once more, beside the two other marks. */
export function otherFormatModules(side: number): readonly number[] {
  const right = Array.from({ length: 8 }, (_, bit) => 8 * side + side - 1 - bit);
  const below = Array.from({ length: 7 }, (_, bit) => (side - 7 + bit) * side + 8);
  return [...right, ...below];
}

class Plan {
  readonly known: Int8Array;
  readonly isUsed: Uint8Array;
  readonly side: number;

  constructor(side: number) {
    this.side = side;
    this.known = new Int8Array(side * side);
    this.isUsed = new Uint8Array(side * side);
  }

  set(row: number, column: number, dark: number): void {
    if (row < 0 || column < 0 || row >= this.side || column >= this.side) return;
    this.known[row * this.side + column] = dark;
    this.isUsed[row * this.side + column] = 1;
  }

  /** A square of rings around a middle: dark, light, dark, as its marks are. */
  rings(row: number, column: number, darkRings: ReadonlySet<number>, reach: number): void {
    for (let down = -reach; down <= reach; down += 1) {
      for (let right = -reach; right <= reach; right += 1) {
        this.set(row + down, column + right, darkRings.has(Math.max(Math.abs(down), Math.abs(right))) ? 1 : -1);
      }
    }
  }
}

const MARK_RINGS = new Set([0, 1, 3]);
const SMALL_RINGS = new Set([0, 2]);

function drawTiming(plan: Plan): void {
  for (let place = 0; place < plan.side; place += 1) {
    plan.set(6, place, place % 2 ? -1 : 1);
    plan.set(place, 6, place % 2 ? -1 : 1);
  }
}

function drawMarks(plan: Plan, middles: readonly number[]): void {
  const { side } = plan;
  const last = middles[middles.length - 1];
  for (const row of middles) {
    for (const column of middles) {
      const isMark = (row === 6 && column === 6) || (row === 6 && column === last) || (row === last && column === 6);
      if (!isMark) plan.rings(row, column, SMALL_RINGS, 2);
    }
  }
  for (const [row, column] of [[3, 3], [3, side - 4], [side - 4, 3]] as const) plan.rings(row, column, MARK_RINGS, 4);
}

function keepFree(plan: Plan): void {
  const { side } = plan;
  for (const module of [...formatModules(side), ...otherFormatModules(side)]) plan.isUsed[module] = 1;
  plan.set(side - 8, 8, 1);
  for (let bit = 0; bit < 18; bit += 1) {
    const [far, near] = [side - 11 + (bit % 3), Math.floor(bit / 3)];
    plan.isUsed[far * side + near] = plan.isUsed[near * side + far] = 1;
  }
}

/** Return the free modules in the order of their bits: pairs of columns from the right, up and down in turn. */
function orderOf({ side, isUsed }: Plan): Int32Array {
  const found: number[] = [];
  let isUp = true;
  for (let right = side - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1;
    for (let step = 0; step < side; step += 1) {
      const row = isUp ? side - 1 - step : step;
      for (const column of [right, right - 1]) if (!isUsed[row * side + column]) found.push(row * side + column);
    }
    isUp = !isUp;
  }
  return Int32Array.from(found);
}

function knownOf(side: number, known: Int8Array): KnownModules {
  const modules = [...known.keys()].filter((module) => known[module]);
  return {
    columns: Float32Array.from(modules, (module) => (module % side) + 0.5),
    rows: Float32Array.from(modules, (module) => Math.floor(module / side) + 0.5),
    dark: Int8Array.from(modules, (module) => known[module]!),
  };
}

const made = new Map<number, Layout>();

/** Return the layout of a version. */
export function layoutOf(version: number): Layout {
  const held = made.get(version);
  if (held) return held;
  const [correction, shorter, bytes, longer] = BLOCKS[version - SMALLEST]!;
  const side = 17 + 4 * version;
  const plan = new Plan(side);
  const middles = ALIGNMENT[version - SMALLEST]!;
  drawMarks(plan, middles);
  const marks = plan.known.slice();
  drawTiming(plan);
  drawMarks(plan, middles);
  keepFree(plan);
  const data = [...Array<number>(shorter).fill(bytes), ...Array<number>(longer).fill(bytes + 1)];
  const layout = { version, side, blocks: { correction, data }, known: knownOf(side, plan.known), marks: knownOf(side, marks), order: orderOf(plan) };
  made.set(version, layout);
  return layout;
}
