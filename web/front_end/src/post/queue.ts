// Keep what was done with each truck until the office has it: exactly once, also when the app was killed in between.
import type { Holding } from "./holding.ts";
import { sealed } from "./people.ts";
import type { Queued, Store } from "./store.ts";

const PATIENCE_MS = 60_000;
const LOCK = "baotong-upload";
/** Nobody is signed in, a form's mark is too old, or the server has no time: it will say so of every other one too. */
const ALL_WAIT = [400, 401, 403, 429, 502, 503, 504];

/** Return a key that nobody else draws, also where the page is not served over HTTPS. */
export function newKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What was done, and the photo of it. */
type Done = Pick<Queued, "fields" | "photo">;

function formOf(item: Queued, { fields, photo }: Done): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields ?? {})) form.set(name, value);
  form.set("key", item.key);
  form.set("seen_at", String(item.seenAt));
  form.set("sent_at", String(Date.now() / 1000));
  if (photo) form.set("photo", photo, "photo.jpg");
  return form;
}

export class Queue {
  private readonly store: Store;
  private readonly holding: Holding;
  private readonly address: string;
  private readonly changed: () => void;

  constructor(store: Store, holding: Holding, address: string, changed: () => void) {
    this.store = store;
    this.holding = holding;
    this.address = address;
    this.changed = changed;
  }

  /** Keep what was done, with who did it; where it goes elsewhere than to the outcomes, `more` says so. */
  async keep(fields: Readonly<Record<string, string>>, more: Pick<Queued, "photo" | "to" | "isAttempt"> = {}): Promise<void> {
    const place = this.holding.surroundings?.place.id ?? "";
    const whole = { officer: this.holding.officer, ...fields };
    const item: Queued = { key: newKey(), place, seenAt: Date.now() / 1000, fields: whole, ...more };
    await this.store.enqueue(await sealed(item, this.holding.surroundings));
    this.changed();
  }

  /** Return what waits; what came back from the office says which truck it was, as long as its guard is signed in. */
  async waiting(): Promise<Queued[]> {
    const all = await this.store.queued();
    return Promise.all(all.map(async (one) => (one.returned === undefined ? one : { ...one, ...(await this.holding.opening.opened(one)) })));
  }

  /** Send what waits, oldest first; one sender at a time, whatever the number of open pages. */
  async send(): Promise<void> {
    if ("locks" in navigator) await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? this.sendAll() : undefined));
    else await this.sendAll();
  }

  private async sendAll(): Promise<void> {
    const here = this.holding.surroundings;
    if (!here) return;
    const waiting = (await this.store.queued()).filter((one) => one.returned === undefined && one.place === here.place.id);
    for (const item of waiting.sort((one, other) => one.seenAt - other.seenAt)) {
      if (!(await this.sendOne(item, here.csrf))) return;
      this.changed();
    }
  }

  /** Send one; return whether to go on. */
  private async sendOne(item: Queued, csrf: string): Promise<boolean> {
    const done = await this.holding.opening.opened(item);
    // Sealed by a key that the office no longer has: it is kept and counted.
    if (!done) return true;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const headers = { Accept: "application/json", "X-CSRFToken": csrf };
      const answer = await fetch(item.to ?? this.address, { method: "POST", headers, body: formOf(item, done), signal: stop.signal });
      if (item.isAttempt && answer.status === 422) {
        await this.store.dequeue(item.key);
        return true;
      }
      if (answer.status === 422 || answer.status === 413) {
        const said = (await answer.json()) as { title?: string; detail?: string };
        await this.store.enqueue({ ...item, returned: [said.title, said.detail].filter(Boolean).join(" ") });
        return true;
      }
      // One that the office cannot take now waits, and keeps none of the others; without a sign-in all of them wait.
      if (!answer.ok || answer.redirected) return !answer.redirected && !ALL_WAIT.includes(answer.status);
      await this.store.dequeue(item.key);
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
