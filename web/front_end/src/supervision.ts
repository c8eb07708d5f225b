// Show what is new among the findings while a page lies open: a line each, the newest first, without asking for it anew.

interface Told {
  kind: string;
  text: string;
  href: string;
}

const MOST_LINES = 20;

export function lineOf(page: Document, told: Told): HTMLLIElement {
  const line = page.createElement("li");
  const link = page.createElement("a");
  link.href = told.href;
  link.textContent = told.text;
  line.className = told.kind;
  line.append(link);
  return line;
}

export function followNews(page: Document): void {
  const box = page.querySelector<HTMLElement>("[data-news]");
  const list = box?.querySelector("ul");
  if (!box?.dataset.news || !list) return;
  const source = new EventSource(box.dataset.news);
  source.addEventListener("news", (event) => {
    const told = JSON.parse((event as MessageEvent<string>).data) as Told;
    box.hidden = false;
    list.prepend(lineOf(page, told));
    while (list.children.length > MOST_LINES) list.lastElementChild?.remove();
  });
}

followNews(document);
