// A reason that needs a photo opens the camera first; the photo then sends the form: two taps in all.
import { PHOTO_READY } from "./file_sizes.ts";

export function offerRefusing(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-refuse-form]")) {
    const photo = form.querySelector<HTMLInputElement>("input[type=file]");
    const copied = form.querySelector<HTMLInputElement>("input[data-copy-from]");
    const source = copied && document.getElementById(copied.dataset["copyFrom"] ?? "");
    form.addEventListener("submit", () => {
      if (copied && source instanceof HTMLInputElement) copied.value = source.value;
    });
    if (!photo) continue;
    let waiting: HTMLButtonElement | undefined;
    for (const button of form.querySelectorAll<HTMLButtonElement>("button[data-needs-photo]")) {
      button.addEventListener("click", (event) => {
        if (photo.files?.length) return;
        event.preventDefault();
        waiting = button;
        photo.click();
      });
    }
    // Sent by the last listener: the photo has been made small by then.
    photo.addEventListener(PHOTO_READY, () => {
      if (waiting && photo.files?.length) form.requestSubmit(waiting);
    });
  }
}
