import { Group, Paper, SegmentedControl, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { TimeField } from "../../cabinet/settings/TimeField";
import type { Presence, Reach } from "../../message/contract";
import { current } from "../../message/reach";
import { shifted, startOfDay } from "../../shared/day";
import { useNow } from "../../shared/now";
import { dateIn } from "../../shared/time";
import { useTimes } from "../../shared/zone";
import { usePresence } from "./useReach";
import classes from "./you.module.css";

/** What has run out is seen so soon. */
const SOON_MS = 15_000;

const ALL: readonly Presence[] = ["available", "busy", "do_not_disturb"];

/** The moment at which a clock shows the time next. */
function nextAt(time: string, zone: string): string {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const offset = (hours * 60 + minutes) * 60_000;
  const today = dateIn(new Date(), zone);
  const at = Date.parse(startOfDay(today, zone)) + offset;
  const next = at > Date.now() ? at : Date.parse(startOfDay(shifted(today, 1), zone)) + offset;
  return new Date(next).toISOString();
}

/** Whether operators may put somebody through, and whether messages may ring. */
export function PresenceCard({ reach }: { reach: Reach }) {
  const { t } = useTranslation();
  const times = useTimes();
  const set = usePresence();
  const { presence, until } = current(reach, useNow(true, SOON_MS));
  return (
    <Paper className={classes.card} component="section" aria-labelledby="presence-title">
      <Title order={2} id="presence-title">
        {t("presence.title")}
      </Title>
      <SegmentedControl
        fullWidth
        aria-labelledby="presence-title"
        value={presence}
        onChange={(value) => {
          set.mutate({ presence: value as Presence, until: null });
        }}
        data={ALL.map((value) => ({ value, label: t(`presence.${value}`) }))}
      />
      <Text size="sm" c="dimmed">
        {t(`presence.hint.${presence}`)}
      </Text>
      {presence !== "available" && (
        <Group gap="xs">
          <Text size="sm">{t("presence.untilLabel")}</Text>
          <TimeField
            label={t("presence.untilLabel")}
            value={until ? `${times.clock(until)}:00` : ""}
            onChange={(time) => {
              set.mutate({ presence, until: nextAt(time, times.zone) });
            }}
          />
          <Text size="sm" c="dimmed">
            {until ? times.until(until) : t("presence.open")}
          </Text>
        </Group>
      )}
    </Paper>
  );
}
