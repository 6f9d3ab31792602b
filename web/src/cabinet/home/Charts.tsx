import { Grid, Group, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Totals } from "../../api/types";
import { Failure } from "../../shared/Failure";
import { dateIn, seconds } from "../../shared/time";
import { useTimes } from "../../shared/zone";
import { Chart } from "./Chart";
import { between, daysOf, RANGES, type Range } from "./filters";

/** The figures of a week or a month, and when the calls came. */
export default function Charts({ range, onRange }: { range: Range; onRange: (range: Range) => void }) {
  const { t, i18n } = useTranslation();
  const { zone } = useTimes();
  const days = daysOf({ period: range }, dateIn(new Date(), zone));
  const query = between(days ?? { first: "", last: "" }, zone);
  const { data, error, refetch } = api.useQuery(
    "get",
    "/api/figures",
    { params: { query } },
    { placeholderData: (before) => before },
  );
  const weekdays = t("figures.weekdays").split(",");
  const months = t("time.months").split(",");
  const dayName = (date: string) => {
    const [, month, day] = date.split("-").map(Number);
    return `${String(day)} ${months[(month ?? 1) - 1] ?? ""}`;
  };
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={t("figures.range")}
          data={RANGES.map((value) => ({ value, label: t(`figures.${value}`) }))}
          value={range}
          onChange={(value) => {
            onRange(value as Range);
          }}
        />
        {data && <Sums totals={data.totals} language={i18n.language} />}
      </Group>
      {error ? (
        <Failure error={error} action={{ label: t("common.retry"), run: () => void refetch() }} />
      ) : !data ? (
        <Skeleton h={240} />
      ) : data.totals.calls === 0 ? (
        <Text c="dimmed" size="sm">
          {t("figures.empty")}
        </Text>
      ) : (
        <Grid gap="lg">
          <Grid.Col span={12}>
            <Chart
              title={t("figures.byDay")}
              column={t("figures.day")}
              bars={data.by_day.map((day) => ({ name: dayName(day.date), totals: day }))}
            />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 8 }}>
            <Chart
              title={t("figures.byHour")}
              column={t("figures.hour")}
              bars={data.by_hour.map((totals, hour) => ({ name: String(hour), totals }))}
            />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 4 }}>
            <Chart
              title={t("figures.byWeekday")}
              column={t("figures.weekday")}
              bars={data.by_weekday.map((totals, day) => ({ name: weekdays[day] ?? "", totals }))}
            />
          </Grid.Col>
        </Grid>
      )}
    </Stack>
  );
}

function Sums({ totals, language }: { totals: Totals; language: string }) {
  const { t } = useTranslation();
  const { answer_ms_average: average, service_level: level } = totals;
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent" });
  const sums: [string, string][] = [
    [t("figures.calls"), number.format(totals.calls)],
    [t("figures.answered"), number.format(totals.answered)],
    [t("figures.lost"), number.format(totals.lost)],
  ];
  if (typeof average === "number")
    sums.push([t("figures.answer"), t("time.seconds", { value: seconds(average, language) })]);
  if (typeof level === "number") sums.push([t("figures.level"), percent.format(level)]);
  return (
    <Group component="dl" gap="md" m={0}>
      {sums.map(([name, value]) => (
        <Group key={name} gap="xxs" component="div">
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} fw={600} size="sm">
            {value}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
