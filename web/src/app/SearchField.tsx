import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useTyped } from "../shared/typed";

/** What a list is searched for, told when whoever types pauses. */
export function SearchField({ find, onFind }: { find: string | undefined; onFind: (text: string | undefined) => void }) {
  const { t } = useTranslation();
  const typed = useTyped(find, onFind);
  return (
    <TextInput
      aria-label={t("app.search")}
      placeholder={t("app.search")}
      leftSection={<IconSearch size="1.1em" />}
      rightSection={
        typed.value !== "" && (
          <CloseButton
            size="sm"
            aria-label={t("app.clear")}
            onClick={() => {
              typed.onChange("");
            }}
          />
        )
      }
      type="search"
      enterKeyHint="search"
      maxLength={200}
      value={typed.value}
      onChange={(e) => {
        typed.onChange(e.currentTarget.value);
      }}
    />
  );
}
