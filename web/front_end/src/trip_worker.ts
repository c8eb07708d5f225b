// The driver's service worker: a trip's page and its files answer without a network, also after a restart.

import { CACHE, dropPages } from "./track/forgetting.ts";

/** What a service worker's scope offers of what is used here. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", act: (event: { waitUntil(done: Promise<unknown>): void }) => void): void;
  addEventListener(kind: "fetch", act: (event: { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void): void;
}

const worker = self as unknown as Scope;
const START = new URL(worker.registration.scope);
const STATIC = new URL("/static/", START).href;
/** Pages that open without a network: a trip, and the check of certificates. */
const PAGES = /\/d\/[\w-]+\/trip$|\/L\/$/;
/** The network is given so long before the page that is kept is shown instead. */
const PATIENCE_MS = 5_000;

async function keepFor(request: Request, name: string): Promise<Response> {
  const answer = await fetch(request);
  const cache = await caches.open(CACHE);
  if (answer.ok && !answer.redirected) await cache.put(name, answer.clone());
  // The link has ended: nobody needs what is kept of it.
  if (answer.status === 404) await cache.delete(name);
  return answer;
}

async function networkFirst(request: Request, name: string): Promise<Response> {
  const asked = keepFor(request, name);
  asked.catch(() => undefined);
  const held = await caches.match(name, { ignoreVary: true });
  if (!held) return asked;
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(held), PATIENCE_MS));
  return Promise.race([asked, late]).catch(() => held);
}

async function keptFirst(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(Promise.all([worker.clients.claim(), dropPages(Date.now() / 1000)])));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== START.origin) return;
  if (request.mode === "navigate" && PAGES.test(url.pathname)) event.respondWith(networkFirst(request, url.pathname));
  else if (request.url.startsWith(STATIC)) event.respondWith(keptFirst(request));
});
