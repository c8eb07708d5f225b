// Open what is sealed on this phone, for as long as a guard of its checkpoint is signed in.
import { SEALED_ARRIVALS } from "./people.ts";
import { unseal, type Box, type SealingKey } from "./sealing.ts";
import type { Queued, Store } from "./store.ts";

export class Opening {
  private readonly store: Store;
  /** Comes with the sign-in, and is never kept. */
  private key: SealingKey | undefined;

  constructor(store: Store) {
    this.store = store;
  }

  /** Take the key that came with the sign-in, or forget it. */
  take(key: SealingKey | undefined): void {
    this.key = key;
  }

  /** Return what was done, where it can be read: plain, or sealed and its checkpoint's guard is signed in. */
  async opened({ fields, photo, box }: Queued): Promise<Pick<Queued, "fields" | "photo"> | undefined> {
    if (!box) return { fields, photo };
    const found = await unseal<Queued["fields"]>(box, this.key);
    return found && { fields: found.words, photo: found.photo };
  }

  /** Put back who was noted as waiting at a checkpoint before its guard signed out. */
  async openArrivals(place: string): Promise<void> {
    const kept = await this.store.get<{ readonly place: string; readonly box: Box }>(SEALED_ARRIVALS);
    const found = kept?.place === place ? await unseal<readonly unknown[]>(kept.box, this.key) : undefined;
    if (!found) return;
    await this.store.put("arrivals", found.words);
    await this.store.remove(SEALED_ARRIVALS);
  }
}
