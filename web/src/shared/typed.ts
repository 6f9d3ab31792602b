import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

/** A field whose text comes into the address once no more is typed for a moment. */
export function useTyped(value: string | undefined, put: (text: string | undefined) => void) {
  const [text, setText] = useState(value ?? "");
  const [known, setKnown] = useState(value);
  const later = useDebouncedCallback((typed: string) => {
    put(typed.trim() || undefined);
  }, 300);
  // The address changed by something else: a link, «Назад», filters that were reset.
  if (value !== known) {
    setKnown(value);
    if ((value ?? "") !== text.trim()) setText(value ?? "");
  }
  return {
    value: text,
    onChange: (typed: string) => {
      setText(typed);
      later(typed);
    },
  };
}
