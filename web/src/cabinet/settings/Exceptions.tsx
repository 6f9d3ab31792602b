import { ActionIcon, Button, Group, Paper, Text, TextInput, Title } from "@mantine/core";
import { IconCalendarPlus, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { HoursException } from "../../api/types";
import { size } from "../../theme";
import { holidays } from "./holidays";
import { Intervals } from "./Intervals";
import classes from "./settings.module.css";

interface Props {
  exceptions: readonly HoursException[];
  onChange: (exceptions: HoursException[]) => void;
  error: (path: string) => string | undefined;
}

type HolidayName = "01-01" | "01-07" | "02-23" | "03-08" | "05-01" | "05-09" | "06-12" | "11-04";

/** Holidays and the days that differ, with the year's production calendar offered. */
export function Exceptions({ exceptions, onChange, error }: Props) {
  const { t } = useTranslation();
  const today = new Date();
  const years = [today.getFullYear(), today.getFullYear() + 1];
  const put = (at: number, change: Partial<HoursException>) => {
    onChange(exceptions.map((exception, i) => (i === at ? { ...exception, ...change } : exception)));
  };
  const missing = (year: number) =>
    holidays(year).filter(({ date }) => !exceptions.some((exception) => exception.date === date));
  const offer = (year: number) => {
    const days = missing(year).map(({ date, of }) => ({
      date,
      intervals: [],
      note: t(`hours.holiday.${of as HolidayName}`),
    }));
    onChange([...exceptions, ...days].sort((a, b) => a.date.localeCompare(b.date)));
  };

  return (
    <Paper p="md">
      <Title order={3}>{t("hours.exceptions")}</Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t("hours.exceptionsHint")}
      </Text>
      <Group gap="xs" mb="xs">
        <Button
          variant="light"
          leftSection={<IconPlus size="1.1em" />}
          onClick={() => {
            onChange([...exceptions, { date: today.toISOString().slice(0, 10), intervals: [], note: "" }]);
          }}
        >
          {t("hours.addException")}
        </Button>
        {years.map((year) => (
          <Button
            key={year}
            variant="default"
            leftSection={<IconCalendarPlus size="1.1em" />}
            disabled={missing(year).length === 0}
            title={t("hours.calendarHint")}
            onClick={() => {
              offer(year);
            }}
          >
            {t("hours.calendar", { year })}
          </Button>
        ))}
      </Group>
      {exceptions.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("hours.noExceptions")}
        </Text>
      )}
      {exceptions.map((exception, index) => (
        <div key={index} className={classes.exception}>
          <TextInput
            size="sm"
            type="date"
            aria-label={t("hours.date")}
            value={exception.date}
            onChange={(e) => {
              if (e.currentTarget.value !== "") put(index, { date: e.currentTarget.value });
            }}
            error={error(`${String(index)}.date`)}
          />
          <TextInput
            size="sm"
            aria-label={t("hours.note")}
            placeholder={t("hours.note")}
            value={exception.note}
            onChange={(e) => {
              put(index, { note: e.currentTarget.value });
            }}
            flex={1}
            miw={180}
            error={error(`${String(index)}.note`)}
          />
          <Intervals
            day={exception.date}
            intervals={exception.intervals}
            onChange={(intervals) => {
              put(index, { intervals });
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={`${t("hours.removeException")}, ${exception.date}`}
            onClick={() => {
              onChange(exceptions.filter((_, i) => i !== index));
            }}
          >
            <IconTrash size={size.icon} stroke={size.iconStroke} />
          </ActionIcon>
        </div>
      ))}
    </Paper>
  );
}
