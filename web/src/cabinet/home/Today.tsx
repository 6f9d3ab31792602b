import { Group, Skeleton, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { seconds } from "../../shared/time";

/** The day's figures: calls, answered, lost, how fast. */
export function Today() {
  const { t, i18n } = useTranslation();
  const { data } = api.useQuery("get", "/api/today");
  if (!data) return <Skeleton w={280} h={20} />;
  const average = data.answer_ms_average;
  const figures: [string, string, string?][] = [
    [t("calls.today"), String(data.calls)],
    [t("calls.answered"), String(data.answered)],
    [t("calls.lost"), String(data.lost), data.lost > 0 ? "var(--t-lost)" : undefined],
  ];
  if (average !== null && average !== undefined) {
    figures.push([t("calls.answer"), t("time.seconds", { value: seconds(average, i18n.language) })]);
  }
  return (
    <Group component="dl" gap="md" m={0}>
      {figures.map(([name, value, color]) => (
        <Group key={name} gap="xxs" component="div">
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} fw={600} size="sm" {...(color ? { c: color } : {})}>
            {value}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
