import { Button, Paper, Select, Stack, Text, Title } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../api/client";
import { fieldError } from "../../api/problem";
import type { WorkingHours } from "../../api/types";
import { useForm } from "../../shared/form";
import { size } from "../../theme";
import { Exceptions } from "./Exceptions";
import { Intervals } from "./Intervals";
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

const FRIDAY = 4;

function HoursEditor({ saved }: { saved: { hours: WorkingHours; version: number } }) {
  const { t } = useTranslation();
  const form = useForm(saved);
  const [saves, setSaves] = useState(0);
  const save = api.useMutation("put", "/api/working-hours", {
    onSuccess: async () => {
      await refresh("/api/working-hours");
      form.reset();
      setSaves((count) => count + 1);
    },
  });
  const { hours } = form.value;
  const put = (change: Partial<WorkingHours>) => {
    form.put("hours", { ...hours, ...change });
  };
  const days = t("hours.days").split(",");
  const zones = useMemo(() => {
    const labelled = (zone: string, name: string) => ({ value: zone, label: `${name} (${offset(zone)})` });
    return [
      { group: t("hours.russia"), items: RUSSIAN.map((zone) => labelled(zone, t(`hours.zones.${zone}`))) },
      { group: t("hours.world"), items: others(saved.hours.zone).map((zone) => labelled(zone, zone)) },
    ];
  }, [saved.hours.zone, t]);

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
      onReload={() => {
        void refresh("/api/working-hours").then(form.reset);
        save.reset();
      }}
    >
      <Stack maw={size.form}>
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
              <Stack gap="xs" align="flex-start">
                <Intervals
                  day={day}
                  intervals={hours.week[index] ?? []}
                  onChange={(intervals) => {
                    put({
                      week: hours.week.map((other, i) =>
                        i === index ? intervals : other,
                      ) as WorkingHours["week"],
                    });
                  }}
                  error={(at) => {
                    const path = `hours.week.${String(index)}.${String(at)}`;
                    return fieldError(save.error, path) ?? fieldError(save.error, `${path}.to`);
                  }}
                />
                {index === 0 && (
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    leftSection={<IconCopy size="1.1em" />}
                    onClick={() => {
                      const monday = hours.week[0] ?? [];
                      put({
                        week: hours.week.map((other, i) =>
                          i <= FRIDAY ? [...monday] : other,
                        ) as WorkingHours["week"],
                      });
                    }}
                  >
                    {t("hours.copyHint")}
                  </Button>
                )}
              </Stack>
            </div>
          ))}
        </Paper>
        <Exceptions
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
