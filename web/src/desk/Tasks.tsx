import { Anchor, Button, Group, Kbd, Paper, Stack, Text, Title } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { refresh } from "../api/client";
import Answers from "../message/Answers";
import type { Task, TaskOutcome } from "../message/contract";
import { tasks } from "../message/server";
import { UrgentMark } from "../message/StateMark";
import { Failure } from "../shared/Failure";
import { readable } from "../shared/number";
import { useTimes } from "../shared/zone";
import classes from "./desk.module.css";
import { useKeys } from "./keys";
import { useTasks } from "./useTasks";

const OUTCOMES: readonly TaskOutcome[] = ["accepted", "reached", "no_answer"];

/** «Позвонить сотруднику»: nobody took the message on, so somebody reads it to those who are responsible. */
export default function Tasks() {
  const { t } = useTranslation();
  const { data, error } = useTasks();
  const list = useRef<HTMLUListElement>(null);
  // The first one that nobody is at.
  useKeys({ KeyO: () => list.current?.querySelector<HTMLElement>("[data-take]")?.click() });
  if (error) return <Failure error={error} />;
  if (!data?.length) return null;
  return (
    <Paper p="md" component="section" aria-labelledby="tasks-title">
      <Title order={2} id="tasks-title">
        {t("tasks.title")}
      </Title>
      <Text size="sm" c="dimmed">
        {t("tasks.hint")}
      </Text>
      <ul ref={list} className={classes.tasks}>
        {data.map((task) => (
          <One key={task.id} task={task} />
        ))}
      </ul>
    </Paper>
  );
}

function One({ task }: { task: Task }) {
  const { t } = useTranslation();
  const times = useTimes();
  // This operator is at it: others are kept off.
  const [mine, setMine] = useState(false);
  const settled = { onSettled: () => refresh("/api/desk/tasks") };
  const take = useMutation({
    mutationFn: () => tasks.take(task.id),
    onSuccess: () => {
      setMine(true);
    },
    ...settled,
  });
  const finish = useMutation({
    mutationFn: (outcome: TaskOutcome) => tasks.finish(task.id, outcome),
    onSuccess: () => {
      setMine(false);
    },
    ...settled,
  });
  const error = take.error ?? finish.error;
  const caller = [task.caller_name, task.caller_phone_shown].filter(Boolean).join(", ") || t("calls.hidden");
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
            data-take
            rightSection={<Kbd>O</Kbd>}
            leftSection={<IconPhoneOutgoing size="1.1em" aria-hidden />}
            loading={take.isPending}
            onClick={() => {
              take.mutate();
            }}
          >
            {t("tasks.take")}
          </Button>
          <Text size="sm" c="dimmed" className={classes.clip} flex={1}>
            {`${caller}: ${task.text || t("messages.voice")}`}
          </Text>
        </Group>
      ) : (
        <Stack gap="sm">
          <Group gap="lg">
            {task.mobile && (
              <Anchor href={`tel:${task.mobile}`} fw={600} size="lg">
                {readable(task.mobile)}
              </Anchor>
            )}
            {task.extension && <Text>{t("desk.extension", { number: task.extension })}</Text>}
          </Group>
          <blockquote className={classes.toRead}>
            <Text size="sm" c="dimmed">
              {t("tasks.read", { to: task.recipient_name, time: times.moment(task.created_at) })}
            </Text>
            <Text fw={550}>{caller}</Text>
            <Text className={classes.pre}>{task.text || t("messages.voice")}</Text>
            <Answers answers={task.answers} />
          </blockquote>
          <Group gap="xs" role="group" aria-label={t("tasks.outcome")}>
            {OUTCOMES.map((outcome) => (
              <Button
                key={outcome}
                size="sm"
                variant={outcome === "accepted" ? "filled" : "default"}
                loading={finish.isPending && finish.variables === outcome}
                onClick={() => {
                  finish.mutate(outcome);
                }}
              >
                {t(`tasks.outcomes.${outcome}`)}
              </Button>
            ))}
          </Group>
        </Stack>
      )}
      {error && <Failure error={error} />}
    </li>
  );
}
