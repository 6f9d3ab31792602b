import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { SearchInput } from "../shared/SearchInput";

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
    <SearchInput
      {...(field && { ref: field })}
      label={t("desk.findPerson")}
      mb="xs"
      value={value}
      onChange={onChange}
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
