import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNow } from "../shared/now";
import { sideOf } from "../shared/side";
import { clock } from "../shared/time";
import { zoneOf } from "./callerZone";

const EVERY_MS = 15_000;

/** What time it is where the caller is, where the number tells. */
export default function CallerTime({ phone, outgoing }: { phone: string; outgoing: boolean }) {
  const { t } = useTranslation();
  const now = useNow(true, EVERY_MS);
  const zone = zoneOf(phone);
  if (!zone) return null;
  return (
    <Text size="sm" c="dimmed" data-caller-time>
      {t("desk.callerTime", { time: clock(new Date(now).toISOString(), zone), ...sideOf(outgoing) })}
    </Text>
  );
}
