import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TimelineRow } from "../../api/types";
import { duration } from "../../shared/time";
import { useTimes } from "../../shared/zone";
import classes from "./calls.module.css";

/** What happened in a call, when, and who did it. */
export function Timeline({ rows }: { rows: readonly TimelineRow[] }) {
  const { t } = useTranslation();
  const times = useTimes();
  const first = rows[0];
  if (!first) return null;
  const start = Date.parse(first.at);
  return (
    <ol className={classes.timeline}>
      {rows.map((row, index) => (
        <li key={index}>
          <time dateTime={row.at} title={times.exactly(row.at)}>
            {index === 0 ? times.clock(row.at) : `+${duration(Date.parse(row.at) - start)}`}
          </time>{" "}
          {t(`happening.${row.what}`)}
          {row.colleague_name && `: ${row.colleague_name}`}
          {row.what === "transfer_failed" && `, ${t(`transferFault.${row.fault}`)}`}
          {row.operator_name && (
            <Text span size="sm" c="dimmed">
              {` · ${row.operator_name}`}
            </Text>
          )}
          {row.what === "ended" && row.ending && `: ${t(`ending.${row.ending}`)}`}
        </li>
      ))}
    </ol>
  );
}
