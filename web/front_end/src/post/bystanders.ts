// What a guard does between trucks: note who joins the queue, count it, look out for void passes, hand the shift over.
import type { Arrivals } from "./arrivals.ts";
import type { Holding } from "./holding.ts";
import type { Queue } from "./queue.ts";
import { fill, sayInstant } from "./words.ts";

const MINUTE_S = 60;

function part<T extends HTMLElement>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

function listItem(text: string): HTMLLIElement {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}

export class Bystanders {
  private readonly root: HTMLElement;
  private readonly holding: Holding;
  private readonly queue: Queue;
  private readonly arrivals: Arrivals;

  constructor(root: HTMLElement, holding: Holding, queue: Queue, arrivals: Arrivals) {
    this.root = root;
    this.holding = holding;
    this.queue = queue;
    this.arrivals = arrivals;
  }

  /** Listen to the forms; `next` puts away what is shown, `praise` says what was done. */
  listen(next: () => void, praise: (what: string) => void): void {
    part(this.root, "[data-note-arrival]").addEventListener("click", async () => {
      const typed = part<HTMLInputElement>(this.root, "input[name=part]").value;
      if (!(await this.arrivals.note(typed))) return;
      next();
      praise("noted");
      await this.tell();
    });
    const count = part<HTMLFormElement>(this.root, "form[data-queue-form]");
    count.addEventListener("submit", async (event) => {
      event.preventDefault();
      const trucks = String(new FormData(count).get("trucks") ?? "");
      await this.queue.keep({ trucks }, { to: count.action });
      this.close(count);
      praise("registered");
      void this.queue.send();
    });
    const shift = part<HTMLFormElement>(this.root, "form[data-shift-form]");
    part(this.root, "[data-shift]").hidden = false;
    shift.addEventListener("submit", async (event) => {
      event.preventDefault();
      const name = String(new FormData(shift).get("name") ?? "").trim();
      if (!name) return;
      await this.holding.handOver(name);
      this.close(shift);
      next();
      praise("handedOver");
      await this.tell();
    });
  }

  private close(form: HTMLFormElement): void {
    form.reset();
    form.closest("details")?.removeAttribute("open");
  }

  /** Say who waits and since when, who is on duty, and which void pass may come. */
  async tell(): Promise<void> {
    const duty = part(this.root, "[data-on-duty]");
    const { shift, officer, zone } = this.holding;
    const since = shift ? sayInstant(shift.since, zone).slice(-5) : "";
    duty.textContent = officer && fill((shift ? duty.dataset["since"] : duty.dataset["text"]) ?? "", { officer, since });
    this.tellComing();
    await this.tellWaiting();
  }

  private tellComing(): void {
    const box = part(this.root, "[data-coming]");
    const coming = this.holding.surroundings?.coming;
    if (!coming) return;
    const text = box.dataset["text"] ?? "";
    const items = coming.map(({ plate, checkpoint, at, from }) => {
      const [seen, due] = [at, from].map((one) => sayInstant(one, this.holding.zone).slice(-5));
      return listItem(fill(text, { plate, checkpoint, at: seen ?? "", from: due ?? "" }));
    });
    part(box, "ul").replaceChildren(...items);
    box.hidden = !items.length;
  }

  private async tellWaiting(): Promise<void> {
    const box = part(this.root, "[data-waiting-here]");
    const [waiting, nowS] = [await this.arrivals.waiting(), Date.now() / 1000];
    const items = waiting.map((one) => {
      const minutes = String(Math.floor((nowS - one.at) / MINUTE_S));
      const [item, button] = [listItem(fill(box.dataset["text"] ?? "", { part: one.part, minutes })), document.createElement("button")];
      button.type = "button";
      button.textContent = box.dataset["gone"] ?? "";
      button.addEventListener("click", () => void this.arrivals.drop(one.part).then(() => this.tellWaiting()));
      item.append(" ", button);
      return item;
    });
    part(box, "ul").replaceChildren(...items);
    box.hidden = !items.length;
  }
}
