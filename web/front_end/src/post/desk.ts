// The checkpoint's page as an app: it judges on the phone, with or without a network, and keeps what was done.
import type { Level } from "../verifier/grounds.ts";
import { judgeClaims, verifyPass, type Seen, type Verdict } from "../verifier/verify.ts";
import { Arrivals } from "./arrivals.ts";
import { Bystanders } from "./bystanders.ts";
import { Camera } from "./camera.ts";
import { NOTHING } from "./choosing.ts";
import { decodePhoto, prepareDecoder } from "./decoder.ts";
import type { Truck } from "./documents.ts";
import { Holding, type Addresses } from "./holding.ts";
import { showTrucks } from "./hits.ts";
import { LEAVES } from "./leaving.ts";
import { isListFrame } from "./list_frames.ts";
import { Newer } from "./newer.ts";
import { offerQueueing, type Keeping } from "./outcomes.ts";
import { News } from "./news.ts";
import { Panel } from "./panel.ts";
import { Queue } from "./queue.ts";
import { signal, wakeSound } from "./signals.ts";
import { StateLine } from "./state_line.ts";
import { Store } from "./store.ts";
import { dueSoon, findTrucks } from "./trucks.ts";
import { fill, sayInstant } from "./words.ts";
import { Whereabouts, type Position } from "./whereabouts.ts";

const RENEWED_EVERY_MS = 60_000;
const TOLD_EVERY_MS = 10_000;
const MOST_SHOWN = 20;
/** A verdict is hidden after so long: the truck is gone, and the next guard must not take it for another's. */
const SHOWN_MS = 120_000;

/** Behind the address of the page where another one has just kept something. */
const REGISTERED = "#registered";

/** What is judged: a text that was read, or a truck of today's list. */
type Subject = { readonly text: string } | { readonly truck: Truck };

function find<T extends Element>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** Which sentence of the page says what came of a code of a list. */
const TAKEN = { part: "listPart", taken: "listTaken", older: "listOlder", future: "listFuture", refused: "listRefused" } as const;

const nowS = (): number => Date.now() / 1000;

function codesOf(verdict: Verdict): string {
  return verdict.reasons.map((one) => one.code).join();
}

/** Return what else the office must know of a truck: since when it waits, when it was first looked at, and where. */
async function moreOf(fields: Record<string, string>, plate: string, arrivals: Arrivals, shownAt: number, position?: Position): Promise<Record<string, string>> {
  const arrived = await arrivals.take(plate);
  return {
    ...fields,
    shown_at: String(shownAt),
    ...(arrived === undefined ? {} : { arrived_at: String(arrived) }),
    ...(position?.accuracyM === undefined ? {} : { position: position.point.join(",") }),
  };
}

