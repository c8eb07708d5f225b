// The menus at the top of a page, where scripts run: a press elsewhere or the escape key closes the open one.

/** Close an open menu on the escape key, and when a press or the focus goes elsewhere. */
export function closeMenus(page: Document): void {
  const menus = [...page.querySelectorAll<HTMLDetailsElement>("header nav details")];
  if (menus.length === 0) return;
  const closeOthers = (goal: EventTarget | null): void => {
    for (const menu of menus) if (!(goal instanceof Node && menu.contains(goal))) menu.open = false;
  };
  page.addEventListener("click", (event) => closeOthers(event.target));
  page.addEventListener("focusin", (event) => closeOthers(event.target));
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = menus.find((menu) => menu.open);
    if (!open) return;
    open.open = false;
    open.querySelector("summary")?.focus();
  });
}
