import { Badge } from "@mantine/core";
import { IconAlertTriangleFilled, IconCheck, IconPointFilled, IconUserCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { shortName } from "../shared/person";
import type { Message } from "./contract";
import classes from "./message.module.css";

type Shown = Pick<Message, "state" | "accepted_by_name" | "assignee_name" | "closed_by_name">;

const icons = { open: IconPointFilled, accepted: IconUserCheck, closed: IconCheck } as const;

/** Who has it: «Новое», «В работе: Анна», «Закрыто». */
export function StateMark({ message, names = true }: { message: Shown; names?: boolean }) {
  const { t } = useTranslation();
  const Icon = icons[message.state];
  const who =
    message.state === "accepted"
      ? (message.assignee_name ?? message.accepted_by_name)
      : message.state === "open"
        ? message.assignee_name
        : null;
  const words = t(`state.${message.state}`);
  return (
    <span className={classes.state} data-state={message.state}>
      <Icon size="1.1em" aria-hidden />
      <span className={classes.cut}>{names && who ? `${words}: ${shortName(who)}` : words}</span>
    </span>
  );
}

/** «Срочно»: it can't wait. */
export function UrgentMark() {
  const { t } = useTranslation();
  return (
    <Badge
      color="red"
      variant="light"
      size="sm"
      flex="none"
      leftSection={<IconAlertTriangleFilled size="1em" aria-hidden />}
    >
      {t("app.urgent")}
    </Badge>
  );
}
