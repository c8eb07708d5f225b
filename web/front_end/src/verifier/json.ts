// Read one JSON object strictly: unique members, whole numbers, whole characters, no byte-order mark, no deep nesting.
//
// JSON.parse takes a member named twice, fractions and any depth; passes.tokens.front_door refuses them, so this does too.
import { RefusedToken } from "./refused.ts";

export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

const LONGEST_NUMBER = 16;
const DEEPEST = 16;
const NUMBER = /-?(?:0|[1-9][0-9]*)/y;
const FRACTION = /[.eE]/;
/** Half of a pair of surrogates: no character, and no text that can be written anywhere. */
const HALF = /[\ud800-\udfff]/u;
const HEX = /^[0-9a-fA-F]{4}$/;
const ESCAPED: Readonly<Record<string, string>> = {
  '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t",
};

function unreadable(): RefusedToken {
  return new RefusedToken("token-unreadable", { fault: "json" });
}

function wellFormed(text: string): string {
  if (HALF.test(text)) throw unreadable();
  return text;
}

class Reader {
  private readonly text: string;
  private place = 0;

  constructor(text: string) {
    this.text = text;
  }

  whole(): Json {
    const value = this.value(0);
    this.space();
    if (this.place !== this.text.length) throw unreadable();
    return value;
  }

  private space(): void {
    while (" \t\n\r".includes(this.text[this.place] ?? "x")) this.place += 1;
  }

  private take(expected: string): void {
    if (!this.text.startsWith(expected, this.place)) throw unreadable();
    this.place += expected.length;
  }

  private has(letter: string): boolean {
    this.space();
    if (this.text[this.place] !== letter) return false;
    this.place += 1;
    return true;
  }

  private value(depth: number): Json {
    if (depth > DEEPEST) throw unreadable();
    this.space();
    const letter = this.text[this.place];
    if (letter === "{") return this.object(depth);
    if (letter === "[") return this.list(depth);
    if (letter === '"') return this.string();
    for (const [word, value] of [["true", true], ["false", false], ["null", null]] as const) {
      if (letter !== word[0]) continue;
      this.take(word);
      return value;
    }
    return this.number();
  }

  private number(): number {
    NUMBER.lastIndex = this.place;
    const found = NUMBER.exec(this.text)?.[0];
    if (found === undefined || found.length > LONGEST_NUMBER) throw unreadable();
    this.place += found.length;
    if (FRACTION.test(this.text[this.place] ?? "")) throw unreadable();
    return Number(found);
  }

  private string(): string {
    this.take('"');
    let text = "";
    for (;;) {
      const letter = this.text[this.place];
      if (letter === undefined || letter < " ") throw unreadable();
      this.place += 1;
      if (letter === '"') return wellFormed(text);
      text += letter === "\\" ? this.escaped() : letter;
    }
  }

  private escaped(): string {
    const letter = this.text[this.place] ?? "";
    this.place += 1;
    if (letter !== "u") {
      const plain = ESCAPED[letter];
      if (plain === undefined) throw unreadable();
      return plain;
    }
    const digits = this.text.slice(this.place, this.place + 4);
    if (!HEX.test(digits)) throw unreadable();
    this.place += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private list(depth: number): Json[] {
    this.take("[");
    const items: Json[] = [];
    if (this.has("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.has(","));
    if (!this.has("]")) throw unreadable();
    return items;
  }

  private object(depth: number): JsonObject {
    this.take("{");
    const members = Object.create(null) as JsonObject;
    if (this.has("}")) return members;
    do {
      this.space();
      const name = this.string();
      if (name in members || !this.has(":")) throw unreadable();
      members[name] = this.value(depth + 1);
    } while (this.has(","));
    if (!this.has("}")) throw unreadable();
    return members;
  }
}

/** Tell whether a value is a JSON object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Return a value as a text; an object has no text of its own here. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Read the object that bytes hold. */
export function readObject(data: Uint8Array): JsonObject {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw unreadable();
  }
  const found = new Reader(text).whole();
  if (!isObject(found)) throw unreadable();
  return found;
}
