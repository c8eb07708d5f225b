// What a page says from a moment on, or until one, by the phone's own clock: a page that is open needs no network for it.
const LOOK_EVERY_MS = 5_000;

function tell(root: ParentNode): void {
  const nowS = Date.now() / 1_000;
  for (const one of root.querySelectorAll<HTMLElement>("[data-shown-from]")) one.hidden = nowS < Number(one.dataset["shownFrom"]);
  for (const one of root.querySelectorAll<HTMLElement>("[data-shown-until]")) one.hidden = nowS >= Number(one.dataset["shownUntil"]);
}

export function offerMoments(root: ParentNode): void {
  if (!root.querySelector("[data-shown-from], [data-shown-until]")) return;
  tell(root);
  setInterval(() => tell(root), LOOK_EVERY_MS);
}
