import { Button, Paper, Skeleton, Stack, Title } from "@mantine/core";
import { IconPhone, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { CallItem } from "../../cabinet/home/CallItem";
import calls from "../../cabinet/home/calls.module.css";
import { Empty } from "../../shared/Empty";
import { Failure } from "../../shared/Failure";
import { useTitle } from "../../shared/title";
import { callList } from "../data/queries";
import classes from "../messages/messages.module.css";
import { SearchField } from "../SearchField";

/** «Звонки»: those of which the person got a message. */
export default function CallsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/app/calls" });
  const { find, call: opened } = useSearch({ from: "/app/calls" });
  const list = useInfiniteQuery({ ...callList(find), placeholderData: (before) => before });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (search: { find?: string | undefined; call?: string | undefined }) => {
    void navigate({
      search: (before) => ({ ...before, ...search }) as never,
      replace: true,
      resetScroll: false,
    });
  };
  useTitle(t("app.nav.calls"));
  return (
    <section aria-labelledby="calls-title" className={classes.list}>
      <div className={classes.controls}>
        <Title order={1} id="calls-title" className={classes.title}>
          {t("app.nav.calls")}
        </Title>
        <SearchField
          find={find}
          onFind={(text) => {
            change({ find: text });
          }}
        />
      </div>
      {list.error && rows.length === 0 ? (
        <div className={classes.pad}>
          <Failure
            error={list.error}
            title={t("error.load")}
            action={{ label: t("common.retry"), run: () => void list.refetch() }}
          />
        </div>
      ) : list.isPending ? (
        <Stack gap="xs" p="md" aria-busy>
          {Array.from({ length: 6 }, (_, i) => (
            <Skeleton key={i} height={64} />
          ))}
        </Stack>
      ) : rows.length > 0 ? (
        <Paper radius={0} withBorder={false}>
          <ul className={calls.list}>
            {rows.map((call) => (
              <CallItem
                key={call.id}
                call={call}
                opened={call.id === opened}
                narrow
                onToggle={() => {
                  change({ call: call.id === opened ? undefined : call.id });
                }}
              />
            ))}
          </ul>
        </Paper>
      ) : (
        <Empty
          icon={find ? <IconSearch /> : <IconPhone />}
          title={t(find ? "calls.nothing" : "calls.empty")}
          hint={t(find ? "app.nothingHint" : "calls.emptyOwn")}
        />
      )}
      {list.hasNextPage && (
        <div className={classes.more}>
          <Button
            variant="subtle"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t("common.more")}
          </Button>
        </div>
      )}
    </section>
  );
}
