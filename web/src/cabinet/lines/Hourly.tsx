import { useTranslation } from "react-i18next";
import classes from "./lines.module.css";

const HEIGHT = 16;
const BAR = 3;
const STEP = 4;

/** Today's calls as a tiny bar for each hour. */
export function Hourly({ calls }: { calls: readonly number[] }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...calls);
  const told = calls
    .flatMap((count, hour) => (count > 0 ? [`${String(hour)}:00 – ${String(count)}`] : []))
    .join(", ");
  return (
    <svg
      className={classes.hourly}
      width={calls.length * STEP}
      height={HEIGHT}
      role="img"
      aria-label={told === "" ? t("lines.byHourNone") : t("lines.byHour", { hours: told })}
    >
      {calls.map((count, hour) => {
        const height = count === 0 ? 1 : Math.max(3, Math.round((count / most) * HEIGHT));
        return (
          <rect
            key={hour}
            x={hour * STEP}
            y={HEIGHT - height}
            width={BAR}
            height={height}
            data-some={count > 0 || undefined}
          />
        );
      })}
    </svg>
  );
}
