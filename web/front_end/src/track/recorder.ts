// Record a trip on the driver's press: positions are kept on the phone and sent in bursts, each exactly once.
import { newKey } from "../post/queue.ts";
import { type Measured, type Recording, TrackStore } from "./track_store.ts";

const MOST_A_BURST = 500;
const SENT_EVERY_MS = 30_000;
const PATIENCE_MS = 60_000;
const HOW: PositionOptions = { enableHighAccuracy: true, maximumAge: 5_000, timeout: PATIENCE_MS };
const LOCK = "baotong-track";
const UPLOAD_LOCK = "baotong-track-upload";

/** One position that the office did not take, and why. */
interface Refused {
  readonly text: string;
}

/** What became of a burst: taken but for some, try again later, this phone may not, or refused whatever is tried. */
type Outcome = "later" | "not-let-in" | { readonly refused: number; readonly why: string };

/** This phone may be let in by and by; all other refusals of the office itself are for good. */
const NOT_LET_IN = 403;

export class Recorder {
  private readonly root: HTMLElement;
  private readonly store: TrackStore;
  private readonly number: string;
  private readonly everyMs: number;
  private watching: number | undefined;
  private asking: ReturnType<typeof setInterval> | undefined;
  private release: (() => void) | undefined;
  private lastKeptMs = 0;
  private trouble = "";

  constructor(root: HTMLElement, store: TrackStore) {
    this.root = root;
    this.store = store;
    this.number = root.dataset["number"] ?? "";
    this.everyMs = Number(root.dataset["every"] ?? "30") * 1000;
  }

  /** Go on where a closed or killed page left off, and send what waits. */
  async run(): Promise<void> {
    this.button("start")?.addEventListener("click", () => void this.start());
    this.button("stop")?.addEventListener("click", () => void this.stop());
    addEventListener("online", () => void this.send());
    document.addEventListener("visibilitychange", () => void this.send());
    setInterval(() => void this.send(), SENT_EVERY_MS);
    const known = await this.store.recording(this.number);
    if (known) await this.store.change(known, (one) => ({ ...one, forgetAt: this.forgetAt }));
    if (known?.isOn && this.root.dataset["ended"] === undefined) await this.watch();
    await this.tell();
    await this.send();
  }

  private button(name: "start" | "stop"): HTMLButtonElement | null {
    return this.root.querySelector(`button[data-${name}]`);
  }

  private get forgetAt(): number | undefined {
    return Number(this.root.dataset["forgetAt"]) || undefined;
  }

  private async recording(): Promise<Recording> {
    const { number, forgetAt } = this;
    return (await this.store.recording(number)) ?? { number, track: newKey(), isOn: false, kept: 0, forgetAt };
  }

  private async start(): Promise<void> {
    this.trouble = "";
    await navigator.storage?.persist?.().catch(() => false);
    await this.store.change(await this.recording(), (one) => ({ ...one, isOn: true }));
    await this.watch();
    await this.tell();
  }

  private async stop(): Promise<void> {
    if (this.watching !== undefined) navigator.geolocation.clearWatch(this.watching);
    this.watching = undefined;
    clearInterval(this.asking);
    this.release?.();
    await this.store.change(await this.recording(), (one) => ({ ...one, isOn: false }));
    await this.tell();
    await this.send();
  }

  /** Watch the position in one page at a time, however many are open. */
  private async watch(): Promise<void> {
    if (this.watching !== undefined || !("geolocation" in navigator)) return;
    if ("locks" in navigator && !(await this.alone())) {
      this.trouble = "elsewhere";
      return;
    }
    this.watching = navigator.geolocation.watchPosition(this.found, this.failed, HOW);
    this.asking = setInterval(() => this.ask(), 2 * this.everyMs);
  }

  /** A truck that stands is told too: some phones tell a position only when it changes. */
  private ask(): void {
    if (Date.now() - this.lastKeptMs > 2 * this.everyMs) navigator.geolocation.getCurrentPosition(this.found, this.failed, HOW);
  }

  private readonly found = (position: GeolocationPosition): void => {
    void this.keep(position);
  };

  private readonly failed = (error: GeolocationPositionError): void => {
    this.trouble = error.code === error.PERMISSION_DENIED ? "denied" : "lost";
    void this.tell();
  };

