import { ActionIcon, Alert, Button, Group, Paper, Select, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { refresh } from "../../../api/client";
import { codeOf } from "../../../api/problem";
import type { Rota, Shift } from "../../../message/contract";
import { Days } from "../../../message/Days";
import { notices } from "../../../message/server";
import { spanned } from "../../../message/week";
import { useForm } from "../../../shared/form";
import { size } from "../../../theme";
import { Tab } from "../Tab";
import { TimeField } from "../TimeField";
import { gapsOf, gapWords } from "./duty";
import classes from "./notices.module.css";
import { toneOf, Week } from "./Week";

interface Props {
  department: string;
  saved: Rota;
  people: { id: string; name: string }[];
}

const SHIFTS_MAX = 200;
const WORKDAYS = [1, 2, 3, 4, 5];

/** Who is on duty on which hours of the week; no hour is to be empty. */
export function RotaEditor({ department, saved, people }: Props) {
  const { t } = useTranslation();
  const form = useForm({ shifts: saved.shifts, version: saved.version });
  const [saves, setSaves] = useState(0);
  const save = useMutation({
    mutationFn: (shifts: Shift[]) => notices.writeRota(department, { shifts, version: saved.version }),
    onSuccess: async () => {
      await refresh("/api/rotas");
      form.reset();
      setSaves((count) => count + 1);
    },
    onError: (error) => {
      if (codeOf(error) === "changed_meanwhile") void refresh("/api/rotas");
    },
  });
  const { shifts } = form.value;
  const put = (next: Shift[]) => {
    form.put("shifts", next);
  };
  const empty = shifts.some(({ days }) => days.length === 0);
  const names = Object.fromEntries(people.map(({ id, name }) => [id, name]));
  const order = [...new Set(shifts.map(({ employee }) => employee))];
  const gaps = gapWords(gapsOf(shifts), (days) => spanned(days, t("week.short").split(",")));
  const [first] = people;
  return (
    <Tab
      title={t("rota.title")}
      lead={t("rota.lead")}
      dirty={form.dirty && !empty}
      busy={save.isPending}
      saves={saves}
      error={save.error}
      onSave={() => {
        save.mutate(shifts);
      }}
      conflict={null}
      onFresh={form.reset}
      onKeep={form.reset}
    >
      <Week shifts={shifts} order={order} name={(id) => names[id] ?? t("policy.gone")} />
      {shifts.length > 0 &&
        (gaps.length > 0 ? (
          <Alert color="amber" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t("rota.gaps")} role="status">
            <Text size="sm">{gaps.join("; ")}</Text>
            <Text size="sm" c="dimmed">
              {t("rota.gapsHint")}
            </Text>
          </Alert>
        ) : (
          <Group gap="xs" c="var(--t-lives)" role="status">
            <IconCheck size="1.2em" aria-hidden />
            <Text size="sm">{t("rota.whole")}</Text>
          </Group>
        ))}
      <Paper className={classes.shifts}>
        {shifts.length === 0 && (
          <Text size="sm" c="dimmed" p="md">
            {t("rota.empty")}
          </Text>
        )}
        {shifts.map((shift, index) => {
          const number = index + 1;
          const edit = (change: Partial<Shift>) => {
            put(shifts.map((it, i) => (i === index ? { ...it, ...change } : it)));
          };
          return (
            <div key={index} className={classes.shift}>
              <span className={classes.key} data-tone={toneOf(order, shift.employee)} aria-hidden />
              <Select
                size="sm"
                className={classes.person}
                aria-label={t("rota.who", { number })}
                data={people.map(({ id, name }) => ({ value: id, label: name }))}
                value={shift.employee}
                searchable
                allowDeselect={false}
                onChange={(employee) => {
                  if (employee) edit({ employee });
                }}
              />
              <Days
                label={t("rota.days", { number })}
                days={shift.days}
                onChange={(days) => {
                  edit({ days });
                }}
              />
              <Group gap="xs" wrap="nowrap">
                <TimeField
                  label={t("rota.from", { number })}
                  value={shift.from}
                  onChange={(from) => {
                    edit({ from });
                  }}
                />
                <span aria-hidden>–</span>
                <TimeField
                  label={t("rota.to", { number })}
                  value={shift.to}
                  onChange={(to) => {
                    edit({ to });
                  }}
                />
              </Group>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                className={classes.remove}
                aria-label={t("rota.remove", { number })}
                onClick={() => {
                  put(shifts.filter((_, i) => i !== index));
                }}
              >
                <IconTrash size={size.icon} stroke={size.iconStroke} />
              </ActionIcon>
              {shift.days.length === 0 && (
                <Text size="sm" c="var(--t-lost)" role="alert" w="100%">
                  {t("quiet.noDays")}
                </Text>
              )}
            </div>
          );
        })}
        <Stack p="sm" align="flex-start">
          {first ? (
            shifts.length < SHIFTS_MAX && (
              <Button
                variant="light"
                leftSection={<IconPlus size="1.1em" />}
                onClick={() => {
                  const last = shifts.at(-1);
                  // The next duty begins where the last one ends.
                  const next = last
                    ? { days: last.days, from: last.to, to: last.from }
                    : { days: WORKDAYS, from: "09:00:00", to: "18:00:00" };
                  const other = people.find(({ id }) => id !== last?.employee) ?? first;
                  put([...shifts, { employee: other.id, ...next }]);
                }}
              >
                {t("rota.add")}
              </Button>
            )
          ) : (
            <Text size="sm" c="dimmed">
              {t("rota.nobody")}
            </Text>
          )}
        </Stack>
      </Paper>
    </Tab>
  );
}
