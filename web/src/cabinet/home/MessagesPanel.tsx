import { Button, Center, Group, Loader, Paper, Skeleton, Stack, Title } from "@mantine/core";
import { IconMessage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { Empty } from "../../shared/Empty";
import { Failure } from "../../shared/Failure";
import { paging } from "../../shared/paging";
import { SearchInput } from "../../shared/SearchInput";
import { useTimes } from "../../shared/zone";
import classes from "./calls.module.css";
import { ExportMenu } from "./ExportMenu";
import { messageQuery } from "./filters";
import { MessageCard } from "./MessageCard";
import { useTyped } from "../../shared/typed";
import { useHome } from "./useHome";
import { useWhole } from "./useWhole";

const PAGE = 10;

/** «Сообщения»: everything that operators wrote down, newest first. */
export function MessagesPanel() {
  const { t } = useTranslation();
  const { zone } = useTimes();
  const { search, change } = useHome();
  const typed = useTyped(search.messages, (text) => {
    change({ messages: text });
  });
  const query = messageQuery(search, zone);
  const filtered = Object.keys(query).length > 0;
  const list = api.useInfiniteQuery(
    "get",
    "/api/messages",
    { params: { query: { limit: PAGE, ...query } } },
    {
      ...paging,
      placeholderData: (before) => before,
    },
  );
  const messages = list.data?.pages.flatMap((page) => page.items) ?? [];
  const looking = useWhole(list, PAGE);
  return (
    <Paper component="section" aria-labelledby="messages-title">
      <Group px="md" py="sm" gap="xs">
        <Group gap="xs" mr="auto">
          <Title order={2} id="messages-title">
            {t("messages.title")}
          </Title>
        </Group>
        <SearchInput label={t("messages.search")} {...typed} size="sm" w={{ base: "100%", xs: 280 }} />
        <ExportMenu list="/api/messages" query={query} empty={messages.length === 0} />
      </Group>
      {list.error ? (
        <div className={classes.pad}>
          <Failure
            error={list.error}
            title={t("error.load")}
            action={{ label: t("common.retry"), run: () => void list.refetch() }}
          />
        </div>
      ) : list.isPending ? (
        <Stack gap="xs" p="md" aria-busy>
          <Skeleton height={48} />
          <Skeleton height={48} />
        </Stack>
      ) : messages.length > 0 ? (
        <ul className={classes.list}>
          {messages.map((message) => (
            <li key={message.id} className={`${classes.item ?? ""} ${classes.pad ?? ""}`}>
              <MessageCard message={message} caller />
            </li>
          ))}
        </ul>
      ) : looking ? null : (
        <Empty
          icon={<IconMessage />}
          title={t(filtered ? "messages.nothing" : "messages.empty")}
          {...(filtered ? { hint: t("messages.nothingHint") } : { hint: t("messages.emptyHint") })}
        />
      )}
      {looking && (
        <Center p="sm" role="status">
          <Group gap="xs">
            <Loader size="xs" aria-hidden />
            {t("calls.looking")}
          </Group>
        </Center>
      )}
      {list.hasNextPage && !looking && (
        <Center p="sm">
          <Button
            variant="subtle"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t("common.more")}
          </Button>
        </Center>
      )}
    </Paper>
  );
}
