import { Group, Text } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./desk.module.css";
import { useLostCallers } from "./useLostCallers";
import { useTasks } from "./useTasks";

/** How many calls are owed, while something else has the middle of the desk. */
export function OwedCount() {
  const { t } = useTranslation();
  const tasks = useTasks().data?.length ?? 0;
  const lost = useLostCallers().data?.length ?? 0;
  if (tasks + lost === 0) return null;
  return (
    <Group gap="xs" wrap="nowrap" c="var(--t-waits)" role="status">
      <IconPhoneOutgoing size="1.2em" className={classes.icon} aria-hidden />
      <div>
        {tasks > 0 && <Text size="sm">{t("tasks.count", { count: tasks })}</Text>}
        {lost > 0 && <Text size="sm">{t("desk.lost.count", { count: lost })}</Text>}
      </div>
    </Group>
  );
}
