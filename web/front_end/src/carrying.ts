// The list for a checkpoint without a network: fetched while there is one, kept in the page, its codes shown in turn.
const EACH_MS = 700;

/** Show the codes of a list one after the other, for as long as the page lives. */
function showInTurn(list: HTMLElement): void {
  const codes = [...list.children] as HTMLElement[];
  if (codes.length < 2) return;
  let shown = 0;
  const turn = (): void => {
    codes.forEach((one, place) => (one.hidden = place !== shown));
    shown = (shown + 1) % codes.length;
  };
  turn();
  setInterval(turn, EACH_MS);
}

/** Put the newest list into the pass's page, so that it is there when the network is not. */
async function carry(box: HTMLElement): Promise<void> {
  const answer = await fetch(box.dataset["carry"] ?? "", { cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector<HTMLElement>("[data-carried]");
  if (!found) return;
  box.querySelector("p")?.replaceWith(found);
  box.querySelectorAll<HTMLElement>("[data-list-codes]").forEach(showInTurn);
}

export function offerCarrying(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("[data-list-codes]").forEach(showInTurn);
  const box = root.querySelector<HTMLElement>("[data-carry]");
  if (box) setTimeout(() => void carry(box).catch(() => undefined), EACH_MS);
}
