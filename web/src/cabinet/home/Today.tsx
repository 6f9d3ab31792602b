import { Anchor, Group, Skeleton, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { seconds } from "../../shared/time";
import { useHome } from "./useHome";

/** As far as the server counts the calls to call back. */
const COUNTED = 1000;

/** The day's figures, and how many callers still wait to be called back. */
export function Today() {
  const { t, i18n } = useTranslation();
  const { change } = useHome();
  const { data } = api.useQuery("get", "/api/today");
  if (!data) return <Skeleton w={280} h={20} />;
  const lost = "var(--t-lost)";
  const waiting = data.not_called_back;
  const average = data.answer_ms_average;
  const level = data.service_level;
  return (
    <Group component="dl" gap="md" m={0}>
      <Figure name={t("calls.today")}>{data.calls}</Figure>
      <Figure name={t("calls.answered")}>{data.answered}</Figure>
      <Figure name={t("calls.lost")} {...(data.lost > 0 && { color: lost })}>
        {data.lost}
      </Figure>
      {typeof average === "number" && (
        <Figure name={t("calls.answer")}>
          {t("time.seconds", { value: seconds(average, i18n.language) })}
        </Figure>
      )}
      {typeof level === "number" && (
        <Figure name={t("calls.serviceLevel")} title={t("calls.serviceLevelHint")}>
          {new Intl.NumberFormat(i18n.language, { style: "percent" }).format(level)}
        </Figure>
      )}
      {waiting > 0 && (
        <Figure name={t("calls.notCalledBack")}>
          <Anchor
            component="button"
            type="button"
            fw={600}
            size="sm"
            c={lost}
            aria-label={t("calls.showWaiting")}
            onClick={() => {
              change({
                waiting: true,
                result: undefined,
                direction: undefined,
                period: undefined,
                from: undefined,
                to: undefined,
              });
            }}
          >
            {waiting < COUNTED ? waiting : `${String(COUNTED - 1)}+`}
          </Anchor>
        </Figure>
      )}
    </Group>
  );
}

function Figure({
  name,
  title,
  color,
  children,
}: {
  name: string;
  title?: string;
  color?: string;
  children: ReactNode;
}) {
  return (
    <Group gap="xxs" component="div" title={title}>
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} fw={600} size="sm" {...(color && { c: color })}>
        {children}
      </Text>
    </Group>
  );
}
