// Take what the guard decides from the page's forms into the queue; a refusal needs its listed reason and its evidence.
import type { Holding } from "./holding.ts";
import { forbiddenIn } from "./forbidden.ts";
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

function faultOf(form: HTMLFormElement, button: HTMLButtonElement | null, fields: Record<string, string>, holding: Holding): string {
  const labels = form.dataset;
  if (fields["outcome"] !== "not_let_pass") return "";
  const forbidden = forbiddenIn(fields["note"] ?? "", holding.surroundings?.forbidden ?? []);
  if (forbidden) return (labels["forbidden"] ?? "").replace("{reason}", forbidden);
  const photo = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
  if (button?.hasAttribute("data-needs-photo") && !photo) return labels["needsPhoto"] ?? "";
  if (button?.hasAttribute("data-needs-call") && !fields["called"]?.trim()) return labels["needsCall"] ?? "";
  return "";
}

/** Keep every form with `data-queue` on the phone instead of sending it; `done` is called once it is kept. */
export function offerQueueing(root: ParentNode, queue: Queue, holding: Holding, done: (outcome: string) => void): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-queue]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
      const fields: Record<string, string> = {};
      for (const [name, value] of new FormData(form, button)) if (typeof value === "string") fields[name] = value;
      for (const name of ["csrf_token", "key", "seen_at", "sent_at"]) delete fields[name];
      const fault = faultOf(form, button, fields, holding);
      if (fault) {
        complain(form, fault);
        return;
      }
      const photo = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
      await queue.keep(fields, photo);
      form.querySelector("[data-told]")?.remove();
      done(fields["outcome"] ?? "");
      void queue.send();
    });
  }
}
