// A field that leaves in the lists beside the map only the rows with the words typed.

/** Return whether a row's text holds every word typed. */
export function holdsAll(text: string, typed: string): boolean {
  const low = text.toLowerCase();
  return typed.toLowerCase().split(/\s+/).every((word) => low.includes(word));
}

/** Open what is folded while the page is printed: paper cannot be unfolded. */
export function unfoldForPrint(page: Document): void {
  window.addEventListener("beforeprint", () => {
    for (const group of page.querySelectorAll<HTMLDetailsElement>(".map-lists details")) group.open = true;
  });
}

/** Let the page's filter field work on every `[data-map-row]`. */
export function offerFilter(page: Document): void {
  const filter = page.querySelector<HTMLElement>("[data-map-filter]");
  const input = filter?.querySelector("input");
  if (!filter || !input) return;
  filter.hidden = false;
  const rows = [...page.querySelectorAll<HTMLElement>("[data-map-row]")];
  const told = filter.querySelector<HTMLElement>("[data-map-filter-count]");
  input.addEventListener("input", () => {
    for (const row of rows) row.hidden = !holdsAll(row.textContent ?? "", input.value.trim());
    for (const group of page.querySelectorAll<HTMLDetailsElement>(".map-lists details")) {
      if (input.value.trim()) group.open = group.querySelector("[data-map-row]:not([hidden])") !== null;
    }
    const shown = rows.filter((row) => !row.hidden).length;
    const text = (told?.dataset["text"] ?? "").replace("{count}", String(shown)).replace("{all}", String(rows.length));
    if (told) told.textContent = input.value.trim() ? text : "";
  });
}
