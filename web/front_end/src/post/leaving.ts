// Sign a guard out of his phone, from whichever page: send what can be sent, forget who was there, then tell the office.
import { fill } from "./words.ts";
import type { Surroundings } from "./holding.ts";
import { forgetPeople, LEAVING } from "./people.ts";
import { Store } from "./store.ts";

/** Asked of the open page before anything is forgotten: it adds promises of what it still does. */
export const LEAVES = "baotong-leaves";
/** Signing out waits so long for outcomes to be sent, and for the office's answer. */
const PATIENCE_MS = 8_000;

function soon(done: Promise<unknown>): Promise<unknown> {
  return Promise.race([done, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

/** Send a form's mark and nothing else of it. */
async function post(address: string, form: HTMLFormElement): Promise<Response | undefined> {
  const body = new FormData();
  body.set("csrf_token", String(new FormData(form).get("csrf_token") ?? ""));
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    return await fetch(address, { method: "POST", body, signal: stop.signal });
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function leave(form: HTMLFormElement, store: Store): Promise<void> {
  await store.put(LEAVING, (await store.get<Surroundings>("surroundings"))?.sign_in ?? "");
  const done: Promise<unknown>[] = [];
  document.dispatchEvent(new CustomEvent(LEAVES, { detail: done }));
  await soon(Promise.allSettled(done));
  await forgetPeople(store);
  const answer = await post(form.action, form);
  if (answer?.ok) {
    await store.remove(LEAVING);
    location.assign(answer.url);
  } else if (answer && answer.status < 500) form.submit();
  // Without the office this phone has signed out; it says so, and tells the office as soon as there is a network.
  else location.assign(form.dataset["leaves"] ?? "");
}

/** Forget before the form that signs out is sent; without a network the phone alone signs out. */
export function forgetOnSignOut(page: ParentNode): void {
  const form = page.querySelector<HTMLFormElement>("form[data-leaves]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset["busy"]) return;
    form.dataset["busy"] = "1";
    const store = await Store.openKept().catch(() => undefined);
    if (store) await leave(form, store).catch(() => form.submit());
    else form.submit();
  });
}

/** Where somebody signs in nobody is signed in: forget who was there before, and say what still waits on this phone. */
export function tellSealed(page: ParentNode): void {
  const told = page.querySelector<HTMLElement>("[data-sealed]");
  const form = page.querySelector<HTMLFormElement>("form.card");
  if (!told || !form) return;
  let isDone = false;
  const done = forgetBefore(told, form).catch(() => undefined).then(() => (isDone = true));
  // The answer that ends the sign-in before must not come after the new one and end that.
  form.addEventListener("submit", (event) => {
    if (isDone) return;
    event.preventDefault();
    void done.then(() => form.submit());
  });
}

async function forgetBefore(told: HTMLElement, form: HTMLFormElement): Promise<void> {
  const store = await Store.openKept();
  if (!store) return;
  await forgetPeople(store);
  if ((await store.get(LEAVING)) !== undefined) {
    await post(told.dataset["signOut"] ?? "", form);
    // Heard or not: whoever signs in next is another, and is not signed out for the one before.
    await store.remove(LEAVING);
  }
  const count = (await store.queued()).filter((one) => one.returned === undefined).length;
  const place = (await store.get<Surroundings>("surroundings"))?.place.name ?? "";
  told.textContent = count ? fill(told.dataset["sealed"] ?? "", { count: String(count), place }) : "";
  told.hidden = !count;
}
