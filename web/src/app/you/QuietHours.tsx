import { ActionIcon, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { TimeField } from "../../cabinet/settings/TimeField";
import type { Quiet } from "../../message/contract";
import { Days } from "../../message/Days";
import { useForm } from "../../shared/form";
import { size } from "../../theme";
import classes from "./you.module.css";

interface Props {
  quiet: readonly Quiet[];
  busy: boolean;
  onSave: (quiet: Quiet[]) => void;
}

/** What most people want: the nights, and the weekend. */
const FIRST: Quiet = { days: [1, 2, 3, 4, 5, 6, 7], from: "22:00:00", to: "08:00:00" };
const WEEKEND: Quiet = { days: [6, 7], from: "08:00:00", to: "22:00:00" };
const MOST = 10;

/** «Тихие часы»: messages wait until they end. */
export function QuietHours({ quiet, busy, onSave }: Props) {
  const { t } = useTranslation();
  const form = useForm({ quiet: [...quiet] });
  const rows = form.value.quiet;
  const put = (next: Quiet[]) => {
    form.put("quiet", next);
  };
  const empty = rows.some(({ days }) => days.length === 0);
  return (
    <Stack gap="sm">
      <div>
        <Title order={3}>{t("quiet.title")}</Title>
        <Text size="sm" c="dimmed">
          {t("quiet.hint")}
        </Text>
      </div>
      {rows.map((row, index) => {
        const number = index + 1;
        const edit = (change: Partial<Quiet>) => {
          put(rows.map((it, i) => (i === index ? { ...it, ...change } : it)));
        };
        return (
          <div key={index} className={classes.quiet}>
            <Days
              label={t("quiet.days", { number })}
              days={row.days}
              onChange={(days) => {
                edit({ days });
              }}
            />
            <Group gap="xs" wrap="nowrap">
              <TimeField
                label={t("quiet.from", { number })}
                value={row.from}
                onChange={(from) => {
                  edit({ from });
                }}
              />
              <span aria-hidden>–</span>
              <TimeField
                label={t("quiet.to", { number })}
                value={row.to}
                onChange={(to) => {
                  edit({ to });
                }}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                ml="auto"
                aria-label={t("quiet.remove", { number })}
                onClick={() => {
                  put(rows.filter((_, i) => i !== index));
                }}
              >
                <IconTrash size={size.icon} stroke={size.iconStroke} />
              </ActionIcon>
            </Group>
            {row.days.length === 0 && (
              <Text size="sm" c="var(--t-lost)" role="alert">
                {t("quiet.noDays")}
              </Text>
            )}
          </div>
        );
      })}
      <Group gap="xs">
        {rows.length < MOST && (
          <Button
            variant="light"
            size="sm"
            leftSection={<IconPlus size="1.1em" />}
            onClick={() => {
              put([...rows, rows.length === 0 ? FIRST : WEEKEND]);
            }}
          >
            {t("quiet.add")}
          </Button>
        )}
        {form.dirty && (
          <>
            <Button
              size="sm"
              loading={busy}
              disabled={empty}
              onClick={() => {
                onSave(rows);
                form.reset();
              }}
            >
              {t("common.save")}
            </Button>
            <Button size="sm" variant="subtle" color="gray" onClick={form.reset}>
              {t("common.cancel")}
            </Button>
          </>
        )}
      </Group>
    </Stack>
  );
}
