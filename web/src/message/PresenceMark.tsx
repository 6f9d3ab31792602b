import { IconBellOff, IconCircleFilled, IconClockFilled, IconPlaneDeparture } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useTimes } from "../shared/zone";
import type { Presence } from "./contract";
import classes from "./presence.module.css";

/** Whether somebody can be reached, as far as it is shown. */
export interface Present {
  presence: Presence;
  presence_until?: string | null;
  /** Until when the person is away, where that is so now. */
  absent_until?: string | null;
  deputy_name?: string | null;
}

export const presenceIcons = {
  available: IconCircleFilled,
  busy: IconClockFilled,
  do_not_disturb: IconBellOff,
  absent: IconPlaneDeparture,
} as const;

/** «Доступен», «Занят», «Не беспокоить до 14:00», «Отсутствует до …, заместитель …». */
export function usePresenceWords() {
  const { t } = useTranslation();
  const times = useTimes();
  return ({ presence, presence_until: until, absent_until: back, deputy_name: deputy }: Present) => {
    if (back) {
      const words = t("presence.absentUntil", { time: times.moment(back) });
      return deputy ? `${words}, ${t("presence.deputy", { name: deputy })}` : words;
    }
    const words = t(`presence.${presence}`);
    return until && presence !== "available"
      ? t("presence.until", { presence: words, time: times.until(until) })
      : words;
  };
}

/** A colour, a shape and a word. */
export function PresenceMark({ of }: { of: Present }) {
  const words = usePresenceWords();
  const state = of.absent_until ? "absent" : of.presence;
  const Icon = presenceIcons[state];
  return (
    <span className={classes.mark} data-presence={state}>
      <Icon aria-hidden />
      {words(of)}
    </span>
  );
}
