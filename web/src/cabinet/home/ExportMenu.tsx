import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

interface Props {
  path: string;
  query: Record<string, string | boolean>;
}

/** «Выгрузить»: what is shown, as a file. */
export function ExportMenu({ path, query }: Props) {
  const { t } = useTranslation();
  const address = (format: string) => {
    const asked = new URLSearchParams({ format });
    for (const [name, value] of Object.entries(query)) asked.set(name, String(value));
    return `${path}?${asked.toString()}`;
  };
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconDownload size="1.1em" aria-hidden />}
          rightSection={<IconChevronDown size="1em" aria-hidden />}
        >
          {t("export.button")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={address("xlsx")} download>
          {t("export.xlsx")}
        </Menu.Item>
        <Menu.Item component="a" href={address("csv")} download>
          {t("export.csv")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
