import { Paper, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Shift } from "../../../message/contract";
import { hm } from "../../../message/week";
import { shortName } from "../../../shared/person";
import { pieces } from "./duty";
import classes from "./notices.module.css";

/** How many people are told apart by their shade; names stand on the bars as well. */
const TONES = 4;

/** The shade of somebody in the week. */
export function toneOf(order: readonly string[], employee: string): number {
  return Math.max(0, order.indexOf(employee)) % TONES;
}

interface Props {
  shifts: readonly Shift[];
  /** Everybody of the rota, each once. */
  order: readonly string[];
  name: (id: string) => string;
}

const HOURS = [0, 6, 12, 18, 24];
const percent = (part: number) => `${String(Math.round(part * 10_000) / 100)}%`;

/** The week at a glance: a row a day, a bar a duty; where nothing stands, nobody is on duty. */
export function Week({ shifts, order, name }: Props) {
  const { t } = useTranslation();
  const all = pieces(shifts);
  const days = t("week.short").split(",");
  return (
    <Paper p="md" className={classes.week} role="img" aria-label={t("rota.picture")}>
      {days.map((day, index) => (
        <div key={day} className={classes.dayRow}>
          <Text size="sm" c="dimmed" className={classes.dayName}>
            {day}
          </Text>
          <div className={classes.dayBars}>
            {all
              .filter((piece) => piece.day === index + 1)
              .map((piece, i) => {
                const shift = shifts[piece.shift];
                if (!shift) return null;
                const who = name(shift.employee);
                return (
                  <span
                    key={i}
                    className={classes.duty}
                    data-tone={toneOf(order, shift.employee)}
                    style={{ left: percent(piece.from), width: percent(piece.to - piece.from) }}
                    title={`${who}, ${hm(shift.from)}–${hm(shift.to)}`}
                  >
                    {shortName(who)}
                  </span>
                );
              })}
          </div>
        </div>
      ))}
      <div className={classes.hours}>
        {HOURS.map((hour) => (
          <span key={hour}>{String(hour).padStart(2, "0")}</span>
        ))}
      </div>
    </Paper>
  );
}
