// Join the codes by which a driver's phone carries a signed status list to a checkpoint without a network.
//
// What each code holds is told in passes/verifying/list_frames.py. The list's signature vouches for the whole; the codes themselves
// say only which belong together.
import { encodeBase64url } from "../verifier/base64url.ts";
import { InflateError, inflateRaw } from "../verifier/inflate.ts";

const FRAME = /^https?:\/\/[^ \t\n\r\f\v?#]+\/L\/([1-9][0-9]{0,3999})$/i;
const MARKER = 3;
/** No list has more codes; a certificate's code, which has the same path and marker, reads as one of many more. */
const MOST_FRAMES = 40;
const HEAD_BYTES = 7;
const SIGNATURE_BYTES = 64;
const MOST_BYTES = 2 ** 20;
const BRACE = 0x7d;

interface Frame {
  /** What all codes of one list share. */
  readonly name: string;
  readonly count: number;
  readonly number: number;
  readonly part: Uint8Array;
}

/** What has been read of a list so far. */
export interface Progress {
  readonly read: number;
  readonly count: number;
  /** The signed list, once every code was read. */
  readonly token?: string | undefined;
}

function bytesOf(digits: string): Uint8Array {
  const hex = BigInt(digits).toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  return Uint8Array.from(even.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function frameOf(text: string): Frame | undefined {
  const digits = FRAME.exec(text.trim())?.[1];
  if (digits === undefined) return undefined;
  const data = bytesOf(digits);
  const [marker, count = 0, number = 0] = data;
  if (marker !== MARKER || data.length <= HEAD_BYTES || number >= count || count > MOST_FRAMES) return undefined;
  return { name: data.subarray(1, HEAD_BYTES).filter((_, place) => place !== 1).join(), count, number, part: data.slice(HEAD_BYTES) };
}

function inflated(data: Uint8Array): Uint8Array {
  try {
    const { plain, isWhole } = inflateRaw(data, MOST_BYTES);
    return isWhole ? plain : new Uint8Array();
  } catch (error) {
    if (!(error instanceof InflateError)) throw error;
    return new Uint8Array();
  }
}

/** Return the signed list that parts hold; "" where they hold none. */
function tokenOf(parts: readonly Uint8Array[]): string {
  const data = Uint8Array.from(parts.flatMap((part) => [...part]));
  const plain = inflated(data.subarray(0, -SIGNATURE_BYTES));
  const end = plain.indexOf(BRACE) + 1;
  if (!end) return "";
  return [plain.subarray(0, end), plain.subarray(end), data.subarray(-SIGNATURE_BYTES)].map(encodeBase64url).join(".");
}

/** Tell whether a text is one of the codes of a list. */
export function isListFrame(text: string): boolean {
  return frameOf(text) !== undefined;
}

export class FrameJoiner {
  private name = "";
  private readonly parts = new Map<number, Uint8Array>();

  /** Take one code; another list's code begins anew. */
  take(text: string): Progress {
    const frame = frameOf(text);
    if (!frame) return { read: this.parts.size, count: 0 };
    if (frame.name !== this.name) this.parts.clear();
    this.name = frame.name;
    this.parts.set(frame.number, frame.part);
    const read = this.parts.size;
    if (read < frame.count) return { read, count: frame.count };
    const parts = Array.from({ length: frame.count }, (_, number) => this.parts.get(number)!);
    this.parts.clear();
    return { read, count: frame.count, token: tokenOf(parts) };
  }
}
