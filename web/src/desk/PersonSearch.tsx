import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  value: string;
  onChange: (text: string) => void;
  onEnter?: () => void;
  onEscape?: () => void;
  field?: RefObject<HTMLInputElement | null>;
}

/** The field that people of the company are looked for in; what is found stands in `people.ts`. */
export function PersonSearch({ value, onChange, onEnter, onEscape, field }: Props) {
  const { t } = useTranslation();
  return (
    <TextInput
      {...(field && { ref: field })}
      aria-label={t("desk.findPerson")}
      placeholder={t("desk.findPerson")}
      leftSection={<IconSearch size="1em" />}
      type="search"
      mb="xs"
      value={value}
      onChange={(e) => {
        onChange(e.currentTarget.value);
      }}
      onKeyDown={(e) => {
        if (e.key === "Escape") onEscape?.();
        if (e.key === "Enter" && onEnter) {
          e.preventDefault();
          onEnter();
        }
      }}
    />
  );
}