class Desk {
  private readonly root: HTMLElement;
  private readonly store: Store;
  private readonly holding: Holding;
  private readonly queue: Queue;
  private readonly panel: Panel;
  private readonly newer: Newer;
  private readonly state: StateLine;
  private readonly camera: Camera;
  private readonly start: HTMLElement;
  private readonly told: HTMLElement;
  private readonly arrivals: Arrivals;
  private readonly bystanders: Bystanders;
  private readonly news: News;
  private readonly whereabouts = new Whereabouts(() => void this.moved());
  private subject: Subject | undefined;
  private seen: Omit<Seen, "at"> = {};
  private plate = "";
  private codes = "";
  private shownAt = 0;
  private isScanning = false;
  /** Nobody is signed in any more: no list of trucks stays on the page. */
  private isOut = false;
  private hiding: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, store: Store) {
    this.root = root;
    this.store = store;
    this.holding = new Holding(store, root.dataset as unknown as Addresses);
    this.queue = new Queue(store, this.holding, root.dataset["outcome"] ?? "", () => void this.tellQueue());
    this.arrivals = new Arrivals(store);
    this.bystanders = new Bystanders(root, this.holding, this.queue, this.arrivals);
    const told = find<HTMLElement>(root, "[data-news-told]");
    this.news = new News(root.dataset["news"] ?? "", () => void this.renew(), (text) => {
      told.textContent = text;
      told.hidden = false;
    });
    this.panel = new Panel(find(root, "[data-check]"), this.holding);
    this.newer = new Newer(find(root, "[data-newer-pass]"), this.holding, (truck) => void this.judge({ truck }));
    this.state = new StateLine(find(root, "[data-post-state]"), this.holding);
    this.start = find(root, "[data-start]");
    this.told = find(root, "[data-scan-told]");
    const box = find<HTMLElement>(root, "[data-scanner]");
    this.camera = new Camera(box, find(box, "video"));
  }

  async run(): Promise<void> {
    prepareDecoder();
    await this.holding.load();
    this.listen();
    this.tell();
    if (location.hash === REGISTERED) this.praise("registered");
    await this.tellQueue();
    await this.renew();
    setInterval(() => void this.renew(), RENEWED_EVERY_MS);
    setInterval(() => this.tell(), TOLD_EVERY_MS);
  }

  private tell(): void {
    this.state.tellTime(nowS());
    find<HTMLElement>(this.root, "[data-post-state]").hidden = false;
    void this.bystanders.tell();
    const section = find<HTMLElement>(this.root, "[data-due]");
    const { expected } = this.holding;
    if (expected || this.isOut) this.root.querySelector("[data-due-by-server]")?.remove();
    const isAsked = !find<HTMLElement>(this.root, "[data-found]").hidden;
    const due = isAsked || !expected ? [] : dueSoon(expected, nowS()).slice(0, MOST_SHOWN);
    showTrucks(section, due, this.holding, nowS(), this.choose);
  }

  private async tellQueue(): Promise<void> {
    this.state.tellQueue(await this.queue.waiting(), (key) => {
      void this.store.dequeue(key).then(() => this.tellQueue());
    });
  }

  private async renew(isConfirmed = false): Promise<void> {
    let renewal = await this.holding.renew(isConfirmed);
    if (renewal === "left" && (await this.holding.leave(() => this.queue.send()))) renewal = await this.holding.renew();
    this.state.tellRenewal(renewal);
    this.isOut = renewal === "left" || renewal === "signed-out";
    if (this.isOut) showTrucks(find(this.root, "[data-found]"), [], this.holding, nowS(), this.choose);
    this.tell();
    if (renewal === "offline" || renewal === "signed-out" || renewal === "left") return;
    this.news.follow(this.holding.surroundings?.news ?? 0);
    await this.queue.send();
  }

  private listen(): void {
    addEventListener("online", () => void this.renew());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.camera.close();
    });
    find(this.root, "[data-confirm-keys]").addEventListener("click", () => void this.renew(true));
    find(this.root, "[data-next-vehicle]").addEventListener("click", (event) => {
      event.preventDefault();
      this.next();
    });
    find(this.root, "[data-check]").addEventListener("input", () => {
      if (this.subject) this.keepShown();
    });
    this.listenToScanner();
    this.listenToForms();
    offerQueueing(this.root, this.queue, this.holding, this.keeping);
    this.bystanders.listen(() => this.next(), (what) => this.praise(what));
    document.addEventListener(LEAVES, (event) => (event as CustomEvent<Promise<unknown>[]>).detail.push(this.leave()));
  }

  private listenToScanner(): void {
    const button = find<HTMLButtonElement>(this.root, "[data-scan]");
    const photo = find<HTMLElement>(this.root, "[data-scan-photo]");
    const file = find<HTMLInputElement>(photo, "input");
    if ("mediaDevices" in navigator) {
      button.hidden = false;
      button.addEventListener("click", () => this.scan());
      find(this.root, "[data-scan-end]").addEventListener("click", () => {
        this.isScanning = false;
        this.camera.close();
      });
    }
    photo.hidden = false;
    file.addEventListener("change", async () => {
      const sent = file.files?.[0];
      if (!sent) return;
      wakeSound();
      const { text, several } = await decodePhoto(sent).catch(() => NOTHING);
      file.value = "";
      if (text && !this.takesPart(text)) await this.judge({ text });
      else if (!text) this.complain(several ? "several" : "none");
    });
  }

  private listenToForms(): void {
    const code = find<HTMLFormElement>(this.root, "form[data-code-form]");
    code.addEventListener("submit", (event) => {
      if (!this.holding.bundle) return;
      event.preventDefault();
      wakeSound();
      const sent = new FormData(code);
      void this.judge({ text: String(sent.get("text") ?? "") }, { plate: String(sent.get("plate") ?? "") || undefined });
    });
    const plates = find<HTMLFormElement>(this.root, "form[data-keypad-form]");
    plates.addEventListener("submit", (event) => {
      wakeSound();
      const found = findTrucks(this.holding.expected, String(new FormData(plates).get("part") ?? ""), nowS());
      if (!found.length && navigator.onLine && this.root.querySelector("[data-renewed=renewed]")) return;
      event.preventDefault();
      showTrucks(find(this.root, "[data-found]"), found.slice(0, MOST_SHOWN), this.holding, nowS(), this.choose);
      find<HTMLElement>(this.root, "[data-not-found]").hidden = found.length > 0;
      find<HTMLElement>(this.root, "[data-note-arrival]").hidden = false;
      this.tell();
    });
    const compare = find<HTMLFormElement>(this.root, "form[data-compare-form]");
    compare.addEventListener("submit", (event) => {
      event.preventDefault();
      const plate = String(new FormData(compare).get("plate") ?? "");
      if (this.subject) void this.judge(this.subject, { plate });
    });
    find(this.root, "[data-other-way]").addEventListener("click", () => {
      if (this.subject) void this.judge(this.subject, { way: "against" });
    });
  }

  private readonly keeping: Keeping = {
    complete: (fields) => moreOf(fields, fields["plate"] || this.plate, this.arrivals, this.shownAt, this.position()),
    done: (outcome) => {
      this.praise(outcome === "let_pass" ? "letPass" : "registered");
      this.next();
    },
  };

  private position(): Position | undefined {
    return this.whereabouts.orElse(this.holding.surroundings?.place.position);
  }

  /** The phone knows its place now, or has gone on: what is shown is judged again. */
  private async moved(): Promise<void> {
    if (!this.subject) return;
    const codes = codesOf(await this.verdictOf(this.subject, this.seen));
    if (codes !== this.codes) signal(await this.show(this.subject, this.seen, true));
  }

  private readonly choose = (truck: Truck): void => {
    void this.judge({ truck });
  };

  private praise(what: string): void {
    this.told.classList.add("done");
    this.told.textContent = this.told.dataset[what] ?? "";
  }

  private complain(what: string): void {
    this.told.classList.remove("done");
    this.told.textContent = this.told.dataset[what] ?? "";
  }

  private scan(): void {
    wakeSound();
    this.told.textContent = "";
    this.isScanning = true;
    this.camera.look((text) => void this.judge({ text }), (text) => this.takesPart(text)).catch(() => {
      this.isScanning = false;
      this.camera.close();
      this.complain("refused");
    });
  }

  /** Take one code of a list that a driver's phone carries here; the camera looks on for the others. */
  private takesPart(text: string): boolean {
    if (!isListFrame(text)) return false;
    void this.takePart(text);
    return true;
  }

  private async takePart(text: string): Promise<void> {
    if (!this.holding.bundle) {
      this.complain("nothingHeld");
      return;
    }
    const taken = await this.holding.takePart(text, nowS());
    const at = taken.issuedAt === undefined ? "" : sayInstant(taken.issuedAt, this.holding.zone);
    const said = fill(this.told.dataset[TAKEN[taken.outcome]] ?? "", { part: String(taken.part ?? 0), total: String(taken.total ?? 0), at });
    this.told.classList.toggle("done", taken.outcome === "taken");
    this.told.textContent = said;
    if (taken.outcome === "part") return;
    this.isScanning = false;
    this.camera.close();
    this.tell();
  }

  private async judge(subject: Subject, seen: Omit<Seen, "at"> = {}): Promise<void> {
    if (!this.holding.bundle || !this.holding.surroundings) {
      this.complain("nothingHeld");
      return;
    }
    if (this.subject !== subject) this.shownAt = nowS();
    [this.subject, this.seen] = [subject, seen];
    this.told.textContent = "";
    this.whereabouts.start();
    const level = await this.show(subject, seen);
    if (!this.isShown(subject, seen)) return;
    performance.mark("verdict");
    if (!seen.plate && !seen.way) signal(level);
    this.keepShown();
    await this.judgeByNewest(subject, seen, level);
    if (this.isShown(subject, seen) && navigator.onLine) await this.newer.ask((await this.verdictOf(subject, seen)).claims);
  }

  private isShown(subject: Subject, seen: Omit<Seen, "at">): boolean {
    return this.subject === subject && this.seen === seen;
  }

  /** A verdict is put away two minutes after the guard has last done something with it. */
  private keepShown(): void {
    clearTimeout(this.hiding);
    this.hiding = setTimeout(() => this.next(), SHOWN_MS);
  }

  /** With a network, ask for what is newest and judge again: what was withdrawn a minute ago must not stay green. */
  private async judgeByNewest(subject: Subject, seen: Omit<Seen, "at">, shown: Level): Promise<void> {
    const before = this.holding.bundle;
    if (!navigator.onLine) return;
    await this.renew();
    if (!this.isShown(subject, seen) || this.holding.bundle === before) return;
    const level = await this.show(subject, seen, true);
    if (level !== shown && this.isShown(subject, seen)) signal(level);
  }

  private async verdictOf(subject: Subject, seen: Omit<Seen, "at">): Promise<Verdict> {
    const { trust } = this.holding;
    const whole: Seen = { ...seen, at: nowS(), position: this.position()?.point };
    if ("truck" in subject) return judgeClaims(subject.truck.claims, trust, whole);
    return verifyPass(subject.text, trust, whole, await this.holding.signatures());
  }

  private async show(subject: Subject, seen: Omit<Seen, "at">, isAgain = false): Promise<Level> {
    const [verdict, position] = [await this.verdictOf(subject, seen), this.position()];
    // Meanwhile the guard may have gone on, or typed another plate: what was judged before must not come over that.
    if (!this.isShown(subject, seen)) return verdict.verdict;
    this.codes = codesOf(verdict);
    this.start.hidden = true;
    this.plate = verdict.claims?.plate ?? "";
    this.newer.tell(verdict);
    this.panel.show({ verdict, text: "text" in subject ? subject.text : "", seenPlate: seen.plate ?? "", position }, isAgain);
    if (verdict.claims) void this.holding.noteIssue(verdict.claims);
    return verdict.verdict;
  }

  /** The guard signs out: what can still be sent is sent, then nobody is known here any more. */
  private async leave(): Promise<void> {
    await this.queue.send();
    await this.holding.forget();
    this.camera.close();
    this.next();
    await this.tellQueue();
  }

  /** Put the verdict away; where the camera was used it looks for the next one at once. */
  private next(): void {
    clearTimeout(this.hiding);
    this.subject = undefined;
    this.panel.hide();
    this.start.hidden = false;
    for (const name of ["form[data-code-form]", "form[data-keypad-form]"]) find<HTMLFormElement>(this.root, name).reset();
    showTrucks(find(this.root, "[data-found]"), [], this.holding, nowS(), this.choose);
    for (const name of ["[data-not-found]", "[data-note-arrival]"]) find<HTMLElement>(this.root, name).hidden = true;
    this.tell();
    if (this.isScanning && this.camera.isOpen) this.scan();
  }
}

/** Make an app of the page; without a place to keep things it stays a page of forms. */
export async function openDesk(root: HTMLElement): Promise<void> {
  const store = await Store.open();
  await navigator.storage?.persist?.().catch(() => false);
  await new Desk(root, store).run();
}

/** Let the forms of a page be kept on the phone; then it goes on to the next vehicle. */
export async function openForms(root: HTMLElement): Promise<void> {
  const store = await Store.open();
  const holding = new Holding(store, root.dataset as unknown as Addresses);
  await holding.load();
  const queue = new Queue(store, holding, root.dataset["outcome"] ?? "", () => undefined);
  const [arrivals, shownAt] = [new Arrivals(store), nowS()];
  offerQueueing(root, queue, holding, {
    complete: (fields) => moreOf(fields, fields["plate"] ?? "", arrivals, shownAt),
    done: () => location.assign(`${root.dataset["start"] ?? ""}${REGISTERED}`),
  });
}

/** Keep the page itself on the phone, so that it opens without a network. */
export function keepPage(worker: string): void {
  if ("serviceWorker" in navigator && worker) void navigator.serviceWorker.register(worker).catch(() => undefined);
}
