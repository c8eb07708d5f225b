// What the phone holds in memory: trust, trucks, words and place; read from its store, and renewed from the server.
import type { Json } from "../verifier/json.ts";
import { readKey, type PublicKey } from "../verifier/keys.ts";
import { fingerprintOf, isSameKey, leadsTo } from "../verifier/succession.ts";
import { signatureCheck, type SignatureCheck } from "../verifier/signatures.ts";
import { RefusedDocument, StatusLists, type StatusList } from "../verifier/status_list.ts";
import type { Point } from "../verifier/polyline.ts";
import type { PassClaims } from "../verifier/claims.ts";
import { CLOCK_TOLERANCE_S, type Trust } from "../verifier/verify.ts";
import { CarriedLists, type Taken } from "./carried_lists.ts";
import { foreignName, readBundle, readExpected, type Bundle, type ExpectedList } from "./documents.ts";
import type { Reasons } from "./forbidden.ts";
import { Opening } from "./opening.ts";
import { forgetPeople, LEAVING } from "./people.ts";
import { publicHalf, type SealingKey } from "./sealing.ts";
import type { Store } from "./store.ts";
import type { Words } from "./words.ts";

/** What comes unsigned with the sign-in: words, the checkpoint, and what a form must carry. */
export interface Surroundings {
  readonly now: number;
  readonly csrf: string;
  readonly officer: string;
  readonly lang: string;
  readonly place: { readonly id: string; readonly name: string; readonly position: Point };
  readonly words: Words;
  readonly places: Readonly<Record<string, string>>;
  /** The public key of the county's root as a JWK; null: it has none. */
  readonly root: Json;
  /** What each root before it has signed of the next one, the oldest first. */
  readonly succession: readonly string[];
  /** The county's area code. */
  readonly issuer: string;
  readonly coming: readonly Coming[];
  /** Number of the last change of any pass. */
  readonly news: number;
  /** Tells this sign-in from any other. */
  readonly sign_in?: string;
  /** What this checkpoint's phones seal with. */
  readonly sealing?: SealingKey;
}

/** A truck with a void pass that another checkpoint has let pass, not knowing; times in seconds. */
export interface Coming {
  readonly plate: string;
  readonly number: string;
  readonly checkpoint: string;
  readonly at: number;
  readonly from: number;
}

/** Who took over the shift on this phone, and when. */
export interface Shift {
  readonly name: string;
  readonly since: number;
}

/** Where the server gives what. */
export interface Addresses {
  readonly bundle: string;
  readonly expected: string;
  readonly offline: string;
  readonly outcome: string;
  readonly reasons: string;
  readonly signOut: string;
  /** Who judges where nobody is signed in. */
  readonly nobody: string;
}

interface Kept {
  readonly text: string;
  readonly tag: string;
}

/** How a renewal ended. */
export type Renewal = "renewed" | "offline" | "signed-out" | "left" | "keys-changed" | "refused";

const PATIENCE_MS = 20_000;
/** A list of trucks covers a day, and late ones are found on it for two more: as long as a list of status can be used. */
const KEPT_AFTER_S = 2 * 86_400;
const PROBLEM = "application/problem+json";

function rootOf(document: Json | undefined): PublicKey | undefined {
  return document === undefined || document === null ? undefined : readKey(document);
}

/** Thrown where nobody seems to be signed in; `isSaid`: this site itself says so, and not something on the way to it. */
class SignedOut extends Error {
  readonly isSaid: boolean;

  constructor(isSaid: boolean) {
    super();
    this.isSaid = isSaid;
  }
}

async function ask(address: string, tag = ""): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const headers: Record<string, string> = { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) };
    const answer = await fetch(address, { headers, cache: "no-store", signal: stop.signal });
    const isSaid = answer.status === 401 && answer.headers.get("Content-Type") === PROBLEM;
    if (answer.status === 401 || answer.status === 403 || answer.redirected) throw new SignedOut(isSaid);
    if (!answer.ok && answer.status !== 304) throw new TypeError(`status ${answer.status}`);
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

/** What a guard must hear of on the phone before it is taken: the county's keys are others than those known here. */
const KEYS_CHANGED = ["bundle-not-signed", "key-list-without-root", "root-list-not-signed", "root-changed"];

