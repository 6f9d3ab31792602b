import { Group, Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useAdmin } from "../../session/session";
import { shifted } from "../../shared/day";
import { SearchInput } from "../../shared/SearchInput";
import { dateIn } from "../../shared/time";
import { useTimes } from "../../shared/zone";
import { daysOf, DIRECTIONS, PERIODS, RESULTS, type Period } from "./filters";
import { useTyped } from "../../shared/typed";
import { useHome } from "./useHome";

const WIDTH = { size: "sm", flex: { base: 1, xs: "none" }, miw: 140, w: { base: "auto", xs: 190 } } as const;
const WAITING = "waiting";

/**
 * What is shown of the calls: direction or result, line, period, search. All of it stands in the address. At
 * the right, what is done with what is shown.
 */
export function Filters({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { search, change } = useHome();
  const find = useTyped(search.find, (text) => {
    change({ find: text });
  });
  const admin = useAdmin();
  const { data: lines } = api.useQuery("get", "/api/lines", {}, { enabled: admin });
  return (
    <Group px="md" py="sm" gap="xs">
      <Select
        {...WIDTH}
        aria-label={t("calls.filterResult")}
        placeholder={t("calls.allResults")}
        data={[
          ...DIRECTIONS.map((value) => ({ value: value as string, label: t(`calls.direction.${value}`) })),
          { value: WAITING, label: t("calls.waitingFilter") },
          ...RESULTS.map((value) => ({ value: value as string, label: t(`result.${value}`) })),
        ]}
        value={search.waiting ? WAITING : (search.direction ?? search.result ?? null)}
        onChange={(value) => {
          change({
            waiting: value === WAITING ? true : undefined,
            direction: DIRECTIONS.find((one) => one === value),
            result: RESULTS.find((one) => one === value),
          });
        }}
        clearable
      />
      {admin && (
        <Select
          {...WIDTH}
          aria-label={t("calls.filterLine")}
          placeholder={t("calls.allLines")}
          data={lines?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={search.line ?? null}
          onChange={(line) => {
            change({ line: line ?? undefined });
          }}
          clearable
        />
      )}
      <PeriodFields />
      <SearchInput label={t("calls.search")} {...find} size="sm" flex={1} miw={{ base: "100%", xs: 200 }} />
      {children}
    </Group>
  );
}

function PeriodFields() {
  const { t } = useTranslation();
  const { zone } = useTimes();
  const { search, change } = useHome();
  const today = dateIn(new Date(), zone);
  const choose = (period: Period | undefined) => {
    const days = daysOf(search, today) ?? { first: shifted(today, -6), last: today };
    change({
      period,
      from: period === "own" ? days.first : undefined,
      to: period === "own" ? days.last : undefined,
    });
  };
  return (
    <>
      <Select
        {...WIDTH}
        aria-label={t("calls.filterPeriod")}
        placeholder={t("calls.allTime")}
        data={PERIODS.map((value) => ({ value, label: t(`period.${value}`) }))}
        value={search.period ?? null}
        onChange={(value) => {
          choose((value as Period | null) ?? undefined);
        }}
        clearable
      />
      {search.period === "own" && (
        <>
          <TextInput
            type="date"
            size="sm"
            flex={{ base: 1, xs: "none" }}
            aria-label={t("period.from")}
            value={search.from ?? ""}
            {...(search.to && { max: search.to })}
            onChange={(e) => {
              if (e.currentTarget.value) change({ from: e.currentTarget.value });
            }}
          />
          <TextInput
            type="date"
            size="sm"
            flex={{ base: 1, xs: "none" }}
            aria-label={t("period.to")}
            value={search.to ?? ""}
            {...(search.from && { min: search.from })}
            onChange={(e) => {
              if (e.currentTarget.value) change({ to: e.currentTarget.value });
            }}
          />
        </>
      )}
    </>
  );
}
