import { Chip, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Props {
  label: string;
  /** 1 is Monday. */
  days: readonly number[];
  onChange: (days: number[]) => void;
}

/** Days of the week, each to be switched. */
export function Days({ label, days, onChange }: Props) {
  const { t } = useTranslation();
  const names = t("week.short").split(",");
  const whole = t("hours.days").split(",");
  return (
    <Group gap="xxs" role="group" aria-label={label}>
      {names.map((name, index) => {
        const day = index + 1;
        const on = days.includes(day);
        return (
          <Chip
            key={day}
            size="sm"
            radius="md"
            checked={on}
            icon={null}
            aria-label={whole[index]}
            onChange={() => {
              const next = on ? days.filter((it) => it !== day) : [...days, day];
              onChange(next.sort((a, b) => a - b));
            }}
          >
            {name}
          </Chip>
        );
      })}
    </Group>
  );
}
