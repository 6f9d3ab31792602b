import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { fileAddress, type Query } from "./filters";

interface Props {
  /** Where the list is to be had: /api/calls. */
  list: string;
  /** The filters of what is shown. */
  query: Query;
  /** Nothing is shown. */
  empty: boolean;
}

/** «Выгрузить»: what is shown, as a file. */
export function ExportMenu({ list, query, empty }: Props) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="sm"
          px="xs"
          // At the right on a line of its own, too.
          ml={{ base: "auto", xs: 0 }}
          disabled={empty}
          rightSection={<IconChevronDown size="1em" aria-hidden />}
        >
          {t("export.button")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("export.most")}</Menu.Label>
        {(["xlsx", "csv"] as const).map((format) => (
          <Menu.Item key={format} component="a" href={fileAddress(list, query, format)} download>
            {t(`export.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
