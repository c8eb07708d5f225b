// Say what a guard must know of the phone itself: its clock, the list's age, whether it is offline, and what is unsent.
import type { Holding, Renewal } from "./holding.ts";
import type { Queued } from "./store.ts";
import { fill, sayInstant } from "./words.ts";

const HOUR_S = 3_600;
const CLOCK_TOLERANCE_S = 300;
const MINUTE_S = 60;

export class StateLine {
  private readonly root: HTMLElement;
  private readonly holding: Holding;

  constructor(root: HTMLElement, holding: Holding) {
    this.root = root;
    this.holding = holding;
  }

  private part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[data-state=${name}]`);
    if (!found) throw new Error(`the page has no ${name}`);
    return found;
  }

  private say(name: string, wanted: string | undefined, values: Readonly<Record<string, string>> = {}): void {
    const part = this.part(name);
    const said = wanted === undefined ? "" : fill(part.dataset[wanted] ?? "", values);
    part.hidden = said === "";
    if (part.textContent !== said) part.textContent = said;
  }

  /** Say how the last renewal ended. */
  tellRenewal(renewal: Renewal): void {
    this.root.dataset["renewed"] = renewal;
    const isOut = renewal === "signed-out" || renewal === "left";
    this.say("network", renewal === "offline" ? "offline" : isOut ? "signedOut" : undefined);
    this.part("sign-in").hidden = !isOut;
    this.say("left", renewal === "left" ? "text" : undefined);
    this.part("keys-changed").hidden = renewal !== "keys-changed";
    void this.holding.newFingerprint().then((said) => this.say("fingerprint", said ? "text" : undefined, { fingerprint: said }));
    this.say("refused", renewal === "refused" ? "text" : undefined);
  }

  /** Say the time and the ages; call it again as time goes by. */
  tellTime(nowS: number): void {
    const { listsAt, zone, skewS } = this.holding;
    this.part("clock").textContent = sayInstant(nowS, zone).slice(-5);
    const hours = listsAt === undefined ? 0 : Math.max(0, Math.floor((nowS - listsAt) / HOUR_S));
    this.say("list", listsAt === undefined ? "none" : hours === 0 ? "fresh" : "age", { hours: String(hours) });
    const isWrong = Math.abs(skewS) > CLOCK_TOLERANCE_S;
    const way = skewS > 0 ? "ahead" : "behind";
    this.say("clock-warning", isWrong ? way : undefined, { minutes: String(Math.round(Math.abs(skewS) / MINUTE_S)) });
  }

  /** Say what has not reached the office, and what it has sent back. */
  tellQueue(queue: readonly Queued[], drop: (key: string) => void): void {
    const waiting = queue.filter((one) => one.returned === undefined);
    this.say("waiting", waiting.length ? "text" : undefined, { count: String(waiting.length) });
    this.root.dataset["waiting"] = String(waiting.length);
    const list = this.part("returned");
    const returned = queue.filter((one) => one.returned !== undefined);
    list.hidden = !returned.length;
    list.replaceChildren(...returned.map((one) => this.returned(one, list.dataset["noted"] ?? "", drop)));
  }

  private returned(one: Queued, label: string, drop: (key: string) => void): HTMLLIElement {
    const [item, button] = [document.createElement("li"), document.createElement("button")];
    item.append(`${one.fields?.["plate"] ?? ""} ${sayInstant(one.seenAt, this.holding.zone).slice(-5)} ${one.returned ?? ""} `);
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => drop(one.key));
    item.append(button);
    return item;
  }
}
