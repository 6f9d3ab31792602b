import { Button, SegmentedControl, Skeleton, Stack, Title } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { IconInbox, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { MessageState } from "../../message/contract";
import { useSession } from "../../session/session";
import { Empty } from "../../shared/Empty";
import { Failure } from "../../shared/Failure";
import { useTitle } from "../../shared/title";
import { isAway } from "../data/connection";
import { messageList } from "../data/queries";
import { Ask } from "../device/Ask";
import { applied } from "../outbox/deed";
import { useWaiting } from "../outbox/useWaiting";
import { SearchField } from "../SearchField";
import { STATES, type InboxSearch } from "./filters";
import { MessageItem } from "./MessageItem";
import classes from "./messages.module.css";

/** The list, newest first: what is unread stands out, what is urgent is marked. */
export function MessageList({ chosen }: { chosen?: string | undefined }) {
  const { t } = useTranslation();
  const session = useSession();
  const { entries } = useWaiting();
  const { show, find } = useSearch({ from: "/app/inbox" });
  const list = useInfiniteQuery({
    ...messageList({ ...(show && { state: show }), ...(find && { search: find }) }),
    placeholderData: (before) => before,
  });
  const me = session?.user.name ?? "";
  const pages = list.data?.pages ?? [];
  const rows = pages
    .flatMap((page) => page.items)
    .map((message) => applied(message, entries, me))
    .filter((message) => !show || message.state === show || message.id === chosen);
  useTitle(chosen ? "" : t("app.nav.messages"), chosen === undefined);
  return (
    <section aria-labelledby="messages-title" className={classes.list}>
      <Controls titled={chosen === undefined} />
      <Ask />
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
            <Skeleton key={i} height={76} />
          ))}
        </Stack>
      ) : rows.length > 0 ? (
        <ul className={classes.rows} aria-labelledby="messages-title">
          {rows.map((message) => (
            <MessageItem
              key={message.id}
              message={message}
              chosen={message.id === chosen}
              pending={entries.some((it) => it.message === message.id && it.deed.kind !== "read")}
            />
          ))}
        </ul>
      ) : list.hasNextPage ? null : (
        <Nothing show={show} find={find} />
      )}
      <More list={list} />
    </section>
  );
}

/** What is looked for, and which messages are shown. */
function Controls({ titled }: { titled: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { show, find } = useSearch({ from: "/app/inbox" });
  const change = (search: { [K in keyof InboxSearch]: InboxSearch[K] | undefined }) => {
    void navigate({
      to: ".",
      search: (before) => ({ ...before, ...search }) as never,
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <div className={classes.controls}>
      <Title order={titled ? 1 : 2} size="h1" id="messages-title" className={classes.title}>
        {t("app.nav.messages")}
      </Title>
      <SearchField
        find={find}
        onFind={(text) => {
          change({ find: text });
        }}
      />
      <SegmentedControl
        fullWidth
        size="sm"
        aria-label={t("app.which")}
        value={show ?? "all"}
        onChange={(value) => {
          change({ show: STATES.find((state) => state === value) });
        }}
        data={(["all", ...STATES] as const).map((value) => ({ value, label: t(`app.show.${value}`) }))}
      />
    </div>
  );
}

/** An empty list says what would be here. */
function Nothing({ show, find }: { show: MessageState | undefined; find: string | undefined }) {
  const { t } = useTranslation();
  if (find) return <Empty icon={<IconSearch />} title={t("messages.nothing")} hint={t("app.nothingHint")} />;
  const what = show ?? "all";
  return (
    <Empty
      icon={<IconInbox />}
      title={t(`app.empty.${what}`)}
      hint={isAway() ? t("app.emptyAway") : t(`app.emptyHint.${what}`)}
    />
  );
}

interface Listed {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
}

/** Goes on by itself when the end of the list comes into sight. */
function More({ list }: { list: Listed }) {
  const { t } = useTranslation();
  const { ref, entry } = useIntersection({ rootMargin: "400px" });
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const seen = entry?.isIntersecting ?? false;
  useEffect(() => {
    if (seen && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [seen, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <div ref={ref} className={classes.more}>
      <Button variant="subtle" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {t("common.more")}
      </Button>
    </div>
  );
}
