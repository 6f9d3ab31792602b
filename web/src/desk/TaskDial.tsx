import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Task } from "../message/contract";
import { readable } from "../shared/number";
import { CallButton } from "./CallButton";
import type { Desk } from "./machine";
import { CALL_TASK } from "./shortcuts";
import type { Commands } from "./useDesk";
import type { Dialled } from "./wire";

interface Props {
  task: Task;
  desk: Desk;
  commands: Commands;
  /** Whether the key calls the first of the numbers. */
  keyed: boolean;
  /** Calling is what to do next. */
  next?: boolean;
}

/** The numbers of a task's employee, each with the button that calls it. */
export function TaskDial({ task, desk, commands, keyed, next = false }: Props) {
  const { t } = useTranslation();
  const numbers: [Dialled, string][] = [
    ["mobile", readable(task.mobile)],
    ["extension", task.extension && t("desk.extension", { number: task.extension })],
  ];
  const known = numbers.filter(([, number]) => number !== "");
  if (known.length === 0) return <Text size="sm">{t("tasks.noNumber")}</Text>;
  return (
    <Group gap="lg">
      {known.map(([dialled, number], index) => (
        <Group key={dialled} gap="xs">
          <CallButton
            desk={desk}
            whom={task.id}
            name={number}
            shortcut={keyed && index === 0 ? CALL_TASK : undefined}
            variant={next && index === 0 ? "filled" : "default"}
            onCall={() => {
              commands.callTask(task.id, dialled);
            }}
          >
            {t(`tasks.dial.${dialled}`)}
          </CallButton>
          <Text fw={600}>{number}</Text>
        </Group>
      ))}
    </Group>
  );
}
