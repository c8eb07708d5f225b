// Leave nothing of people on the phone once its guard has signed out; keys, lists of status and sealed outcomes stay.
import type { Surroundings } from "./holding.ts";
import { seal } from "./sealing.ts";
import type { Queued, Store } from "./store.ts";

/** What names trucks, their people, or the guard. */
const NAMED = ["expected", "shift", "arrivals"];
/** Set from the press on "sign out" until the office has heard of it. */
export const LEAVING = "leaving";
/** Who was noted as waiting, for the next guard of the same checkpoint. */
export const SEALED_ARRIVALS = "sealed-arrivals";

/** What of the phone's store is needed to forget. */
export type Forgetting = Pick<Store, "get" | "put" | "remove" | "queued" | "enqueue">;

/** Return one that waits as it is kept: its truck and photo hidden, where this browser can hide anything. */
export async function sealed(item: Queued, surroundings: Surroundings | undefined): Promise<Queued> {
  const { fields, photo, ...label } = item;
  if (!fields || surroundings?.place.id !== item.place) return item;
  const box = await seal({ words: fields, photo }, surroundings.sealing);
  return box ? { ...label, box } : item;
}

async function sealArrivals(store: Forgetting, surroundings: Surroundings): Promise<void> {
  const arrivals = await store.get<readonly unknown[]>("arrivals");
  const box = arrivals?.length ? await seal({ words: arrivals }, surroundings.sealing) : undefined;
  if (box) await store.put(SEALED_ARRIVALS, { place: surroundings.place.id, box });
}

/** Forget who is expected, who waits, who is on duty and what comes; seal what is not sent. */
export async function forgetPeople(store: Forgetting): Promise<void> {
  const surroundings = await store.get<Surroundings>("surroundings");
  if (surroundings) {
    for (const item of await store.queued()) if (item.fields) await store.enqueue(await sealed(item, surroundings));
    await sealArrivals(store, surroundings);
    await store.put("surroundings", { ...surroundings, officer: "", coming: [] });
  }
  for (const name of NAMED) await store.remove(name);
}
