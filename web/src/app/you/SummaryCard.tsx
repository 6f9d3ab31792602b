import { Paper, SegmentedControl, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Summary } from "../../message/contract";
import { Failure } from "../../shared/Failure";
import { useSummary } from "./useReach";
import classes from "./you.module.css";

const ALL: readonly Summary[] = ["none", "day", "week"];

/** «Сводка»: calls, messages, and who was not called back, by letter. */
export function SummaryCard({ summary }: { summary: Summary }) {
  const { t } = useTranslation();
  const set = useSummary();
  return (
    <Paper className={classes.card} component="section" aria-labelledby="summary-title">
      <div>
        <Title order={2} id="summary-title">
          {t("summary.title")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("summary.hint")}
        </Text>
      </div>
      <SegmentedControl
        aria-labelledby="summary-title"
        fullWidth
        value={summary}
        onChange={(value) => {
          set.mutate(value as Summary);
        }}
        data={ALL.map((value) => ({ value, label: t(`summary.${value}`) }))}
      />
      {set.error && <Failure error={set.error} />}
    </Paper>
  );
}
