import { Group, Text } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useTasks } from "./useTasks";

/** How many calls are owed, while something else has the middle of the desk. */
export function TasksCount() {
  const { t } = useTranslation();
  const { data } = useTasks();
  if (!data?.length) return null;
  return (
    <Group gap="xs" c="var(--t-waits)" role="status">
      <IconPhoneOutgoing size="1.2em" aria-hidden />
      <Text size="sm">{t("tasks.count", { count: data.length })}</Text>
    </Group>
  );
}
