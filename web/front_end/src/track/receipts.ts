// Keep what the driver confirms at the receiving point until the office has it: exactly once, also in a killed app.
import { written } from "../positions.ts";
import { type KeptMark, type MarkKind, type TrackStore } from "./track_store.ts";

const POSITION_PATIENCE_MS = 10_000;
const SENT_EVERY_MS = 20_000;
const PATIENCE_MS = 60_000;
const LOCK = "baotong-receipts";
/** A round trip is received before it is over. */
const IN_ORDER: readonly MarkKind[] = ["received", "ended"];

/** What became of one: the office has it, try again later, or what the office says is wrong. */
type Outcome = "sent" | "later" | { readonly refused: string };

function positionNow(): Promise<string> {
  if (!("geolocation" in navigator)) return Promise.resolve("");
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      (found) => resolve(written(found.coords)),
      () => resolve(""),
      { enableHighAccuracy: true, timeout: POSITION_PATIENCE_MS, maximumAge: 15_000 },
    );
  });
}

export class Receipts {
  private readonly root: HTMLElement;
  private readonly store: TrackStore;
  private readonly number: string;
  /** The phone is asked for its position, which goes along. */
  private isAsking = false;

  constructor(root: HTMLElement, store: TrackStore) {
    this.root = root;
    this.store = store;
    this.number = root.dataset["number"] ?? "";
  }

  async run(): Promise<void> {
    for (const kind of IN_ORDER) {
      this.form(kind)?.addEventListener("submit", (event) => {
        event.preventDefault();
        void this.confirm(kind);
      });
      if (!this.form(kind)) await this.store.dropMark(this.number, kind);
    }
    addEventListener("online", () => void this.send());
    document.addEventListener("visibilitychange", () => void this.send());
    setInterval(() => void this.send(), SENT_EVERY_MS);
    await this.tell();
    await this.send();
  }

  private form(kind: MarkKind): HTMLFormElement | null {
    return this.root.querySelector(`form[data-mark=${kind}]`);
  }

  private async confirm(kind: MarkKind): Promise<void> {
    const form = this.form(kind);
    const code = form?.querySelector<HTMLInputElement>("input[name=code]");
    if (!form || form.dataset["busy"] || (code && !code.value.trim())) {
      code?.focus();
      return;
    }
    form.dataset["busy"] = "1";
    this.isAsking = true;
    const mark = { number: this.number, kind, code: code?.value ?? "", position: "", at: Date.now() };
    await this.store.keepMark(mark);
    await this.tell();
    await this.store.keepMark({ ...mark, position: await positionNow() });
    this.isAsking = false;
    delete form.dataset["busy"];
    await this.tell();
    await this.send();
  }

  /** Say what waits, and what came back; a form whose mark is kept is put away. */
  private async tell(): Promise<void> {
    const marks = await this.store.marks(this.number);
    for (const kind of IN_ORDER) {
      const kept = marks.find((one) => one.kind === kind);
      const isWaiting = kept !== undefined && kept.refused === undefined;
      const told = this.root.querySelector<HTMLElement>(`[data-mark-told=${kind}]`);
      if (told) {
        told.textContent = isWaiting ? (told.dataset["kept"] ?? "") : (kept?.refused ?? "");
        told.className = kept === undefined ? "" : isWaiting ? "kept-here" : "error";
        told.hidden = kept === undefined;
      }
      this.form(kind)?.toggleAttribute("hidden", isWaiting);
      this.root.querySelector(`[data-asks-for=${kind}]`)?.toggleAttribute("hidden", isWaiting);
    }
    const isReceivedHere = marks.some((one) => one.kind === "received" && one.refused === undefined);
    this.root.querySelector("[data-way-back]")?.toggleAttribute("hidden", !isReceivedHere);
    this.root.dataset["marks"] = String(marks.filter((one) => one.refused === undefined).length);
  }

  private async send(): Promise<void> {
    if (!navigator.onLine || this.isAsking) return;
    if ("locks" in navigator) await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? this.sendAll() : undefined));
    else await this.sendAll();
  }

  private async sendAll(): Promise<void> {
    const marks = (await this.store.marks(this.number)).filter((one) => one.refused === undefined);
    let isNew = false;
    for (const mark of marks.sort((one, other) => IN_ORDER.indexOf(one.kind) - IN_ORDER.indexOf(other.kind))) {
      const outcome = await this.sendOne(mark);
      if (outcome === "later") break;
      if (outcome === "sent") {
        await this.store.dropMark(this.number, mark.kind);
        isNew = true;
      } else await this.store.keepMark({ ...mark, refused: outcome.refused });
    }
    if (isNew) location.assign(this.root.dataset["trip"] ?? "");
    else await this.tell();
  }

  private async sendOne(mark: KeptMark): Promise<Outcome> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    const kept_s = Math.max(0, (Date.now() - mark.at) / 1000);
    const body = JSON.stringify({ mark: mark.kind, code: mark.code, position: mark.position, kept_s });
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    try {
      const answer = await fetch(this.root.dataset["address"] ?? "", { method: "POST", headers, body, signal: stop.signal });
      if (answer.ok && !answer.redirected) return ((await answer.json()) as { ok: boolean }).ok ? "sent" : "later";
      if (answer.status !== 422) return "later";
      const { error } = (await answer.json()) as { error: { text: string; remedy: string } };
      return { refused: [error.text, error.remedy].filter(Boolean).join(" ") };
    } catch {
      return "later";
    } finally {
      clearTimeout(timer);
    }
  }
}
