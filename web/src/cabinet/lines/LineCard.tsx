import { Collapse, Paper, Skeleton, Text, UnstyledButton } from "@mantine/core";
import { IconAlertCircleFilled, IconChevronDown } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { LineView } from "../../api/types";
import { ConnectionMark } from "./ConnectionMark";
import { Findings } from "./Findings";
import { Hourly } from "./Hourly";
import classes from "./lines.module.css";
import { LineMenu } from "./LineMenu";
import { useRecipientName } from "./recipients";

const LineSections = lazy(() => import("./LineSections"));

interface Props {
  line: LineView;
  opened: boolean;
  onToggle: () => void;
  /** The line can't be connected before somebody is chosen to get messages. */
  onUnready: () => void;
}

/** A line: how it stands, what keeps it from working, and, unfolded, its sections. */
export function LineCard({ line, opened, onToggle, onUnready }: Props) {
  const { t } = useTranslation();
  const recipient = useRecipientName(line.script.recipient);
  const broken = line.problems.length > 0;
  const id = `line-${line.id}`;
  return (
    <Paper component="article" aria-label={line.name} className={classes.card} data-line={line.id}>
      <Findings line={line} />
      <div className={classes.head}>
        <LineMenu line={line} onUnready={onUnready} />
        {broken && (
          <span title={line.problems.map(({ text }) => text).join(" ")} className={classes.exclamation} data-exclamation>
            <IconAlertCircleFilled size="1.3em" role="img" aria-label={t("lines.problem")} />
          </span>
        )}
        <UnstyledButton
          className={classes.toggle}
          onClick={onToggle}
          aria-expanded={opened}
          aria-controls={id}
        >
          <span className="unseen">{t("lines.unfold", { name: line.name })}</span>
          <span className={classes.names}>
            <Text fw={600} component="span" truncate>
              {line.name}
            </Text>
            <Text size="sm" c="dimmed" component="span">
              {`${t(`lines.scenarios.${line.scenario}`)} · ${t("lines.to", { name: recipient ?? t("lines.noRecipient") })}`}
            </Text>
          </span>
          <span className={classes.states}>
            <ConnectionMark connection={line.connection} />
            <Text size="sm" component="span" c={line.connected ? "var(--t-lives)" : "dimmed"}>
              {t(line.connected ? "lines.connected" : "lines.notConnected")}
            </Text>
            <span className={classes.today}>
              <Hourly calls={line.calls_by_hour} />
              <Text size="sm" c="dimmed" component="span">
                {t("lines.callsToday", { count: line.calls_today })}
              </Text>
            </span>
          </span>
          <IconChevronDown
            className={classes.chevron}
            data-opened={opened || undefined}
            size="1.2em"
            aria-hidden
          />
        </UnstyledButton>
      </div>
      <Collapse expanded={opened} id={id} transitionDuration={150}>
        {opened && (
          <Suspense fallback={<Skeleton h={320} />}>
            <LineSections line={line} />
          </Suspense>
        )}
      </Collapse>
    </Paper>
  );
}
