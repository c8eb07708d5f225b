// Where the truck that stands here has a newer pass: lead to its hand-over, or say what to do without a network.
import type { PassClaims } from "../verifier/claims.ts";
import type { Verdict } from "../verifier/verify.ts";
import type { Truck } from "./documents.ts";
import type { Holding } from "./holding.ts";
import { fill, sayInstant } from "./words.ts";

/** What the office says of the pass that is shown. */
interface Said {
  /** Whether another edition is there that the driver has not got. */
  readonly newer: boolean;
  /** Whether the one that is shown is valid until the other is taken. */
  readonly waiting: boolean;
}

const PATIENCE_MS = 8_000;
const REPLACED = "replaced";

/** The edition that is shown, as an address names it: without one it would be the newest. */
function editionOf({ jti }: PassClaims): string {
  return jti.includes("-") ? jti : `${jti}-1`;
}

export class Newer {
  private readonly root: HTMLElement;
  private readonly holding: Holding;
  private readonly choose: (truck: Truck) => void;
  private next: Truck | undefined;
  private shown = "";

  constructor(root: HTMLElement, holding: Holding, choose: (truck: Truck) => void) {
    this.root = root;
    this.holding = holding;
    this.choose = choose;
    this.part("judge").addEventListener("click", () => {
      if (this.next) this.choose(this.next);
    });
  }

  private part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[data-newer=${name}]`);
    if (!found) throw new Error(`the page has no ${name}`);
    return found;
  }

  /** Say what this phone knows by itself; with a network the office then says more. */
  tell({ reasons, claims }: Verdict): void {
    const isReplaced = claims !== undefined && reasons.some((one) => one.code === REPLACED);
    if (claims?.jti === this.shown && isReplaced && !this.root.hidden) return;
    this.shown = claims?.jti ?? "";
    this.root.hidden = !isReplaced;
    this.part("link").hidden = true;
    this.next = isReplaced ? this.expected(claims) : undefined;
    this.part("judge").hidden = this.next === undefined;
    if (isReplaced) this.say(this.holding.expected ? (this.next ? "due" : "notDue") : "");
  }

  private say(more: string): void {
    const told = this.part("told");
    const times = this.next ? [this.next.from, this.next.to].map((one) => sayInstant(one, this.holding.zone).slice(-5)).join("–") : "";
    told.textContent = [told.dataset["offline"], more ? fill(told.dataset[more] ?? "", { times }) : ""].filter(Boolean).join(" ");
  }

  private expected(claims: PassClaims): Truck | undefined {
    return this.holding.expected?.trucks.find((one) => one.claims.number === claims.number && one.claims.jti !== claims.jti);
  }

  /** Ask the office whether this truck has a newer pass; without a network everything stays as it was said. */
  async ask(claims: PassClaims | undefined): Promise<void> {
    if (!claims) return;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const address = `${this.root.dataset["ask"] ?? ""}${encodeURIComponent(claims.jti)}`;
      const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store", signal: stop.signal });
      if (!answer.ok || answer.redirected) return;
      const said = (await answer.json()) as Said;
      if (said.newer && this.shown === claims.jti) this.lead(claims, said.waiting);
    } catch {
      // No network: what to do without it is on the page already.
    } finally {
      clearTimeout(timer);
    }
  }

  private lead(claims: PassClaims, isWaiting: boolean): void {
    const [link, told] = [this.part("link") as HTMLAnchorElement, this.part("told")];
    link.href = `${link.dataset["pass"] ?? ""}${encodeURIComponent(editionOf(claims))}`;
    link.hidden = false;
    told.textContent = told.dataset[isWaiting ? "waiting" : "online"] ?? "";
    this.part("judge").hidden = true;
    this.root.hidden = false;
  }
}