export class Holding {
  /** The county's root, from the first sign-in on. */
  private root: PublicKey | undefined;
  /** Another root than the one known here, which nothing vouches for yet. */
  private newRoot: PublicKey | undefined;
  bundle: Bundle | undefined;
  expected: ExpectedList | undefined;
  surroundings: Surroundings | undefined;
  reasons: Reasons = { reasons: [], sounds: {} };
  shift: Shift | undefined;
  /** The phone's clock less the server's, at the last renewal, in seconds. */
  skewS = 0;
  private latestSeen: number | undefined;
  /** The newest time seen of each list of another issuer. */
  private foreignSeen: ReadonlyMap<string, number> = new Map();
  /** The newest time seen of a checkpoint's list of expected trucks, by checkpoint; it outlives a sign-out. */
  private expectedSeen: ReadonlyMap<string, number> = new Map();
  private readonly carried: CarriedLists;
  private check: SignatureCheck | undefined;
  /** Opens what is sealed, while somebody is signed in. */
  readonly opening: Opening;
  /** Going on: whoever asks meanwhile waits for it, so that nothing is signed out while something is still sent. */
  private leaving: Promise<boolean> | undefined;
  private readonly store: Store;
  private readonly addresses: Addresses;

  constructor(store: Store, addresses: Addresses) {
    this.store = store;
    this.carried = new CarriedLists(store);
    this.opening = new Opening(store);
    this.addresses = addresses;
  }

  async signatures(): Promise<SignatureCheck> {
    this.check ??= await signatureCheck();
    return this.check;
  }

  /** Read everything back; each signed document is checked again. */
  async load(): Promise<void> {
    const check = await this.signatures();
    this.surroundings = await this.store.get<Surroundings>("surroundings");
    this.reasons = (await this.store.get<Reasons>("reasons")) ?? this.reasons;
    this.shift = await this.store.get<Shift>("shift");
    this.latestSeen = await this.store.get<number>("latest-seen");
    this.foreignSeen = (await this.store.get<ReadonlyMap<string, number>>("foreign-seen")) ?? this.foreignSeen;
    this.expectedSeen = (await this.store.get<ReadonlyMap<string, number>>("expected-seen")) ?? this.expectedSeen;
    this.skewS = (await this.store.get<number>("skew")) ?? 0;
    const [bundle, expected] = [await this.store.get<Kept>("bundle"), await this.store.get<Kept>("expected")];
    this.root = rootOf(await this.store.get<Json>("root"));
    if (bundle) this.bundle = await readBundle(bundle.text, { root: this.root, seen: this.foreignSeen }, check).catch(() => undefined);
    if (this.bundle) await this.carried.load(this.bundle.keys, check);
    if (expected && this.bundle) {
      this.expected = await readExpected(expected.text, this.bundle.keys, check).catch(() => undefined);
      if (!this.expected) await this.store.remove("expected");
    }
    await this.forgetPast();
    this.dropExpectedElsewhere();
  }

  /** Whoever is expected at another checkpoint is not expected here. */
  private dropExpectedElsewhere(): void {
    if (this.expected?.checkpoint !== this.surroundings?.place.id) this.expected = undefined;
  }

  get trust(): Trust {
    const keys = this.bundle?.keys;
    if (!keys) throw new Error("no bundle is held");
    const lists = this.lists;
    return { keys, statuses: lists.length ? new StatusLists(lists) : undefined, others: this.others, latestSeen: this.latestSeen };
  }

  private get others(): ReadonlyMap<string, StatusLists> {
    return new Map([...(this.bundle?.foreign ?? [])].map(([issuer, lists]) => [issuer, new StatusLists(lists)]));
  }

  private async noteForeign({ foreign }: Bundle): Promise<void> {
    const seen = new Map(this.foreignSeen);
    for (const [issuer, lists] of foreign) for (const one of lists) seen.set(foreignName(issuer, one), one.issuedAt);
    this.foreignSeen = seen;
    await this.store.put("foreign-seen", seen);
  }

  /** What a guard compares by telephone before he takes another root; "" where it is not the root that has changed. */
  async newFingerprint(): Promise<string> {
    return this.newRoot ? fingerprintOf(this.newRoot) : "";
  }