  private alone(): Promise<boolean> {
    return new Promise((resolve) => {
      void navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<void>((done) => (this.release = done));
      });
    });
  }

  private async keep(found: GeolocationPosition): Promise<void> {
    this.trouble = "";
    if (found.timestamp - this.lastKeptMs < this.everyMs * 0.9) return;
    this.lastKeptMs = found.timestamp;
    const recording = await this.recording();
    const { longitude: lon, latitude: lat, accuracy } = found.coords;
    const at = new Date(found.timestamp).toISOString();
    const point: Measured = { number: this.number, track: recording.track, at, lon, lat, accuracy_m: Math.min(accuracy, 99_999) };
    await this.store.keep(point, recording);
    await this.tell();
    await this.send();
  }

  /** Send what waits, oldest first; one sender at a time, whatever the number of open pages. */
  private async send(): Promise<void> {
    if (!navigator.onLine) return;
    const before = await this.store.count(this.number);
    if ("locks" in navigator) await navigator.locks.request(UPLOAD_LOCK, { ifAvailable: true }, (lock) => (lock ? this.sendAll() : undefined));
    else await this.sendAll();
    await this.tell();
    // What the page of an ended trip says of its route, it says of all positions.
    const isWhole = before > 0 && (await this.store.count(this.number)) === 0;
    if (isWhole && this.root.dataset["ended"] !== undefined) location.reload();
  }

  private async sendAll(): Promise<void> {
    for (;;) {
      const waiting = await this.store.waiting(this.number, MOST_A_BURST);
      if (!waiting.length) return;
      const track = waiting[0]!.track;
      const burst = waiting.filter((one) => one.track === track);
      const outcome = await this.sendBurst(track, burst);
      if (outcome === "not-let-in") this.trouble = "refused";
      if (typeof outcome === "string") return;
      await this.store.forget(burst.map((one) => one.seq!));
      if (outcome.refused) await this.noteRefused(outcome);
    }
  }

  /** Positions that the office refuses for good are told, and no longer kept. */
  private async noteRefused({ refused, why }: { readonly refused: number; readonly why: string }): Promise<void> {
    await this.store.change(await this.recording(), (one) => ({ ...one, refused: (one.refused ?? 0) + refused, why }));
  }

  private async sendBurst(track: string, burst: readonly Measured[]): Promise<Outcome> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    const points = burst.map(({ seq, at, lon, lat, accuracy_m }) => ({ seq, at, lon, lat, accuracy_m }));
    const body = JSON.stringify({ track, sent_at: new Date().toISOString(), datum: "wgs84", points });
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    try {
      const answer = await fetch(this.root.dataset["upload"] ?? "", { method: "POST", headers, body, signal: stop.signal });
      if (answer.ok) {
        const said = (await answer.json()) as { ok: boolean; refused: readonly Refused[] };
        return said.ok ? { refused: said.refused.length, why: said.refused[0]?.text ?? "" } : "later";
      }
      if (answer.status === NOT_LET_IN) return "not-let-in";
      // Only what the office itself says is for good: something on the way may answer as well.
      const { ok, error } = (await answer.json()) as { ok?: boolean; error?: { readonly text: string; readonly remedy: string } };
      if (answer.status >= 500 || ok !== false || !error) return "later";
      return { refused: burst.length, why: [error.text, error.remedy].filter(Boolean).join(" ") };
    } catch {
      return "later";
    } finally {
      clearTimeout(timer);
    }
  }

  /** Say how it stands: recording or not, how many positions, and whether they are sent. */
  private async tell(): Promise<void> {
    const line = this.root.querySelector<HTMLElement>("[data-state]");
    const [recording, count] = [await this.recording(), await this.store.count(this.number)];
    const isOn = this.watching !== undefined;
    this.button("start")?.toggleAttribute("hidden", isOn);
    this.button("stop")?.toggleAttribute("hidden", !isOn);
    this.root.dataset["left"] = String(count);
    this.root.dataset["total"] = String(recording.kept);
    if (!line) return;
    const words = this.root.dataset;
    const sent = count ? `${count} ${words["waiting"]}` : recording.kept ? words["sent"] : "";
    const kept = recording.kept ? `${recording.kept} ${words["kept"]}` : "";
    const said = [isOn ? words["on"] : words["off"], kept, sent].filter(Boolean).join(" · ");
    this.tellRefused(recording);
    line.textContent = this.trouble ? `${words[this.trouble]} ${said}` : said;
    line.classList.toggle("on", isOn);
    line.classList.toggle("off", !isOn);
  }

  private tellRefused({ refused = 0, why = "" }: Recording): void {
    const told = document.querySelector<HTMLElement>("[data-dropped]");
    if (!told) return;
    told.textContent = (told.dataset["dropped"] ?? "").replace("{count}", String(refused)).replace("{why}", why);
    told.hidden = !refused;
  }
}
