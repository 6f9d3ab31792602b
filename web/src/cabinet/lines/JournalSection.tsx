import { Button, Skeleton, Text, Title } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { Failure } from "../../shared/Failure";
import { paging } from "../../shared/paging";
import { Moment } from "../../shared/Moment";
import classes from "./lines.module.css";

/** «Журнал подключения»: what happened with the registration, when. */
export function JournalSection({ line }: { line: string }) {
  const { t } = useTranslation();
  const list = api.useInfiniteQuery(
    "get",
    "/api/lines/{id}/journal",
    { params: { path: { id: line }, query: {} } },
    {
      ...paging,
    },
  );
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={classes.section} aria-labelledby={`journal-${line}`}>
      <Title order={2} id={`journal-${line}`} mb="sm">
        {t("journal.title")}
      </Title>
      {list.error && <Failure error={list.error} />}
      {list.isPending && <Skeleton h={60} />}
      {list.isSuccess && rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("journal.empty")}
        </Text>
      )}
      <ol className={classes.journal}>
        {rows.map((row, index) => (
          <li key={index}>
            <span className={classes.when}>
              <Moment at={row.at} />
            </span>
            {row.ok ? (
              <IconCheck size="1.1em" className={classes.good} role="img" aria-label={t("journal.ok")} />
            ) : (
              <IconX size="1.1em" className={classes.bad} role="img" aria-label={t("journal.bad")} />
            )}
            <span>{row.text}</span>
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
    </section>
  );
}
