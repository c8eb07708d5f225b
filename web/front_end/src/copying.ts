// Copy buttons: shown only where the browser can copy, and saying so once they have.

const SAID_MS = 2_000;

/** Show every button with `data-copy` and make it copy that text; it then says its `data-copied` for a moment. */
export function offerCopying(page: ParentNode): void {
  // Absent outside HTTPS and localhost: the buttons stay hidden then.
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (!clipboard) return;
  for (const button of page.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      clipboard.writeText(button.dataset.copy ?? "").then(() => sayCopied(button), () => undefined);
    });
  }
}

function sayCopied(button: HTMLButtonElement): void {
  if (button.getAttribute("aria-live") === "polite") return;
  const label = button.textContent;
  button.setAttribute("aria-live", "polite");
  button.textContent = button.dataset.copied ?? label;
  setTimeout(() => {
    button.textContent = label;
    button.removeAttribute("aria-live");
  }, SAID_MS);
}
