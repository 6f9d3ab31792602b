import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { refresh } from "../api/client";
import Answers from "../message/Answers";
import type { Task, TaskOutcome } from "../message/contract";
import { tasks } from "../message/server";
import { Failure } from "../shared/Failure";
import { useTimes } from "../shared/zone";
import classes from "./desk.module.css";

const OUTCOMES: readonly TaskOutcome[] = ["accepted", "reached", "no_answer"];

interface Props {
  task: Task;
  /** The outcome that is most at hand. */
  likely?: TaskOutcome | undefined;
  onFinished: (outcome: TaskOutcome) => void;
}

/** What is to be read to an employee, and what became of it. */
export function TaskWork({ task, likely, onFinished }: Props) {
  const { t } = useTranslation();
  const times = useTimes();
  const finish = useMutation({
    mutationFn: (outcome: TaskOutcome) => tasks.finish(task.id, outcome),
    onSuccess: (_, outcome) => {
      onFinished(outcome);
    },
    onSettled: () => refresh("/api/desk/tasks"),
  });
  return (
    <Stack gap="sm">
      <blockquote className={classes.toRead}>
        <Text size="sm" c="dimmed">
          {t("tasks.read", { to: task.recipient_name, time: times.moment(task.created_at) })}
        </Text>
        <Text fw={550}>{callerOf(task) || t("calls.hidden")}</Text>
        <Text className={classes.pre}>{task.text || t("messages.voice")}</Text>
        <Answers answers={task.answers} />
      </blockquote>
      <Group gap="xs" role="group" aria-label={t("tasks.outcome")}>
        {OUTCOMES.map((outcome) => (
          <Button
            key={outcome}
            size="sm"
            variant={outcome === likely ? "filled" : "default"}
            loading={finish.isPending && finish.variables === outcome}
            onClick={() => {
              finish.mutate(outcome);
            }}
          >
            {t(`tasks.outcomes.${outcome}`)}
          </Button>
        ))}
      </Group>
      {finish.error && <Failure error={finish.error} />}
    </Stack>
  );
}

/** Who left the message; empty where nothing is known of the caller. */
export function callerOf(task: Task): string {
  return [task.caller_name, task.caller_phone_shown].filter(Boolean).join(", ");
}
