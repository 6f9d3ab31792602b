import { Group, Text, VisuallyHidden } from "@mantine/core";
import { IconCircleFilled, IconMoon } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { refresh } from "../api/client";
import { dateIn } from "../shared/time";
import { useTimes } from "../shared/zone";
import { usePhone } from "../shared/phone";

interface View {
  open_now: boolean;
  changes_at?: string | null;
}

/** The server's clock and this one differ: it is asked again a little later until it agrees. */
const AGAIN_MS = 2000;

/** Asks anew at the minute that the working time begins or ends. */
function useChange(view: View | undefined) {
  const at = view?.changes_at;
  useEffect(() => {
    if (!at) return;
    let timer: ReturnType<typeof setTimeout>;
    const wait = (ms: number) => {
      timer = setTimeout(() => {
        void refresh("/api/working-hours");
        wait(AGAIN_MS);
      }, ms);
    };
    wait(Math.max(Date.parse(at) - Date.now(), 0) + AGAIN_MS / 10);
    return () => {
      clearTimeout(timer);
    };
  }, [at]);
}

/** «Сейчас рабочее время до 18:00»: how a call arriving now is treated. */
export function HoursNow({ view, whole = false }: { view: View | undefined; whole?: boolean }) {
  const { t } = useTranslation();
  const times = useTimes();
  const narrow = usePhone() && !whole;
  useChange(view);
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
      <Text size="sm" truncate aria-hidden={narrow || undefined}>
        {narrow ? (until && today ? until : "") : words}
      </Text>
      {narrow && <VisuallyHidden>{words}</VisuallyHidden>}
    </Group>
  );
}
