// The checkpoint's service worker: its page, scripts and styles answer without a network, also after a restart.
//
// The build puts in what to keep and a version that changes with any of it.
declare const KEPT_FILES: readonly string[];
declare const VERSION: string;

/** What a service worker's scope offers of what is used here. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", act: (event: Lasting) => void): void;
  addEventListener(kind: "fetch", act: (event: Fetching) => void): void;
}

interface Lasting {
  waitUntil(done: Promise<unknown>): void;
}

interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = self as unknown as Scope;
const CACHE = `baotong-checkpoint-${VERSION}`;
/** The network is given so long before the page that is kept is shown instead. */
const PATIENCE_MS = 4_000;
const START = new URL(worker.registration.scope);
/** Asks for a page without the trucks on it: what is kept outlives a sign-out, and the page's script adds what it holds. */
const BARE = { "Baotong-Bare": "1" };
/** Pages and files of the checkpoint that change without a new version: the network first. */
const PAGES = ["", "no-pass"].map((name) => new URL(name, START).href);
const FILES = ["verdict.css", "app.webmanifest"].map((name) => new URL(name, START).href);

function address(request: Request): string {
  const url = new URL(request.url);
  return url.origin + url.pathname;
}

async function keep(name: string, answer: Response): Promise<void> {
  if (answer.ok && !answer.redirected) await (await caches.open(CACHE)).put(name, answer);
}

function ask(name: string): Promise<Response> {
  return fetch(name, { cache: "no-store", headers: { Accept: "text/html,*/*", ...BARE }, redirect: "manual" });
}

async function keepEverything(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(KEPT_FILES.map((name) => new Request(new URL(`../static/${name}`, START).href, { cache: "reload" })));
  const renewed = [...PAGES, ...FILES].map(async (name) => keep(name, await ask(name)));
  await Promise.allSettled(renewed);
  await worker.skipWaiting();
}

async function dropOthers(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith("baotong-checkpoint-") && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

function kept(name: string): Promise<Response | undefined> {
  return caches.match(name, { ignoreVary: true, ignoreSearch: true });
}

function late(): Promise<never> {
  return new Promise((_, refuse) => setTimeout(() => refuse(new Error("too slow")), PATIENCE_MS));
}

/** Return the network's answer and keep it; without one in time, or without a working server, what is kept. */
async function networkFirst(event: Fetching, name: string, fallback: string): Promise<Response> {
  const isKept = name !== "" && !new URL(event.request.url).search;
  const asked = (isKept ? ask(name) : fetch(event.request)).then(async (answer) => {
    if (answer.status >= 500) throw new Error(`status ${answer.status}`);
    if (isKept) event.waitUntil(keep(name, answer.clone()));
    return answer;
  });
  asked.catch(() => undefined);
  const held = await kept(fallback);
  return held ? Promise.race([asked, late()]).catch(() => held) : asked;
}

async function keptFirst(request: Request): Promise<Response> {
  return (await kept(address(request))) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(keepEverything()));
worker.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const name = address(request);
  if (request.method !== "GET" || !name.startsWith(START.origin)) return;
  if (PAGES.includes(name) || FILES.includes(name)) event.respondWith(networkFirst(event, name, name));
  else if (request.mode === "navigate") event.respondWith(networkFirst(event, "", START.href));
  else if (name.startsWith(new URL("../static/", START).href)) event.respondWith(keptFirst(request));
});
