// Status lists that a driver's phone has carried here: taken where the county signed them and they are newer than those held.
import type { KeyList } from "../verifier/keys.ts";
import type { SignatureCheck } from "../verifier/signatures.ts";
import { readStatusList, RefusedDocument, type StatusList } from "../verifier/status_list.ts";
import type { Bundle } from "./documents.ts";
import { FrameJoiner } from "./list_frames.ts";
import type { Store } from "./store.ts";

/** A list may be so far ahead of this phone's clock; beyond it one of the two clocks is wrong, and the list is not taken. */
const CLOCK_TOLERANCE_S = 300;
const KEPT = "carried-lists";

/** What came of a code: which part of how many, or how the whole list was found; times in seconds. */
export interface Taken {
  readonly outcome: "part" | "taken" | "older" | "future" | "refused";
  readonly part?: number;
  readonly total?: number;
  readonly issuedAt?: number;
}

export class CarriedLists {
  private readonly store: Store;
  private readonly joiner = new FrameJoiner();
  private lists = new Map<string, StatusList>();
  private tokens: Record<string, string> = {};

  constructor(store: Store) {
    this.store = store;
  }

  /** Read back what was taken before; each list is checked again, by the keys of now: one may be withdrawn since. */
  async load(keys: KeyList, check: SignatureCheck): Promise<void> {
    this.tokens = (await this.store.get<Record<string, string>>(KEPT)) ?? {};
    this.lists = new Map();
    for (const text of Object.values(this.tokens)) {
      const found = await readStatusList(text, keys, check).catch(() => undefined);
      if (found) this.lists.set(found.uri, found);
    }
  }

  /** Return the newest of each list: of the bundle, or carried here. */
  newest(held: readonly StatusList[]): readonly StatusList[] {
    const found = new Map(held.map((one) => [one.uri, one]));
    for (const one of this.lists.values()) {
      if ((found.get(one.uri)?.issuedAt ?? -1) < one.issuedAt) found.set(one.uri, one);
    }
    return [...found.values()];
  }

  /** Take one code; the list counts when every code was read. */
  async take(text: string, { keys, lists }: Pick<Bundle, "keys" | "lists">, check: SignatureCheck, nowS: number): Promise<Taken> {
    const { read, count, token } = this.joiner.take(text);
    if (!count) return { outcome: "refused" };
    if (token === undefined) return { outcome: "part", part: read, total: count };
    let found: StatusList;
    try {
      found = await readStatusList(token, keys, check);
    } catch (error) {
      if (!(error instanceof RefusedDocument)) throw error;
      return { outcome: "refused" };
    }
    const { uri, issuedAt } = found;
    if (issuedAt > nowS + CLOCK_TOLERANCE_S) return { outcome: "future", issuedAt };
    const seen = this.newest(lists).find((one) => one.uri === uri);
    if (seen && issuedAt < seen.issuedAt) return { outcome: "older", issuedAt };
    this.lists.set(uri, found);
    this.tokens = { ...this.tokens, [uri]: token };
    await this.store.put(KEPT, this.tokens);
    return { outcome: "taken", issuedAt };
  }
}
