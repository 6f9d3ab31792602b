import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./days.module.css";

interface Props {
  label: string;
  /** 1 is Monday. */
  days: readonly number[];
  onChange: (days: number[]) => void;
}

/** Days of the week, each to be switched. */
export function Days({ label, days, onChange }: Props) {
  const { t } = useTranslation();
  const whole = t("week.days").split(",");
  return (
    <div className={classes.days} role="group" aria-label={label}>
      {t("week.short")
        .split(",")
        .map((name, index) => {
          const day = index + 1;
          const on = days.includes(day);
          return (
            <UnstyledButton
              key={day}
              className={classes.day}
              aria-pressed={on}
              title={whole[index]}
              onClick={() => {
                const next = on ? days.filter((it) => it !== day) : [...days, day];
                onChange(next.sort((a, b) => a - b));
              }}
            >
              {name}
            </UnstyledButton>
          );
        })}
    </div>
  );
}
