import { Button, Center, Group, Paper, Select, Skeleton, Stack, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPhone, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { CallResult } from "../../api/types";
import { Empty } from "../../shared/Empty";
import { Failure } from "../../shared/Failure";
import { paging } from "../../shared/paging";
import { CallItem } from "./CallItem";
import classes from "./calls.module.css";
import { Today } from "./Today";

const PAGE = 30;
const RESULTS: readonly CallResult[] = [
  "message_taken",
  "voice_message",
  "lost",
  "dropped",
  "wrong_number",
  "spam",
  "outside_hours",
  "test_call",
];

/** «Звонки»: the live list with its figures, filters and search. */
export function CallsPanel() {
  const { t } = useTranslation();
  const [line, setLine] = useState<string | null>(null);
  const [result, setResult] = useState<CallResult | null>(null);
  const [text, setText] = useState("");
  const [opened, setOpened] = useState<string | null>(null);
  const [search] = useDebouncedValue(text.trim(), 250);
  const { data: lines } = api.useQuery("get", "/api/lines");
  const query = { limit: PAGE, ...(line && { line }), ...(result && { result }), ...(search && { search }) };
  const list = api.useInfiniteQuery(
    "get",
    "/api/calls",
    { params: { query } },
    {
      ...paging,
      placeholderData: (before) => before,
    },
  );
  const calls = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = line !== null || result !== null || search !== "";
  const reset = () => {
    setLine(null);
    setResult(null);
    setText("");
  };

  return (
    <Paper component="section" aria-labelledby="calls-title">
      <Group justify="space-between" px="md" pt="md" gap="xs">
        <Title order={2} id="calls-title">
          {t("calls.title")}
        </Title>
        <Today />
      </Group>
      <Group px="md" py="sm" gap="xs">
        <Select
          aria-label={t("calls.filterResult")}
          placeholder={t("calls.allResults")}
          data={RESULTS.map((value) => ({ value, label: t(`result.${value}`) }))}
          value={result}
          onChange={(value) => {
            setResult(value as CallResult | null);
          }}
          clearable
          size="sm"
          flex={{ base: 1, xs: "none" }}
          miw={140}
          w={{ base: "auto", xs: 200 }}
        />
        <Select
          aria-label={t("calls.filterLine")}
          placeholder={t("calls.allLines")}
          data={lines?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={line}
          onChange={setLine}
          clearable
          size="sm"
          flex={{ base: 1, xs: "none" }}
          miw={140}
          w={{ base: "auto", xs: 200 }}
        />
        <TextInput
          aria-label={t("calls.search")}
          placeholder={t("calls.search")}
          leftSection={<IconSearch size="1em" />}
          type="search"
          size="sm"
          flex={1}
          miw={{ base: "100%", xs: 200 }}
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
          {Array.from({ length: 6 }, (_, i) => (
            <Skeleton key={i} height={36} />
          ))}
        </Stack>
      ) : calls.length > 0 ? (
        <ul className={classes.list}>
          {calls.map((call) => (
            <CallItem
              key={call.id}
              call={call}
              opened={call.id === opened}
              onToggle={() => {
                setOpened(call.id === opened ? null : call.id);
              }}
            />
          ))}
        </ul>
      ) : filtered ? (
        <Empty
          icon={<IconSearch />}
          title={t("calls.nothing")}
          hint={t("calls.nothingHint")}
          action={
            <Button variant="light" onClick={reset}>
              {t("calls.resetFilters")}
            </Button>
          }
        />
      ) : (
        <Empty
          icon={<IconPhone />}
          title={t("calls.empty")}
          hint={t("calls.emptyHint")}
          action={
            <Button renderRoot={(props) => <Link to="/cabinet/lines" {...props} />}>
              {t("calls.emptyAction")}
            </Button>
          }
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
