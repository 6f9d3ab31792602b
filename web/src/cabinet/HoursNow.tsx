import { Group, Text } from "@mantine/core";
import { IconCircleFilled, IconMoon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { dateIn } from "../shared/time";
import { useTimes } from "../shared/zone";
import { usePhone } from "../shared/phone";

interface View {
  open_now: boolean;
  changes_at?: string | null;
}

/** «Сейчас рабочее время до 18:00»: how a call arriving now is treated. */
export function HoursNow({ view }: { view: View | undefined }) {
  const { t } = useTranslation();
  const times = useTimes();
  const phone = usePhone();
  if (!view) return null;
  const { open_now: open, changes_at: at } = view;
  const today = at ? dateIn(new Date(at), times.zone) === dateIn(new Date(), times.zone) : false;
  const until = at ? (today ? times.clock(at) : times.moment(at)) : null;
  const words = until
    ? t(open ? "hoursNow.openUntil" : "hoursNow.closedUntil", { time: until })
    : t(open ? "hoursNow.open" : "hoursNow.closed");
  return (
    <Group gap="xs" wrap="nowrap" c={open ? "var(--t-lives)" : "var(--t-quiet)"} title={words}>
      {open ? <IconCircleFilled size="0.6em" aria-hidden /> : <IconMoon size="1em" aria-hidden />}
      <Text size="sm" truncate aria-label={words}>
        {phone ? (until && today ? until : "") : words}
      </Text>
    </Group>
  );
}
