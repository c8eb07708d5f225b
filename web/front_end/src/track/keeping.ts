// Keep the trip's page on the phone, so that it opens without a network, in a browser that was killed too.
import { OWN_WASM } from "../post/decoder.ts";
import { CACHE } from "./forgetting.ts";

function ownFiles(): string[] {
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  // The code is read by the camera without a network too, so its reader is kept before it is first needed.
  return [...new Set([...loaded, OWN_WASM])].filter((name) => name.startsWith(`${location.origin}/static/`));
}

async function keepNow(): Promise<void> {
  const cache = await caches.open(CACHE);
  // The files first: a page that is kept must be whole.
  await Promise.allSettled(ownFiles().map((name) => cache.add(name)));
  const name = location.pathname.replace(/\/(arrive|end)$/, "/trip");
  const page = await fetch(name, { cache: "no-store" });
  if (page.ok && !page.redirected) await cache.put(name, page);
}

/** Register the worker of this part of the site and keep what the page needs. */
export function keepTrip(worker: string): void {
  if (!worker || !("serviceWorker" in navigator) || !("caches" in globalThis)) return;
  void navigator.serviceWorker
    .register(worker)
    .then(keepNow)
    .catch(() => undefined);
}
