// Fill a field with the phone's position, by a button or quietly.

const DECIMALS = 6;
const PATIENCE_MS = 15_000;

export function written(position: { longitude: number; latitude: number }): string {
  return `${position.longitude.toFixed(DECIMALS)},${position.latitude.toFixed(DECIMALS)}`;
}

function ask(take: (text: string) => void, refuse: () => void): void {
  navigator.geolocation.getCurrentPosition((found) => take(written(found.coords)), refuse, {
    enableHighAccuracy: true,
    timeout: PATIENCE_MS,
    maximumAge: 30_000,
  });
}

export function offerPositions(root: ParentNode): void {
  if (!("geolocation" in navigator)) return;
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-locate]")) {
    const field = document.getElementById(button.dataset["locate"] ?? "");
    const status = root.querySelector("[data-locate-status]");
    if (!(field instanceof HTMLInputElement)) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      if (status) status.textContent = button.dataset["locating"] ?? "";
      ask(
        (text) => {
          field.value = text;
          field.dispatchEvent(new Event("change", { bubbles: true }));
          if (status) status.textContent = "✓";
        },
        () => {
          if (status) status.textContent = button.dataset["denied"] ?? "";
        },
      );
    });
  }
  for (const field of root.querySelectorAll<HTMLInputElement>("input[data-locate-quietly]")) {
    const fill = (): void =>
      ask(
        (text) => {
          field.value = text;
        },
        () => undefined,
      );
    field.form?.addEventListener("change", fill, { once: true });
  }
}
