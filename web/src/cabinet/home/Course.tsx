import { useTranslation } from "react-i18next";
import type { TimelineRow } from "../../api/types";
import { duration } from "../../shared/time";
import { useTimes } from "../../shared/zone";
import classes from "./Course.module.css";
import { course } from "./course";

/** The whole call on one line: who had the caller when, and for how long. */
export function Course({ rows }: { rows: readonly TimelineRow[] }) {
  const { t } = useTranslation();
  const times = useTimes();
  const stretches = course(rows);
  const first = stretches[0];
  if (!first) return null;
  return (
    <ol className={classes.course} aria-label={t("calls.course")}>
      <li className={classes.clock}>
        <time dateTime={first.at} title={times.exactly(first.at)}>
          {times.clock(first.at)}
        </time>
      </li>
      {stretches.map(({ what, at, ms, names }, index) => (
        <li
          key={index}
          className={classes.stretch}
          data-what={what}
          style={{ flexGrow: Math.max(1, Math.round(ms / 1000)) }}
          title={[t(`course.${what}`), duration(ms), ...names, times.exactly(at)].join(" · ")}
        >
          <span className={classes.what}>
            {t(`course.${what}`)} {duration(ms)}
          </span>
          {names.length > 0 && <span className={classes.names}>{names.join(", ")}</span>}
        </li>
      ))}
    </ol>
  );
}
