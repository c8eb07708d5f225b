// Say at once that a file is too large for its form: sent, it would be refused with everything typed beside it.

/** Told by a field once its photo was made small, or could not be. */
export const PHOTO_READY = "photo-ready";
const MEGABYTE = 1_000_000;

function tell(field: HTMLInputElement, text: string): void {
  const id = `${field.id}-size`;
  let told = document.getElementById(id);
  if (!told) {
    told = document.createElement("strong");
    told.id = id;
    told.className = "error";
    told.setAttribute("role", "alert");
    field.after(told);
    field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
  }
  told.textContent = text;
}

/** Take a file back out of its field where it is larger than the field's `data-most-mb`, and say so; a photo once it is small. */
export function watchSizes(page: ParentNode): void {
  for (const field of page.querySelectorAll<HTMLInputElement>("input[type=file][data-most-mb]")) {
    field.addEventListener(field.form?.hasAttribute("data-photo-form") ? PHOTO_READY : "change", () => {
      const [most, size] = [Number(field.dataset["mostMb"]), (field.files?.[0]?.size ?? 0) / MEGABYTE];
      const isTooLarge = size > most;
      if (isTooLarge) field.value = "";
      const said = field.dataset["tooLarge"] ?? "";
      tell(field, isTooLarge ? said.replace("{mb}", size.toFixed(1)).replace("{most}", String(most)) : "");
    });
  }
}

/** Let a link back to a form go back in the browser, where what was typed may still stand. */
export function offerWayBack(page: ParentNode): void {
  for (const link of page.querySelectorAll<HTMLAnchorElement>("a[data-back]")) {
    link.addEventListener("click", (event) => {
      if (history.length < 2) return;
      event.preventDefault();
      history.back();
    });
  }
}
