import { Divider, Paper, Switch, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Reach } from "../../message/contract";
import { Failure } from "../../shared/Failure";
import { onDemand } from "../../shared/onDemand";
import { usePush } from "../device/push";
import { QuietHours } from "./QuietHours";
import { useReach } from "./useReach";
import classes from "./you.module.css";

const Explain = onDemand(() => import("../device/Explain"));

/** How one is told of messages: on this device, by letter, and when not. */
export function NoticesCard({ reach }: { reach: Reach }) {
  const { t } = useTranslation();
  const { state, set } = usePush();
  const change = useReach();
  const [explaining, setExplaining] = useState(false);
  const can = state === "on" || state === "off";
  return (
    <Paper className={classes.card} component="section" aria-labelledby="notices-title">
      <Title order={2} id="notices-title">
        {t("notices.title")}
      </Title>
      <Switch
        className={classes.switch}
        label={t("notices.device")}
        description={state && !can ? t(`notices.cannot.${state}`) : t("notices.deviceHint")}
        checked={state === "on"}
        disabled={!can || set.isPending}
        onChange={(e) => {
          if (e.currentTarget.checked) setExplaining(true);
          else set.mutate(false);
        }}
      />
      {set.error && <Failure error={set.error} title={t("notices.failed")} />}
      <Switch
        className={classes.switch}
        label={t("notices.push")}
        description={t("notices.pushHint")}
        checked={reach.push}
        onChange={(e) => {
          change.mutate({ push: e.currentTarget.checked });
        }}
      />
      <Switch
        className={classes.switch}
        label={t("notices.email")}
        description={t("notices.emailHint")}
        checked={reach.email}
        onChange={(e) => {
          change.mutate({ email: e.currentTarget.checked });
        }}
      />
      <Divider />
      <QuietHours
        quiet={reach.quiet}
        busy={change.isPending}
        onSave={(quiet) => {
          change.mutate({ quiet });
        }}
      />
      <Switch
        className={classes.switch}
        label={t("notices.urgent")}
        description={t("notices.urgentHint")}
        checked={reach.urgent_anyway}
        onChange={(e) => {
          change.mutate({ urgent_anyway: e.currentTarget.checked });
        }}
      />
      {!reach.email && !reach.push && (
        <Text size="sm" c="var(--t-waits)" role="status">
          {t("notices.nothing")}
        </Text>
      )}
      <Explain
        opened={explaining}
        onNo={() => {
          setExplaining(false);
        }}
        onYes={() => {
          setExplaining(false);
          set.mutate(true);
          if (!reach.push) change.mutate({ push: true });
        }}
      />
    </Paper>
  );
}

