/** A key that a button has: its place on the keyboard, and what is printed on the button. */
export interface Shortcut {
  key: string;
  shown: string;
}

export const CALL_BACK: Shortcut = { key: "Shift+KeyC", shown: "⇧C" };
export const CALL_TASK: Shortcut = { key: "KeyO", shown: "O" };
