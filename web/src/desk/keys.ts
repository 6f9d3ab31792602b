import { useEffect, useRef } from "react";

/** What a key does; named by its place on the keyboard, so that РУС and ENG are the same. */
export type Keys = Partial<Record<string, () => void>>;

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

/** The name of a pressed key: KeyH, Shift+KeyE, Enter. */
export function nameOf(event: Pick<KeyboardEvent, "code" | "key" | "shiftKey">): string {
  // Keys of the keypad (*, #) and «?» have no fixed place: their character names them.
  if (/^[0-9*#?]$/.test(event.key)) return event.key;
  const code = event.code === "NumpadEnter" ? "Enter" : event.code;
  return event.shiftKey ? `Shift+${code}` : code;
}

/** Listens to the desk's keys. While something is typed they work together with Alt. */
export function useKeys(keys: Keys) {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.repeat) return;
      if (typing(event.target) && !event.altKey) return;
      // A window that is open has its own keys.
      if (event.target instanceof Element && event.target.closest('[role="dialog"]')) return;
      const name = nameOf(event);
      // Enter on a button is that button's.
      if (name === "Enter" && event.target instanceof HTMLButtonElement) return;
      const run = current.current[name];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", pressed);
    return () => {
      window.removeEventListener("keydown", pressed);
    };
  }, []);
}