  /** Who judges: whoever took over the shift on this phone, else who is signed in. */
  get officer(): string {
    return this.shift?.name ?? (this.surroundings?.officer || this.addresses.nobody);
  }

  /** Hand the shift over. */
  async handOver(name: string): Promise<void> {
    this.shift = { name, since: Date.now() / 1000 };
    await this.store.put("shift", this.shift);
  }

  /** The newest of each list that is held: of the bundle, or carried here by a driver's phone. */
  private get lists(): readonly StatusList[] {
    return this.carried.newest(this.bundle?.lists ?? []);
  }

  /** When the oldest of the lists was made that are held, in seconds; undefined where none is. */
  get listsAt(): number | undefined {
    const lists = this.lists;
    return lists.length ? new StatusLists(lists).issuedAt : this.bundle?.issuedAt;
  }

  /** Take one code of a list that a driver's phone carries. */
  async takePart(text: string, nowS: number): Promise<Taken> {
    const taken = await this.carried.take(text, this.bundle!, await this.signatures(), nowS);
    if (taken.outcome === "taken") await this.noteTime(taken.issuedAt!);
    return taken;
  }

  get zone(): string {
    return this.bundle?.keys.rules.timezone ?? "Asia/Shanghai";
  }

  /** Remember a time that somebody else has vouched for. */
  async noteTime(seconds: number): Promise<void> {
    if (this.latestSeen !== undefined && seconds <= this.latestSeen) return;
    this.latestSeen = seconds;
    await this.store.put("latest-seen", seconds);
  }

  /**
   * Remember when a pass of this county was issued. What another issuer signs says nothing of the time here: its wrong
   * clock would make every pass of this county look expired.
   */
  async noteIssue({ issuer, issuedAt }: PassClaims): Promise<void> {
    if (issuer === this.bundle?.keys.issuer) await this.noteTime(issuedAt);
  }

  /** Remember the server's time; a later one seen before was said by a wrong clock or a stolen key, and is forgotten. */
  private async noteServerTime(seconds: number): Promise<void> {
    if (this.latestSeen !== undefined && this.latestSeen > seconds + CLOCK_TOLERANCE_S) this.latestSeen = undefined;
    await this.noteTime(seconds);
  }

  /** Fetch what is new. `isConfirmed`: the guard was told on the phone that the county's keys have changed. */
  async renew(isConfirmed = false): Promise<Renewal> {
    if ((await this.store.get(LEAVING)) !== undefined) {
      if (!this.leaving) await this.forget();
      return "left";
    }
    await this.forgetPast();
    try {
      await this.renewSurroundings();
      await this.knowRoot(isConfirmed);
      await this.renewBundle(isConfirmed);
      await this.renewExpected();
      await this.renewReasons();
      return "renewed";
    } catch (error) {
      if (error instanceof SignedOut) {
        if (error.isSaid) await this.forget();
        return "signed-out";
      }
      if (error instanceof RefusedDocument) return KEYS_CHANGED.includes(error.message) ? "keys-changed" : "refused";
      return "offline";
    }
  }

  private async renewSurroundings(): Promise<void> {
    const said = (await (await ask(this.addresses.offline)).json()) as Surroundings;
    const { sealing, ...rest } = said;
    const found: Surroundings = sealing ? { ...rest, sealing: publicHalf(sealing) } : rest;
    if (this.isOfOthers(found)) await this.forget();
    this.opening.take(sealing);
    this.skewS = Date.now() / 1000 - found.now;
    this.surroundings = found;
    this.dropExpectedElsewhere();
    await this.store.put("surroundings", found);
    await this.opening.openArrivals(found.place.id);
    await this.store.put("skew", this.skewS);
    await this.noteServerTime(found.now);
  }

  /**
   * Know the root from the first sign-in on; another one is taken where the one before has signed for it, else only at the
   * guard's word, and none never takes its place.
   */
  private async knowRoot(isConfirmed: boolean): Promise<void> {
    const said = this.surroundings?.root ?? null;
    const found = rootOf(said ?? undefined);
    this.newRoot = undefined;
    if (!found || (this.root && isSameKey(this.root, found))) return;
    const { succession = [], issuer = "" } = this.surroundings ?? {};
    if (this.root && !isConfirmed && !(await leadsTo(succession, this.root, found, issuer, await this.signatures()))) {
      this.newRoot = found;
      throw new RefusedDocument("root-changed");
    }
    this.root = found;
    await this.store.put("root", said);
  }

