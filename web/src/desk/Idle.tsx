import { Alert, Paper } from "@mantine/core";
import { IconCoffee, IconHeadset } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../shared/Empty";
import classes from "./desk.module.css";
import type { Desk } from "./machine";

const AskNotices = lazy(() => import("./AskNotices"));

/** The middle of the desk between calls. */
export function Idle({ desk }: { desk: Desk }) {
  const { t } = useTranslation();
  const ready = desk.state === "ready" || desk.state === "offered";
  return (
    <Paper className={classes.idle}>
      {desk.withdrawn && (
        <Alert color="amber" m="md" mb={0} role="status">
          {t(`desk.withdrawn.${desk.withdrawn}`)}
        </Alert>
      )}
      <Suspense>
        <AskNotices />
      </Suspense>
      <Empty
        icon={ready ? <IconHeadset /> : <IconCoffee />}
        title={t(ready ? "desk.idle.ready" : "desk.idle.away")}
        hint={t(ready ? "desk.idle.readyHint" : "desk.idle.awayHint")}
      />
    </Paper>
  );
}
