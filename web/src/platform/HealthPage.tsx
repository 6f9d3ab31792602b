import { Paper, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { Failure } from "../shared/Failure";
import { size } from "../theme";
import { checksOf, type Tone } from "./health";
import { Page } from "./Page";
import classes from "./platform.module.css";

const FRESH_MS = 10_000;

const icons: Record<Tone, typeof IconCircleCheck> = {
  good: IconCircleCheck,
  waits: IconAlertTriangle,
  bad: IconCircleX,
  quiet: IconInfoCircle,
};

/** How the server is, in sentences. */
export default function HealthPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = api.useQuery(
    "get",
    "/api/platform/health",
    {},
    { refetchInterval: FRESH_MS },
  );
  return (
    <Page title={t("platform.health")} lead={t("platform.healthLead")}>
      {error && (
        <Failure
          error={error}
          title={t("error.load")}
          action={{ label: t("common.retry"), run: () => void refetch() }}
        />
      )}
      {!data && !error && (
        <Stack gap="xs" aria-busy>
          <Skeleton h={44} />
          <Skeleton h={44} />
          <Skeleton h={44} />
        </Stack>
      )}
      {data && (
        <>
          <Paper component="ul" className={classes.checks}>
            {checksOf(data).map(({ says, tone, count }) => {
              const Icon = icons[tone];
              return (
                <li key={says} className={classes.check} data-tone={tone}>
                  <Icon size={size.icon} stroke={size.iconStroke} className={classes[tone]} aria-hidden />
                  <Text>{t(`platform.check.${says}`, { count })}</Text>
                </li>
              );
            })}
          </Paper>
          <Text size="sm" c="dimmed">
            {t("platform.version", { version: data.version })}
          </Text>
        </>
      )}
    </Page>
  );
}