  private async renewBundle(isConfirmed: boolean): Promise<void> {
    const kept = await this.store.get<Kept>("bundle");
    const answer = await ask(this.addresses.bundle, this.bundle && kept ? kept.tag : "");
    if (answer.status === 304) return;
    const text = await answer.text();
    const held = { bundle: isConfirmed ? undefined : this.bundle, root: this.root, seen: this.foreignSeen };
    this.bundle = await readBundle(text, held, await this.signatures());
    await this.store.put("bundle", { text, tag: answer.headers.get("ETag") ?? "" });
    await this.carried.load(this.bundle.keys, await this.signatures());
    await this.noteForeign(this.bundle);
    await this.noteTime(this.bundle.issuedAt);
  }

  /** Take the list of expected trucks; one older than one seen of this checkpoint is refused, as of a bundle. */
  private async renewExpected(): Promise<void> {
    const kept = await this.store.get<Kept>("expected");
    const answer = await ask(this.addresses.expected, this.expected && kept ? kept.tag : "");
    if (answer.status === 304 || !this.bundle) return;
    const text = await answer.text();
    const found = await readExpected(text, this.bundle.keys, await this.signatures());
    if (found.checkpoint !== this.surroundings?.place.id) throw new RefusedDocument("expected-elsewhere");
    if (found.issuedAt < (this.expectedSeen.get(found.checkpoint) ?? 0)) throw new RefusedDocument("expected-older");
    this.expected = found;
    this.expectedSeen = new Map(this.expectedSeen).set(found.checkpoint, found.issuedAt);
    await this.store.put("expected-seen", this.expectedSeen);
    await this.store.put("expected", { text, tag: answer.headers.get("ETag") ?? "" });
  }

  private async renewReasons(): Promise<void> {
    const tag = (await this.store.get<string>("reasons-tag")) ?? "";
    const answer = await ask(this.addresses.reasons, tag);
    if (answer.status === 304) return;
    this.reasons = (await answer.json()) as Reasons;
    await this.store.put("reasons", this.reasons);
    await this.store.put("reasons-tag", answer.headers.get("ETag") ?? "");
  }

  /** Whether somebody else, or another checkpoint, was here before. */
  private isOfOthers({ officer, place }: Surroundings): boolean {
    const before = this.surroundings;
    return before !== undefined && (before.place.id !== place.id || (before.officer !== "" && before.officer !== officer));
  }

  /**
   * Be signed in once more for `act`, without keeping anything; then tell the office that the guard has left. Return whether
   * somebody else has signed in since, who stays.
   */
  leave(act: () => Promise<void>): Promise<boolean> {
    this.leaving ??= this.leaveOnce(act).finally(() => (this.leaving = undefined));
    return this.leaving;
  }

  private async leaveOnce(act: () => Promise<void>): Promise<boolean> {
    try {
      const said = (await (await ask(this.addresses.offline)).json()) as Surroundings;
      if (said.sign_in !== (await this.store.get(LEAVING))) {
        await this.store.remove(LEAVING);
        return true;
      }
      this.opening.take(said.sealing);
      this.surroundings = { ...said, officer: "", coming: [] };
      await act();
      const headers = { Accept: "application/json", "X-CSRFToken": said.csrf };
      const answer = await fetch(this.addresses.signOut, { method: "POST", headers });
      if (answer.ok) await this.store.remove(LEAVING);
    } catch (error) {
      if (error instanceof SignedOut && error.isSaid) await this.store.remove(LEAVING);
    } finally {
      this.opening.take(undefined);
    }
    return false;
  }

  /** Forget everybody; what was not sent yet stays, sealed. */
  async forget(): Promise<void> {
    this.expected = this.shift = undefined;
    this.opening.take(undefined);
    await forgetPeople(this.store);
    if (this.surroundings) this.surroundings = { ...this.surroundings, officer: "", coming: [] };
  }

  /** Forget a list of trucks that is over: its people are nobody's business here any more. */
  private async forgetPast(): Promise<void> {
    if (!this.expected || Date.now() / 1000 < this.expected.until + KEPT_AFTER_S) return;
    this.expected = undefined;
    await this.store.remove("expected");
  }
}
