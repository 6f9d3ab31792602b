import { Button, Center, Group, Loader, Paper, Skeleton, Stack, Title } from "@mantine/core";
import { IconPhone, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useAdmin } from "../../session/session";
import { Empty } from "../../shared/Empty";
import { Failure } from "../../shared/Failure";
import { paging } from "../../shared/paging";
import { useTimes } from "../../shared/zone";
import { CallItem } from "./CallItem";
import classes from "./calls.module.css";
import { ExportMenu } from "./ExportMenu";
import { callQuery } from "./filters";
import { Filters } from "./Filters";
import { Today } from "./Today";
import { useHome } from "./useHome";
import { useWhole } from "./useWhole";

const PAGE = 30;

/** «Звонки»: the live list with its figures, filters and search. */
export function CallsPanel() {
  const { t } = useTranslation();
  const { zone } = useTimes();
  const admin = useAdmin();
  const { search, change } = useHome();
  const query = callQuery(search, zone);
  const filtered = Object.keys(query).length > 0;
  const list = api.useInfiniteQuery(
    "get",
    "/api/calls",
    { params: { query: { limit: PAGE, ...query } } },
    { ...paging, placeholderData: (before) => before },
  );
  const calls = list.data?.pages.flatMap((page) => page.items) ?? [];
  const looking = useWhole(list, PAGE);
  const linked = search.call && list.data && !calls.some(({ id }) => id === search.call) ? search.call : null;
  const toggle = (id: string) => {
    change({ call: id === search.call ? undefined : id, t: undefined });
  };
  const reset = () => {
    change({
      result: undefined,
      direction: undefined,
      line: undefined,
      period: undefined,
      from: undefined,
      to: undefined,
      waiting: undefined,
      find: undefined,
    });
  };

  return (
    <Paper component="section" aria-labelledby="calls-title">
      <Group justify="space-between" px="md" pt="md" gap="xs">
        <Group gap="xs">
          <Title order={2} id="calls-title">
            {t("calls.title")}
          </Title>
        </Group>
        {admin && <Today />}
      </Group>
      <Filters>
        <ExportMenu list="/api/calls" query={query} empty={calls.length === 0} />
      </Filters>
      {linked && <LinkedCall id={linked} start={search.t} onToggle={toggle} />}
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
              opened={call.id === search.call}
              start={search.t}
              onToggle={() => {
                toggle(call.id);
              }}
            />
          ))}
        </ul>
      ) : looking ? null : filtered ? (
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
          hint={t(admin ? "calls.emptyHint" : "calls.emptyOwn")}
          {...(admin && {
            action: (
              <Button renderRoot={(props) => <Link to="/cabinet/lines" {...props} />}>
                {t("calls.emptyAction")}
              </Button>
            ),
          })}
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

/** The call of a link, which need not be among those that are shown. */
function LinkedCall({
  id,
  start,
  onToggle,
}: {
  id: string;
  start: number | undefined;
  onToggle: (id: string) => void;
}) {
  const { t } = useTranslation();
  const { data: call, error } = api.useQuery("get", "/api/calls/{id}", { params: { path: { id } } });
  if (error) {
    return (
      <div className={classes.pad}>
        <Failure
          error={error}
          title={t("calls.linkBroken")}
          action={{
            label: t("common.close"),
            run: () => {
              onToggle(id);
            },
          }}
        />
      </div>
    );
  }
  if (!call) return null;
  return (
    <ul className={classes.list} aria-label={t("calls.linked")}>
      <CallItem
        call={call}
        opened
        start={start}
        onToggle={() => {
          onToggle(id);
        }}
      />
    </ul>
  );
}
