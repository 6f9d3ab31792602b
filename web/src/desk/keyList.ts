/** Every key of the desk, as the window of keys shows them; what each does stands in the texts. */
export const KEYS = {
  call: [
    ["Enter", "answer"],
    ["D", "decline"],
    ["H", "hold"],
    ["M", "mute"],
    ["K", "keypad"],
    ["T", "transfer"],
    ["⇧E", "hangUp"],
  ],
  transfer: [
    ["C", "handOver"],
    ["B", "back"],
    ["V", "three"],
  ],
  message: [
    ["R", "recipient"],
    ["N", "name"],
    ["X", "text"],
    ["P", "texts"],
    ["U", "urgent"],
    ["S", "search"],
    ["Ctrl+Enter", "send"],
    ["⇧W", "wrongNumber"],
    ["⇧D", "dropped"],
    ["⇧S", "spam"],
    ["F", "free"],
  ],
  work: [
    ["G", "ready"],
    ["⇧B", "break"],
    ["⇧L", "lunch"],
    ["⇧O", "offline"],
    ["O", "task"],
    ["⇧M", "sound"],
    ["?", "keys"],
  ],
} as const;
