import { MultiSelect } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { Failure } from "../shared/Failure";
import { paging } from "../shared/paging";

interface Props {
  /** Ids of those that are chosen. */
  value: string[];
  onChange: (value: string[]) => void;
}

/** As many as the server tells at once. */
const PAGE = 200;
/** Of those that are found by a name. */
const FOUND = 50;

/** Companies to choose, however many there are: the newest are offered, the others are looked for by name. */
export function CompanyChoice({ value, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 300);
  /** Names of those that were chosen here: what they were found by is gone by then. */
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const list = api.useInfiniteQuery("get", "/api/platform/companies", { params: { query: { limit: PAGE } } }, paging);
  const found = api.useQuery(
    "get",
    "/api/platform/companies",
    { params: { query: { limit: FOUND, search } } },
    { enabled: search !== "", placeholderData: (before) => before },
  );
  const offered = [...(list.data?.pages.flatMap((page) => page.items) ?? []), ...(found.data?.items ?? [])];
  const names = new Map([...chosen, ...offered.map(({ id, name }) => [id, name] as const)]);
  const nameless = value.some((id) => !names.has(id));
  const { hasNextPage, isFetching, fetchNextPage } = list;
  useEffect(() => {
    if (nameless && hasNextPage && !isFetching) void fetchNextPage();
  }, [nameless, hasNextPage, isFetching, fetchNextPage]);

  const error = list.error ?? found.error;
  if (error) return <Failure error={error} />;
  return (
    <MultiSelect
      label={t("platform.companies")}
      placeholder={t("platform.search")}
      data={[...names].map(([id, label]) => ({ value: id, label }))}
      // Those of companies that are gone, or not read yet, are kept unseen.
      value={value.filter((id) => names.has(id))}
      onChange={(ids) => {
        setChosen(new Map(ids.map((id) => [id, names.get(id) ?? ""])));
        onChange([...ids, ...value.filter((id) => !names.has(id))]);
      }}
      searchValue={text}
      onSearchChange={setText}
      nothingFoundMessage={t(search === text.trim() && !found.isFetching ? "platform.nothing" : "platform.looking")}
      limit={PAGE}
      disabled={!list.data}
      searchable
      clearable
    />
  );
}
