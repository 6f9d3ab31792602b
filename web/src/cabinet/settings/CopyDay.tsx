import { ActionIcon, Menu } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

interface Props {
  day: string;
  /** Takes whether a day of the week, from 0 for Monday, is to have the same hours. */
  onCopy: (wanted: (index: number) => boolean) => void;
}

const FRIDAY = 4;

/** Gives one day's hours to others. */
export function CopyDay({ day, onCopy }: Props) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" mt="xxs" aria-label={t("hours.copy", { day })}>
          <IconCopy size="1.1em" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          onClick={() => {
            onCopy((index) => index <= FRIDAY);
          }}
        >
          {t("hours.copyWorkdays")}
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            onCopy(() => true);
          }}
        >
          {t("hours.copyAll")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
