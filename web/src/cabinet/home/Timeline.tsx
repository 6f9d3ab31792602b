import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TimelineRow } from "../../api/types";
import { endingText } from "../../shared/ending";
import { sideOf } from "../../shared/side";
import { duration } from "../../shared/time";
import { useTimes } from "../../shared/zone";
import classes from "./calls.module.css";

interface Props {
  rows: readonly TimelineRow[];
  /** An operator placed the call: then it was the other side who answered. */
  outgoing: boolean;
}

/** What happened in a call, when, and who did it. */
export function Timeline({ rows, outgoing }: Props) {
  const { t } = useTranslation();
  const times = useTimes();
  const first = rows[0];
  if (!first) return null;
  const start = Date.parse(first.at);
  return (
    <ol className={classes.timeline}>
      {rows.map((row, index) => {
        const reached = outgoing && row.what === "answered";
        return (
          <li key={index}>
            <time dateTime={row.at} title={times.exactly(row.at)}>
              {index === 0 ? times.clock(row.at) : `+${duration(Date.parse(row.at) - start)}`}
            </time>{" "}
            {t(`happening.${reached ? "callee_answered" : row.what}`, sideOf(outgoing))}
            {row.colleague_name && `: ${row.colleague_name}`}
            {row.what === "transfer_failed" && `, ${t(`transferFault.${row.fault}`)}`}
            {row.operator_name && !reached && (
              <Text span size="sm" c="dimmed">
                {` · ${row.operator_name}`}
              </Text>
            )}
            {row.what === "ended" && row.ending && `: ${t(endingText(row.ending, outgoing))}`}
          </li>
        );
      })}
    </ol>
  );
}
