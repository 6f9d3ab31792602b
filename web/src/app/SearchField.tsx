import { CloseButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SearchInput } from "../shared/SearchInput";
import { useTyped } from "../shared/typed";

/** What a list is searched for, told when whoever types pauses. */
export function SearchField({ find, onFind }: { find: string | undefined; onFind: (text: string | undefined) => void }) {
  const { t } = useTranslation();
  const typed = useTyped(find, onFind);
  return (
    <SearchInput
      label={t("app.search")}
      {...typed}
      enterKeyHint="search"
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
    />
  );
}
