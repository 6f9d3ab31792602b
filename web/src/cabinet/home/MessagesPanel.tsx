import { Button, Center, Group, Paper, Skeleton, Stack, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconMessage, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { Empty } from "../../shared/Empty";
import { Failure } from "../../shared/Failure";
import { paging } from "../../shared/paging";
import classes from "./calls.module.css";
import { MessageCard } from "./MessageCard";

const PAGE = 10;

/** «Сообщения»: everything that operators wrote down, newest first. */
export function MessagesPanel() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 250);
  const list = api.useInfiniteQuery(
    "get",
    "/api/messages",
    { params: { query: { limit: PAGE, ...(search && { search }) } } },
    {
      ...paging,
      placeholderData: (before) => before,
    },
  );
  const messages = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Paper component="section" aria-labelledby="messages-title">
      <Group justify="space-between" px="md" py="sm" gap="xs">
        <Title order={2} id="messages-title">
          {t("messages.title")}
        </Title>
        <TextInput
          aria-label={t("messages.search")}
          placeholder={t("messages.search")}
          leftSection={<IconSearch size="1em" />}
          type="search"
          size="sm"
          w={{ base: "100%", xs: 280 }}
          value={text}
          onChange={(e) => {
            setText(e.currentTarget.value);
          }}
        />
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
      ) : (
        <Empty
          icon={<IconMessage />}
          title={t(search ? "messages.nothing" : "messages.empty")}
          {...(search ? {} : { hint: t("messages.emptyHint") })}
        />
      )}
      {list.hasNextPage && (
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
