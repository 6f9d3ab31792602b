/** What somebody is working with: taking the focus from it would lose their place. */
const KEPT = 'input, textarea, select, [role="tab"], [role="dialog"] *';

/** Moves the focus to the heading of the page that was just opened. */
export function arrive(page: Document) {
  const main = page.querySelector("main");
  const now = page.activeElement;
  if (now?.matches(KEPT)) return;
  const target = main?.querySelector<HTMLElement>("h1") ?? main;
  if (!target) return;
  // A heading takes the focus, but is no stop of the Tab key.
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
