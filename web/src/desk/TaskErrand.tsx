import { Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TaskOutcome } from "../message/contract";
import { tasks } from "../message/server";
import type { Desk } from "./machine";
import { TaskDial } from "./TaskDial";
import { TaskWork } from "./TaskWork";
import type { Commands } from "./useDesk";
import { useTasks } from "./useTasks";
import type { Current } from "./wire";

/** Shorter than the server keeps others off a task. */
const KEEP_MS = 5 * 60_000;

interface Props {
  task: string;
  desk: Desk;
  current: Current;
  commands: Commands;
}

/** What a call to an employee is for: the message to read, and what became of it. */
export default function TaskErrand({ task: id, desk, current, commands }: Props) {
  const { t } = useTranslation();
  const { data } = useTasks();
  const [outcome, setOutcome] = useState<TaskOutcome | null>(null);
  const running = !current.ended_at;
  const finished = outcome !== null;
  useEffect(() => {
    if (!running || finished) return;
    const keep = () => {
      // Whoever took it meanwhile shows in the list.
      tasks.take(id).catch(() => undefined);
    };
    keep();
    const timer = setInterval(keep, KEEP_MS);
    return () => {
      clearInterval(timer);
    };
  }, [id, running, finished]);

  if (outcome) return <Text role="status">{t("tasks.noted", { outcome: t(`tasks.outcomes.${outcome}`) })}</Text>;
  const task = data?.find((one) => one.id === id);
  if (!task) return data ? <Text role="status">{t("tasks.gone")}</Text> : null;
  return (
    <Stack gap="sm">
      {!running && <TaskDial task={task} desk={desk} commands={commands} keyed />}
      <TaskWork
        task={task}
        likely={running || current.answered_at ? "accepted" : "no_answer"}
        onFinished={(noted) => {
          setOutcome(noted);
          if (desk.state === "wrap_up") commands.free(current.call.id);
        }}
      />
    </Stack>
  );
}
