import { Group, Paper, Select, Stack, Text, Title } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../api/client";
import { codeOf, fieldError } from "../../api/problem";
import type { WorkingHours } from "../../api/types";
import { useForm } from "../../shared/form";
import { size } from "../../theme";
import { HoursNow } from "../HoursNow";
import { CopyDay } from "./CopyDay";
import { Exceptions } from "./Exceptions";
import { fromParts, toParts } from "./hoursParts";
import { Intervals } from "./Intervals";
import { merge } from "./merge";
import classes from "./settings.module.css";
import { Tab, TabSkeleton } from "./Tab";
import { offset, others, RUSSIAN } from "./zones";

/** «Рабочее время»: the zone, the week, and the days that differ. */
export default function HoursTab() {
  const { data, error, refetch } = api.useQuery("get", "/api/working-hours");
  const saved = useMemo(() => data && { hours: data.hours, version: data.version }, [data]);
  if (!saved) return <TabSkeleton error={error} onRetry={() => void refetch()} />;
  return <HoursEditor saved={saved} />;
}

function HoursEditor({ saved }: { saved: { hours: WorkingHours; version: number } }) {
  const { t } = useTranslation();
  const view = api.useQuery("get", "/api/working-hours");
  const form = useForm(saved);
  const [saves, setSaves] = useState(0);
  const save = api.useMutation("put", "/api/working-hours", {
    onSuccess: async () => {
      await refresh("/api/working-hours");
      form.reset();
      setSaves((count) => count + 1);
    },
    onError: (problem) => {
      if (codeOf(problem) === "changed_meanwhile") void refresh("/api/working-hours");
    },
  });
  const { hours } = form.value;
  const put = (change: Partial<WorkingHours>) => {
    form.put("hours", { ...hours, ...change });
  };
  const putWeek = (change: (day: WorkingHours["week"][number], index: number) => typeof day) => {
    put({ week: hours.week.map(change) as WorkingHours["week"] });
  };
  const days = t("hours.days").split(",");
  const zones = useMemo(() => {
    const labelled = (zone: string, name: string) => ({ value: zone, label: `${name} (${offset(zone)})` });
    return [
      { group: t("hours.russia"), items: RUSSIAN.map((zone) => labelled(zone, t(`hours.zones.${zone}`))) },
      { group: t("hours.world"), items: others(saved.hours.zone).map((zone) => labelled(zone, zone)) },
    ];
  }, [saved.hours.zone, t]);
  const names = { zone: t("hours.zone"), days };
  const conflict =
    form.dirty && saved.version !== form.base.version
      ? merge(
          toParts(form.base.hours, names),
          toParts(form.value.hours, names),
          toParts(saved.hours, names),
        )
      : null;

  return (
    <Tab
      title={t("nav.hours")}
      dirty={form.dirty}
      busy={save.isPending}
      saves={saves}
      error={save.error}
      onSave={() => {
        save.mutate({ body: form.value });
      }}
      conflict={conflict}
      onFresh={() => {
        save.reset();
        form.reset();
      }}
      onKeep={() => {
        const next = { version: saved.version, hours: fromParts(conflict?.parts ?? [], saved.hours) };
        form.rebase(saved, next);
        save.mutate({ body: next });
      }}
    >
      <Stack maw={size.form}>
        <Group gap="xs" role="status">
          <HoursNow view={view.data} whole />
        </Group>
        <Select
          label={t("hours.zone")}
          description={t("hours.zoneHint")}
          data={zones}
          value={hours.zone}
          onChange={(zone) => {
            if (zone) put({ zone });
          }}
          searchable
          allowDeselect={false}
          error={fieldError(save.error, "hours.zone")}
        />
        <Paper p="md">
          <Title order={3}>{t("hours.week")}</Title>
          <Text size="sm" c="dimmed" mb="xs">
            {t("hours.weekHint")}
          </Text>
          {days.map((day, index) => (
            <div key={day} className={classes.day}>
              <Text size="sm" className={classes.name}>
                {day}
              </Text>
              <Group gap="xs" align="flex-start" justify="space-between" wrap="nowrap">
                <Intervals
                  day={day}
                  intervals={hours.week[index] ?? []}
                  onChange={(intervals) => {
                    putWeek((other, i) => (i === index ? intervals : other));
                  }}
                  error={(at) => {
                    const path = `hours.week.${String(index)}.${String(at)}`;
                    return fieldError(save.error, path) ?? fieldError(save.error, `${path}.to`);
                  }}
                />
                <CopyDay
                  day={day}
                  onCopy={(wanted) => {
                    const hoursOfDay = hours.week[index] ?? [];
                    putWeek((other, i) => (wanted(i) ? [...hoursOfDay] : other));
                  }}
                />
              </Group>
            </div>
          ))}
        </Paper>
        <Exceptions
          zone={hours.zone}
          week={hours.week}
          exceptions={hours.exceptions}
          onChange={(exceptions) => {
            put({ exceptions });
          }}
          error={(path) => fieldError(save.error, `hours.exceptions.${path}`)}
        />
      </Stack>
    </Tab>
  );
}
