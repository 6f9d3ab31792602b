import { ActionIcon, Group, Stack, Text } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Interval } from "../../api/types";
import { overlapping } from "./hoursParts";
import { TimeField } from "./TimeField";

interface Props {
  /** The day that the hours are of, for who can't see the row. */
  day: string;
  intervals: readonly Interval[];
  onChange: (intervals: Interval[]) => void;
  error?: (index: number) => string | undefined;
}

const FIRST: Interval = { from: "09:00:00", to: "18:00:00" };

/** A day's hours: none on a day off, several where there is a break. */
export function Intervals({ day, intervals, onChange, error }: Props) {
  const { t } = useTranslation();
  const put = (at: number, change: Partial<Interval>) => {
    onChange(intervals.map((interval, i) => (i === at ? { ...interval, ...change } : interval)));
  };
  const overlaps = overlapping(intervals);
  const wrong = (at: number) => error?.(at) ?? (overlaps.has(at) ? t("hours.overlap") : undefined);
  const last = intervals.at(-1);
  const add = () => {
    // The next hours begin where the last ones end.
    onChange([...intervals, last ? { from: last.to, to: last.to } : FIRST]);
  };
  const time = (value: string, label: string, change: (value: string) => void) => (
    <TimeField label={label} value={value} onChange={change} />
  );
  return (
    <Group gap="xs" align="flex-start">
      <Stack gap="xs">
        {intervals.length === 0 && (
          <Text size="sm" c="dimmed" py="xs">
            {t("hours.off")}
          </Text>
        )}
        {intervals.map((interval, index) => (
          <div key={index}>
            <Group gap="xs" wrap="nowrap">
              {time(interval.from, t("hours.from", { day }), (from) => {
                put(index, { from });
              })}
              <span aria-hidden>–</span>
              {time(interval.to, t("hours.to", { day }), (to) => {
                put(index, { to });
              })}
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("hours.removeInterval", { day })}
                onClick={() => {
                  onChange(intervals.filter((_, i) => i !== index));
                }}
              >
                <IconMinus size="1.1em" />
              </ActionIcon>
            </Group>
            {wrong(index) && (
              <Text size="xs" c="var(--t-lost)" role="alert">
                {wrong(index)}
              </Text>
            )}
          </div>
        ))}
      </Stack>
      <ActionIcon variant="subtle" mt="xxs" aria-label={t("hours.addInterval", { day })} onClick={add}>
        <IconPlus size="1.1em" />
      </ActionIcon>
    </Group>
  );
}
