// Inflate (RFC 1951) behind a dictionary and up to a cap, exactly as strictly as zlib does it.
//
// The browser's own DecompressionStream knows no dictionaries and is missing from older phones.

export class InflateError extends Error {}

/** What came out; `isWhole` says that the last block ended and nothing follows it. */
export interface Inflated {
  readonly plain: Uint8Array;
  readonly isWhole: boolean;
}

interface Codes {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

const MOST_BITS = 15;
const END = 256;
const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Return canonical codes; a set that is not complete is refused, but for a single code of one bit where that is let. */
function codesOf(lengths: Uint8Array, mayBeSingle: boolean): Codes {
  const counts = new Uint16Array(MOST_BITS + 1);
  for (const length of lengths) counts[length]! += 1;
  let left = 1;
  for (let bits = 1; bits <= MOST_BITS; bits += 1) {
    left = (left << 1) - counts[bits]!;
    if (left < 0) throw new InflateError("over-subscribed");
  }
  const used = lengths.length - counts[0]!;
  const isSingle = mayBeSingle && used === counts[1];
  if (left > 0 && used > 0 && !isSingle) throw new InflateError("incomplete");
  const offsets = new Uint16Array(MOST_BITS + 2);
  for (let bits = 1; bits <= MOST_BITS; bits += 1) offsets[bits + 1] = offsets[bits]! + counts[bits]!;
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length) {
      symbols[offsets[length]!] = symbol;
      offsets[length]! += 1;
    }
  });
  return { counts, symbols };
}

function fixedLengths(): Uint8Array {
  return new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
}

const FIXED: readonly [Codes, Codes] = [codesOf(fixedLengths(), false), codesOf(new Uint8Array(32).fill(5), false)];

/** Signals that the cap is reached, or that the data end too early: what came out until then is known. */
class Short extends Error {}

class Inflater {
  private readonly data: Uint8Array;
  private readonly most: number;
  private readonly start: number;
  private window: Uint8Array;
  private size: number;
  private place = 0;
  private buffer = 0;
  private bits = 0;

  constructor(data: Uint8Array, dictionary: Uint8Array, most: number) {
    this.data = data;
    this.start = dictionary.length;
    this.most = most + dictionary.length;
    this.window = new Uint8Array(Math.min(this.most, this.start + 4 * data.length + 1024));
    this.window.set(dictionary);
    this.size = dictionary.length;
  }

  run(): Inflated {
    try {
      while (!this.block()) continue;
    } catch (error) {
      if (error instanceof Short) return { plain: this.plain(), isWhole: false };
      throw error;
    }
    return { plain: this.plain(), isWhole: this.place === this.data.length };
  }

  private plain(): Uint8Array {
    return this.window.slice(this.start, this.size);
  }

  private take(count: number): number {
    while (this.bits < count) {
      const byte = this.data[this.place];
      if (byte === undefined) throw new Short();
      this.place += 1;
      this.buffer |= byte << this.bits;
      this.bits += 8;
    }
    const value = this.buffer & ((1 << count) - 1);
    this.buffer >>>= count;
    this.bits -= count;
    return value;
  }

  private decode(codes: Codes): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let bits = 1; bits <= MOST_BITS; bits += 1) {
      code |= this.take(1);
      const count = codes.counts[bits]!;
      if (code - count < first) return codes.symbols[index + (code - first)]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new InflateError("no such code");
  }

  private write(byte: number): void {
    if (this.size === this.most) throw new Short();
    if (this.size === this.window.length) {
      const larger = new Uint8Array(Math.min(this.most, 2 * this.window.length));
      larger.set(this.window);
      this.window = larger;
    }
    this.window[this.size] = byte;
    this.size += 1;
  }

  /** Inflate one block; return whether it was the last. */
  private block(): boolean {
    const isLast = this.take(1) === 1;
    const kind = this.take(2);
    if (kind === 0) this.stored();
    else if (kind === 1) this.coded(...FIXED);
    else if (kind === 2) this.coded(...this.tables());
    else throw new InflateError("no such block");
    return isLast;
  }

  private stored(): void {
    this.buffer = 0;
    this.bits = 0;
    const length = this.take(16);
    if (this.take(16) !== (length ^ 0xffff)) throw new InflateError("stored length");
    for (let left = length; left > 0; left -= 1) this.write(this.take(8));
  }

  private tables(): [Codes, Codes] {
    const literals = this.take(5) + 257;
    const distances = this.take(5) + 1;
    const count = this.take(4) + 4;
    if (literals > 286 || distances > 30) throw new InflateError("too many symbols");
    const first = new Uint8Array(19);
    for (let place = 0; place < count; place += 1) first[ORDER[place]!] = this.take(3);
    const lengths = this.lengths(codesOf(first, false), literals + distances);
    if (!lengths[END]) throw new InflateError("no end of block");
    return [codesOf(lengths.subarray(0, literals), true), codesOf(lengths.subarray(literals), true)];
  }

  private lengths(codes: Codes, count: number): Uint8Array {
    const lengths = new Uint8Array(count);
    let place = 0;
    while (place < count) {
      const symbol = this.decode(codes);
      if (symbol < 16) {
        lengths[place] = symbol;
        place += 1;
        continue;
      }
      if (symbol === 16 && place === 0) throw new InflateError("nothing to repeat");
      const value = symbol === 16 ? lengths[place - 1]! : 0;
      const times = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
      if (place + times > count) throw new InflateError("too many lengths");
      lengths.fill(value, place, place + times);
      place += times;
    }
    return lengths;
  }

  private coded(literals: Codes, distances: Codes): void {
    for (;;) {
      const symbol = this.decode(literals);
      if (symbol === END) return;
      if (symbol < END) this.write(symbol);
      else this.copy(symbol - END - 1, distances);
    }
  }

  private copy(symbol: number, codes: Codes): void {
    const shortest = LENGTHS[symbol];
    if (shortest === undefined) throw new InflateError("no such length");
    const length = shortest + this.take(LENGTH_BITS[symbol]!);
    const far = this.decode(codes);
    const nearest = DISTANCES[far];
    if (nearest === undefined) throw new InflateError("no such distance");
    const distance = nearest + this.take(DISTANCE_BITS[far]!);
    if (this.size === this.most) throw new Short();
    if (distance > this.size) throw new InflateError("too far back");
    for (let left = length; left > 0; left -= 1) this.write(this.window[this.size - distance]!);
  }
}

/** Inflate raw bytes, at most so many; a fault throws. */
export function inflateRaw(data: Uint8Array, most: number, dictionary: Uint8Array = new Uint8Array()): Inflated {
  return new Inflater(data, dictionary, most).run();
}

const ADLER = 65_521;

function adler32(data: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of data) {
    low = (low + byte) % ADLER;
    high = (high + low) % ADLER;
  }
  return high * 65_536 + low;
}

/** Inflate what zlib wrapped (RFC 1950), at most so many bytes; anything but one whole stream throws. */
export function inflateZlib(data: Uint8Array, most: number): Uint8Array {
  if (data.length < 6) throw new InflateError("too short");
  const [method, flags] = [data[0]!, data[1]!];
  if ((method & 15) !== 8 || method >> 4 > 7 || (method * 256 + flags) % 31 || flags & 32) throw new InflateError("header");
  const { plain, isWhole } = inflateRaw(data.subarray(2, -4), most);
  const sum = new DataView(data.buffer, data.byteOffset + data.length - 4).getUint32(0);
  if (!isWhole || adler32(plain) !== sum) throw new InflateError("broken off");
  return plain;
}
