// Remember when trucks joined the queue, as the guard notes it: only so is a wait known and not guessed.
import { normalisePlate } from "../verifier/plates.ts";
import type { Store } from "./store.ts";

/** Characters of a plate, and the phone's clock in seconds. */
export interface Arrival {
  readonly part: string;
  readonly at: number;
}

const KEPT_S = 86_400;
const SHORTEST = 3;
const NAME = "arrivals";

export class Arrivals {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** Return who waits, the first to come first. */
  async waiting(): Promise<Arrival[]> {
    const kept = (await this.store.get<Arrival[]>(NAME)) ?? [];
    const nowS = Date.now() / 1000;
    return kept.filter((one) => nowS - one.at < KEPT_S);
  }

  /** Note that a truck has come; once noted its time stays. Return whether there was something to note. */
  async note(part: string): Promise<boolean> {
    const wanted = normalisePlate(part);
    if (wanted.length < SHORTEST) return false;
    const waiting = await this.waiting();
    if (!waiting.some((one) => one.part === wanted)) await this.store.put(NAME, [...waiting, { part: wanted, at: Date.now() / 1000 }]);
    return true;
  }

  /** Return when a truck came, and forget it: its stop is over. */
  async take(plate: string): Promise<number | undefined> {
    const waiting = await this.waiting();
    const whole = normalisePlate(plate);
    const found = waiting.find((one) => whole.includes(one.part));
    if (found) await this.store.put(NAME, waiting.filter((one) => one !== found));
    return found?.at;
  }

  async drop(part: string): Promise<void> {
    await this.store.put(NAME, (await this.waiting()).filter((one) => one.part !== part));
  }
}
