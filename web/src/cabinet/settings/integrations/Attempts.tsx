import { Button, Skeleton, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../../api/client";
import { reason } from "../../../message/reason";
import { Failure } from "../../../shared/Failure";
import { Moment } from "../../../shared/Moment";
import { paging } from "../../../shared/paging";
import classes from "./integrations.module.css";
import { word } from "./kinds";

/** What was tried at a receiver, the newest first; each event can be sent once more. */
export function Attempts({ webhook }: { webhook: string }) {
  const { t } = useTranslation();
  const list = api.useInfiniteQuery(
    "get",
    "/api/webhooks/{id}/attempts",
    { params: { path: { id: webhook }, query: {} } },
    { ...paging, refetchInterval: 10_000 },
  );
  const resend = api.useMutation("post", "/api/webhooks/{id}/events/{seq}/resend", {
    onSettled: () => refresh("/api/webhooks/{id}/attempts"),
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {list.error && <Failure error={list.error} />}
      {resend.error && <Failure error={resend.error} />}
      {list.isPending && <Skeleton h={60} />}
      {list.isSuccess && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("webhooks.noAttempts")}
        </Text>
      )}
      <ol className={classes.attempts}>
        {rows.map((row) => (
          <li key={row.id}>
            {row.ok ? (
              <IconCheck size="1.1em" className={classes.good} role="img" aria-label={t("webhooks.taken")} />
            ) : (
              <IconX size="1.1em" className={classes.bad} role="img" aria-label={t("webhooks.refused")} />
            )}
            <span className={classes.when}>
              <Moment at={row.at} />
            </span>
            <span className={classes.what}>
              {row.kind ? t(`webhooks.kind.${word(row.kind)}`) : t(row.seq ? "webhooks.oldEvent" : "webhooks.testEvent")}
              <Text span size="xs" c="dimmed">
                {" "}
                {row.seq ? `№ ${String(row.seq)} · ` : ""}
                {row.error ? reason(row.error, t) : row.status ? `HTTP ${String(row.status)}` : ""} · {row.ms} {t("webhooks.ms")}
              </Text>
            </span>
            {row.seq && row.kind ? (
              <Button
                variant="subtle"
                size="compact-xs"
                loading={resend.isPending && resend.variables.params.path.seq === row.seq}
                onClick={() => {
                  resend.mutate({ params: { path: { id: webhook, seq: row.seq ?? 0 } } });
                }}
              >
                {t("webhooks.resend")}
              </Button>
            ) : (
              <span />
            )}
          </li>
        ))}
      </ol>
      {list.hasNextPage && (
        <Button
          variant="subtle"
          size="xs"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t("common.more")}
        </Button>
      )}
    </>
  );
}
