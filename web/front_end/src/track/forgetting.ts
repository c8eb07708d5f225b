// Forget trips that are long over: their pages, and what this phone still holds of where it was.
import { TrackStore } from "./track_store.ts";

export const CACHE = "baotong-trip";
const TRIP = /\/d\/[\w-]+\/trip$/;
/** In the page of a trip: the second from which nobody needs it here any more. */
const FORGOTTEN_AT = /data-forget-at="(\d+)"/;

/** Drop the kept pages of trips that are over at an instant. */
export async function dropPages(nowS: number): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    if (!TRIP.test(new URL(request.url).pathname)) continue;
    const page = await (await cache.match(request))?.text();
    if (nowS >= Number(FORGOTTEN_AT.exec(page ?? "")?.[1] ?? Infinity)) await cache.delete(request);
  }
}

/** Forget every trip that is over at an instant; positions of it that are not sent would be taken by nobody. */
export async function forgetTrips(store: TrackStore, nowS: number): Promise<void> {
  for (const one of await store.recordings()) if (nowS >= (one.forgetAt ?? Infinity)) await store.forgetTrip(one.number);
  if ("caches" in globalThis) await dropPages(nowS);
}
