import { Group, Text } from "@mantine/core";
import { IconAntennaBars2, IconAntennaBars3, IconAntennaBars5 } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { qualityOf, sampleOf, type Quality as Measured, type Sample } from "./quality";
import type { Sound } from "./sound";

const EVERY_MS = 3000;

const looks = {
  good: { icon: IconAntennaBars5, color: "var(--t-lives)" },
  weak: { icon: IconAntennaBars3, color: "var(--t-waits)" },
  bad: { icon: IconAntennaBars2, color: "var(--t-lost)" },
} as const;

/** How good the connection with the server is, and what to do where it is not. */
export default function Quality({ sound }: { sound: Sound }) {
  const { t } = useTranslation();
  const quality = useQuality(sound);
  if (!quality) return null;
  const { icon: Icon, color } = looks[quality.level];
  return (
    <div role="status" data-quality={quality.level} data-way={quality.tcp ? "tcp" : "udp"}>
      <Group gap="xs" wrap="nowrap">
        <Icon size="1.1em" color={color} aria-hidden />
        <Text size="sm" {...(quality.level !== "good" && { c: color, fw: 600 })}>
          {t(`desk.quality.${quality.level}`)}
        </Text>
      </Group>
      {quality.trouble && (
        <Text size="sm" c="dimmed">
          {t(`desk.quality.trouble.${quality.trouble}`, { loss: quality.loss })}
        </Text>
      )}
      {quality.tcp && (
        <Text size="sm" c="dimmed">
          {t("desk.quality.tcp")}
        </Text>
      )}
    </div>
  );
}

/** Measured every few seconds; a single bad stretch is no news, two are. */
function useQuality(sound: Sound): Measured | null {
  const [shown, setShown] = useState<Measured | null>(null);
  useEffect(() => {
    let before: Sample | null = null;
    let last: Measured | null = null;
    let over = false;
    const look = async () => {
      const report = await sound.report();
      const now = report && sampleOf(report);
      if (over || !now) return;
      if (before) {
        const measured = qualityOf(before, now);
        const settled = last === null || last.level === measured.level;
        last = measured;
        if (settled) setShown(measured);
      }
      before = now;
    };
    const timer = setInterval(() => void look(), EVERY_MS);
    void look();
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [sound]);
  return shown;
}
