// Take what the guard decides from the page's forms into the queue; a refusal needs its listed reason and its evidence.
import type { Holding } from "./holding.ts";
import { meaningOf } from "./forbidden.ts";
import type { Queue } from "./queue.ts";

/** Said beside a form that cannot be kept as it is. */
function complain(form: HTMLFormElement, text: string): void {
  let told = form.querySelector<HTMLElement>("[data-told]");
  if (!told) {
    told = document.createElement("p");
    told.dataset["told"] = "";
    told.className = "error";
    told.setAttribute("role", "alert");
    form.prepend(told);
  }
  told.textContent = text;
  told.scrollIntoView({ block: "nearest" });
}

interface Fault {
  readonly text: string;
  readonly isAttempt?: boolean;
}

function faultOf(form: HTMLFormElement, button: HTMLButtonElement | null, fields: Record<string, string>, holding: Holding): Fault | undefined {
  const labels = form.dataset;
  if (fields["outcome"] !== "not_let_pass") return undefined;
  const { meaning, reason } = meaningOf(fields["note"] ?? "", holding.reasons);
  const told = { forbidden: labels["forbidden"], for_the_firm: labels["forTheFirm"], review: undefined, free: undefined }[meaning];
  if (told !== undefined) return { text: told.replace("{reason}", reason), isAttempt: true };
  const photo = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
  if (button?.hasAttribute("data-needs-photo") && !photo) return { text: labels["needsPhoto"] ?? "" };
  if (button?.hasAttribute("data-needs-call") && !fields["called"]?.trim()) return { text: labels["needsCall"] ?? "" };
  return undefined;
}

/** What a page does with its forms. */
export interface Keeping {
  /** Add what the page knows besides: since when the truck is there, where the phone is. */
  complete(fields: Record<string, string>): Promise<Record<string, string>>;
  /** Called once it is kept. */
  done(outcome: string): void;
}

/** Keep every form with `data-queue` on the phone instead of sending it. */
export function offerQueueing(root: ParentNode, queue: Queue, holding: Holding, keeping: Keeping): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-queue]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
      const fields: Record<string, string> = {};
      for (const [name, value] of new FormData(form, button)) if (typeof value === "string") fields[name] = value;
      for (const name of ["csrf_token", "key", "seen_at", "sent_at"]) delete fields[name];
      const fault = faultOf(form, button, fields, holding);
      if (fault) {
        complain(form, fault.text);
        if (fault.isAttempt) await queue.keep(fields, { isAttempt: true });
        return;
      }
      const photo = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
      await queue.keep(await keeping.complete(fields), { photo });
      form.querySelector("[data-told]")?.remove();
      keeping.done(fields["outcome"] ?? "");
      void queue.send();
    });
  }
}
