// Hear from the server at once when passes change, so that the lists are fetched then and not only once a minute.

interface Told {
  readonly text: string;
}

/** Thousands of passes change in several steps: the lists are not fetched more often than this. */
const LEAST_PAUSE_MS = 5_000;
/** Not every checkpoint asks in the same second. */
const SPREAD_MS = 2_000;

export class News {
  private readonly address: string;
  private readonly changed: () => void;
  private readonly say: (text: string) => void;
  private source: EventSource | undefined;
  private due: ReturnType<typeof setTimeout> | undefined;
  private lastMs = 0;

  constructor(address: string, changed: () => void, say: (text: string) => void) {
    this.address = address;
    this.changed = changed;
    this.say = say;
  }

  /** Listen from a change on, unless it does already. */
  follow(after: number): void {
    if (!this.address || (this.source && this.source.readyState !== EventSource.CLOSED)) return;
    this.source = new EventSource(`${this.address}?after=${after}`);
    this.source.addEventListener("news", (event) => {
      const told = JSON.parse((event as MessageEvent<string>).data) as Told;
      if (told.text) this.say(told.text);
      this.plan();
    });
  }

  private plan(): void {
    if (this.due !== undefined) return;
    const pause = Math.max(Math.random() * SPREAD_MS, this.lastMs + LEAST_PAUSE_MS - Date.now());
    this.due = setTimeout(() => {
      this.due = undefined;
      this.lastMs = Date.now();
      this.changed();
    }, pause);
  }
}
