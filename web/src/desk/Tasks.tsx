import { Button, Group, Kbd, Paper, Stack, Text, Title } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { refresh } from "../api/client";
import type { Task } from "../message/contract";
import { tasks } from "../message/server";
import { UrgentMark } from "../message/StateMark";
import { Failure } from "../shared/Failure";
import { useTimes } from "../shared/zone";
import classes from "./desk.module.css";
import { useKeys } from "./keys";
import type { Desk } from "./machine";
import { CALL_TASK } from "./shortcuts";
import { TaskDial } from "./TaskDial";
import { callerOf, TaskWork } from "./TaskWork";
import type { Commands } from "./useDesk";
import { useTasks } from "./useTasks";

interface Props {
  desk: Desk;
  commands: Commands;
}

/** «Позвонить сотруднику»: nobody took the message on, so somebody reads it to those who are responsible. */
export default function Tasks({ desk, commands }: Props) {
  const { t } = useTranslation();
  const { data, error } = useTasks();
  if (error) return <Failure error={error} />;
  if (!data?.length) return null;
  const first = data.find((task) => !task.taken_by_other);
  return (
    <Paper p="md" component="section" aria-labelledby="tasks-title">
      <Title order={2} id="tasks-title">
        {t("tasks.title")}
      </Title>
      <Text size="sm" c="dimmed">
        {t("tasks.hint")}
      </Text>
      <ul className={classes.tasks}>
        {data.map((task) => (
          <One key={task.id} task={task} first={task === first} desk={desk} commands={commands} />
        ))}
      </ul>
    </Paper>
  );
}

function One({ task, first, desk, commands }: Props & { task: Task; first: boolean }) {
  const { t } = useTranslation();
  const times = useTimes();
  // This operator is at it: others are kept off.
  const [mine, setMine] = useState(false);
  const take = useMutation({
    mutationFn: () => tasks.take(task.id),
    onSuccess: () => {
      setMine(true);
    },
    onSettled: () => refresh("/api/desk/tasks"),
  });
  useKeys(
    first && !mine
      ? {
          [CALL_TASK.key]: () => {
            take.mutate();
          },
        }
      : {},
  );
  return (
    <li className={classes.task}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text fw={600}>{task.employee_name}</Text>
          {task.urgent && <UrgentMark />}
        </Group>
        <Text size="sm" c="dimmed">
          {[
            task.company_name,
            t("tasks.since", { time: times.until(task.due_at) }),
            task.attempts > 0 && t("tasks.attempts", { count: task.attempts }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </Group>
      {task.taken_by_other ? (
        <Text size="sm" c="dimmed">
          {t("tasks.taken")}
        </Text>
      ) : !mine ? (
        <Group gap="sm">
          <Button
            size="sm"
            variant="light"
            rightSection={first && <Kbd>{CALL_TASK.shown}</Kbd>}
            leftSection={<IconPhoneOutgoing size="1.1em" aria-hidden />}
            loading={take.isPending}
            onClick={() => {
              take.mutate();
            }}
          >
            {t("tasks.take")}
          </Button>
          <Text size="sm" c="dimmed" className={classes.clip} flex={1}>
            {`${callerOf(task) || t("calls.hidden")}: ${task.text || t("messages.voice")}`}
          </Text>
        </Group>
      ) : (
        <Stack gap="sm">
          <TaskDial task={task} desk={desk} commands={commands} keyed={first} next />
          <TaskWork
            task={task}
            onFinished={() => {
              setMine(false);
            }}
          />
        </Stack>
      )}
      {take.error && <Failure error={take.error} />}
    </li>
  );
}
