import { Paper, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { duration } from "../shared/time";
import classes from "./board.module.css";
import type { BoardCompany } from "./wire";

/** Whom callers wait for, the longest wait first. */
export function Companies({ companies, now }: { companies: readonly BoardCompany[]; now: number }) {
  const { t } = useTranslation();
  return (
    <Paper p="md" component="section" aria-labelledby="companies-title">
      <Title order={2} id="companies-title" mb="xs">
        {t("board.companies")}
      </Title>
      {companies.length === 0 ? (
        <Text c="dimmed">{t("board.nobodyWaits")}</Text>
      ) : (
        <ul className={classes.list}>
          {companies.map(({ id, name, waiting, longest_wait_since }) => (
            <li key={id} className={classes.company}>
              <Text className={classes.person} truncate flex={1}>
                {name}
              </Text>
              <Text className={classes.person} c="var(--t-waits)">
                {t("board.waits", { count: waiting })}
              </Text>
              <Text className={classes.timer}>{duration(now - Date.parse(longest_wait_since))}</Text>
            </li>
          ))}
        </ul>
      )}
    </Paper>
  );
}
