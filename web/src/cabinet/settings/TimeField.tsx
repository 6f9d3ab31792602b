import { TextInput } from "@mantine/core";
import { useState } from "react";
import { readTime } from "./clocktime";
import classes from "./settings.module.css";

interface Props {
  label: string;
  /** As the server writes it: 09:00:00. */
  value: string;
  onChange: (value: string) => void;
}

/** A time of day, always of 24 hours: the browser's own field follows the browser's language instead. */
export function TimeField({ label, value, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null ? value : readTime(typed);
  return (
    <TextInput
      size="sm"
      className={classes.time}
      aria-label={label}
      inputMode="numeric"
      maxLength={5}
      value={typed ?? value.slice(0, 5)}
      error={read === null}
      onChange={(e) => {
        setTyped(e.currentTarget.value);
        const next = readTime(e.currentTarget.value);
        if (next !== null) onChange(next);
      }}
      onBlur={() => {
        setTyped(null);
      }}
    />
  );
}
