// base64url in its only form (RFC 7515): no padding, no foreign character, no left-over bits.
import { RefusedToken } from "./refused.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUE_OF = new Int8Array(128).fill(-1);
for (let place = 0; place < LETTERS.length; place += 1) VALUE_OF[LETTERS.charCodeAt(place)] = place;

export function encodeBase64url(data: Uint8Array): string {
  let text = "";
  for (let start = 0; start < data.length; start += 3) {
    const left = data.length - start;
    const group = (data[start]! << 16) | ((data[start + 1] ?? 0) << 8) | (data[start + 2] ?? 0);
    text += LETTERS[group >> 18]! + LETTERS[(group >> 12) & 63]!;
    if (left > 1) text += LETTERS[(group >> 6) & 63]!;
    if (left > 2) text += LETTERS[group & 63]!;
  }
  return text;
}

function unreadable(): RefusedToken {
  return new RefusedToken("token-unreadable", { fault: "base64url" });
}

/** Read base64url; refuse everything that another text would also stand for. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!text.length || text.length % 4 === 1) throw unreadable();
  const data = new Uint8Array(Math.floor((text.length * 3) / 4));
  let group = 0;
  let bits = 0;
  let written = 0;
  for (let place = 0; place < text.length; place += 1) {
    const letter = text.charCodeAt(place);
    const value = letter < 128 ? VALUE_OF[letter]! : -1;
    if (value < 0) throw unreadable();
    group = ((group << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      data[written] = (group >> bits) & 0xff;
      written += 1;
    }
  }
  if (group & ((1 << bits) - 1)) throw unreadable();
  return data;
}
