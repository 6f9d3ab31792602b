import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The sign: a jack plug that makes a «Т». */
export function Sign({ height = 24 }: { height?: number }) {
  return (
    <svg viewBox="0 0 32 32" height={height} width={height} aria-hidden focusable="false">
      <rect width="32" height="32" rx="7" fill="var(--mantine-color-teal-7)" />
      <g fill="var(--mantine-color-white)">
        <rect x="6" y="6" width="20" height="6" rx="2" />
        <rect x="13" y="13" width="6" height="9" rx="1" />
        <path d="M14 23h4v2.500L16 28l-2-2.500z" />
      </g>
    </svg>
  );
}

/** The sign with the name beside it; the name gives way on a phone. */
export function Wordmark({ compact = false }: { compact?: boolean }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" wrap="nowrap">
      <Sign />
      <Text fw={650} size="lg" {...(compact ? { visibleFrom: "sm" } : {})}>
        {t("brand")}
      </Text>
    </Group>
  );
}
