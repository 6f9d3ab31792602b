import { ActionIcon, Button, Group, Paper, Text, TextInput, Title } from "@mantine/core";
import { IconCalendarPlus, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { HoursException, WorkingHours } from "../../api/types";
import { dateIn } from "../../shared/time";
import { size } from "../../theme";
import { CalendarOffer } from "./CalendarOffer";
import { Intervals } from "./Intervals";
import classes from "./settings.module.css";

interface Props {
  zone: string;
  week: WorkingHours["week"];
  exceptions: readonly HoursException[];
  onChange: (exceptions: HoursException[]) => void;
  error: (path: string) => string | undefined;
}

/** Holidays and the days that differ, with the year's production calendar offered. */
export function Exceptions({ zone, week, exceptions, onChange, error }: Props) {
  const { t } = useTranslation();
  const [offered, setOffered] = useState<number | null>(null);
  const today = dateIn(new Date(), zone);
  const year = Number(today.slice(0, 4));
  const put = (at: number, change: Partial<HoursException>) => {
    onChange(exceptions.map((exception, i) => (i === at ? { ...exception, ...change } : exception)));
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
            onChange([...exceptions, { date: today, intervals: [], note: "" }]);
          }}
        >
          {t("hours.addException")}
        </Button>
        {[year, year + 1].map((offer) => (
          <Button
            key={offer}
            variant="default"
            leftSection={<IconCalendarPlus size="1.1em" />}
            onClick={() => {
              setOffered(offer);
            }}
          >
            {t("hours.calendar", { year: offer })}
          </Button>
        ))}
      </Group>
      <CalendarOffer
        year={offered}
        week={week}
        exceptions={exceptions}
        onTake={(days) => {
          onChange([...exceptions, ...days].sort((a, b) => a.date.localeCompare(b.date)));
          setOffered(null);
        }}
        onClose={() => {
          setOffered(null);
        }}
      />
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
