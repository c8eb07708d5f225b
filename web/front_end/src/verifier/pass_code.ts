// The code of a pass: a URL that ends in digits, from which the exact token is rebuilt as passes.tokens.pass_code does.
import { encodeBase64url } from "./base64url.ts";
import { LONGEST_TOKEN, SIGNATURE_BYTES, lengthOf } from "./front_door.ts";
import { inflateRaw, type Inflated } from "./inflate.ts";
import { RefusedToken } from "./refused.ts";

const MARKER = 1;
/** What every pass says, in front of the deflated bytes. */
export const DICTIONARY =
  '"drl":true}{"alg":"ES256","kid":"","typ":"btp+jwt"}{"iss":"","jti":"","iat":1,"nbf":1,"exp":1,' +
  '"status":{"idx":,"uri":"/status/1"},"plt":"","crw":[["*","",1],["*","",1]],' +
  '"org":"","dst":"","cor":"","tol":,"trm":["round_trip","one_way"],"rul":""}';
const MOST_DIGITS = 2_000;

/** How one kind of token is written as a code: the address before its digits, its first byte, what every one says. */
export interface CodeForm {
  readonly pattern: RegExp;
  readonly marker: number;
  readonly dictionary: string;
}

const PASS_FORM: CodeForm = {
  pattern: /^(https?:\/\/[^ \t\n\r\f\v?#]+\/v\/)?([0-9]+)$/i,
  marker: MARKER,
  dictionary: DICTIONARY,
};
const BRACE = "}".charCodeAt(0);

/** Tell whether a text is a code: its URL at any address, or the digits alone. */
export function isCode(text: string, form: CodeForm = PASS_FORM): boolean {
  return lengthOf(text) <= LONGEST_TOKEN && form.pattern.test(text);
}

function unreadable(fault: string): RefusedToken {
  return new RefusedToken("token-unreadable", { fault });
}

function bytesOf(digits: string): Uint8Array {
  const hex = BigInt(digits).toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  return Uint8Array.from({ length: even.length / 2 }, (_, place) => Number.parseInt(even.slice(2 * place, 2 * place + 2), 16));
}

function inflate(data: Uint8Array, dictionary: string): Uint8Array {
  let found: Inflated;
  try {
    found = inflateRaw(data, LONGEST_TOKEN + 1, new TextEncoder().encode(dictionary));
  } catch {
    throw unreadable("deflate");
  }
  if (found.plain.length > LONGEST_TOKEN) throw new RefusedToken("token-too-long", { longest: LONGEST_TOKEN });
  if (!found.isWhole) throw unreadable("deflate");
  return found.plain;
}

/** Rebuild the token of a code, byte for byte. */
export function fromCode(text: string, form: CodeForm = PASS_FORM): string {
  const digits = lengthOf(text) <= LONGEST_TOKEN ? form.pattern.exec(text)?.[2] : undefined;
  if (digits === undefined || digits.startsWith("0") || digits.length > MOST_DIGITS) throw unreadable("digits");
  const data = bytesOf(digits);
  if (data[0] !== form.marker || data.length <= SIGNATURE_BYTES + 1) throw unreadable("marker");
  const written = inflate(data.subarray(1, -SIGNATURE_BYTES), form.dictionary);
  const end = written.indexOf(BRACE) + 1 || written.length;
  const parts = [written.subarray(0, end), written.subarray(end), data.subarray(-SIGNATURE_BYTES)];
  return parts.map(encodeBase64url).join(".");
}
