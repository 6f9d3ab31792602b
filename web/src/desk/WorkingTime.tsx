import { useTranslation } from "react-i18next";
import { clock } from "../shared/time";
import type { CallCard } from "./wire";

/** Whether it is working time at the company, in its own zone. */
export function WorkingTime({ time }: { time: CallCard["working_time"] }) {
  const { t } = useTranslation();
  const words = !time.open
    ? t("desk.closed")
    : time.changes_at
      ? t("desk.open", { time: clock(time.changes_at, time.zone) })
      : t("desk.openAlways");
  return <span>{words}</span>;
}
