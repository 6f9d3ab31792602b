import { Button, Group, Paper, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { absenceOf, daysOf, type AbsentDays } from "../../message/absence";
import { AbsenceFields } from "../../message/AbsenceFields";
import type { Reach } from "../../message/contract";
import { current } from "../../message/reach";
import { useForm } from "../../shared/form";
import { useNow } from "../../shared/now";
import { useTimes } from "../../shared/zone";
import { colleaguesQuery } from "../data/queries";
import { useReach } from "./useReach";
import classes from "./you.module.css";

const MINUTE = 60_000;
const NONE: AbsentDays = { first: "", last: "", deputy: null };

/** «Отпуск, командировка, больничный»: who stands in meanwhile. */
export function AbsenceCard({ reach, own }: { reach: Reach; own: string }) {
  const { t } = useTranslation();
  const { zone } = useTimes();
  const { data: colleagues } = useQuery(colleaguesQuery);
  const change = useReach();
  const { absence } = current(reach, useNow(true, MINUTE));
  const form = useForm(absence ? daysOf(absence, zone) : NONE);
  const next = absenceOf(form.value, zone);
  return (
    <Paper className={classes.card} component="section" aria-labelledby="absence-title">
      <div>
        <Title order={2} id="absence-title">
          {t("absence.title")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("absence.hint")}
        </Text>
      </div>
      <AbsenceFields
        value={form.value}
        people={(colleagues ?? []).filter(({ id }) => id !== own)}
        onChange={form.set}
      />
      <Group gap="xs">
        {form.dirty && (
          <Button
            size="sm"
            disabled={!next}
            loading={change.isPending}
            onClick={() => {
              change.mutate({ absence: next }, { onSuccess: form.reset });
            }}
          >
            {t("common.save")}
          </Button>
        )}
        {absence && (
          <Button
            size="sm"
            variant="default"
            onClick={() => {
              change.mutate({ absence: null }, { onSuccess: form.reset });
            }}
          >
            {t("absence.end")}
          </Button>
        )}
      </Group>
    </Paper>
  );
}
