import { Paper, ScrollArea, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { BoardFigures } from "../api/types";
import { duration } from "../shared/time";
import classes from "./board.module.css";
import { rows } from "./rows";
import type { BoardCompany } from "./wire";

interface Props {
  waiting: readonly BoardCompany[];
  figures: BoardFigures | undefined;
  now: number;
}

/** Each company with who waits for it and how its day goes: those that are waited for first. */
export function Companies({ waiting, figures, now }: Props) {
  const { t, i18n } = useTranslation();
  const all = rows(waiting, figures?.companies ?? []);
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent" });
  return (
    <Paper p="md" component="section" aria-labelledby="companies-title">
      <Title order={2} id="companies-title" mb="xs">
        {t("board.companies")}
      </Title>
      {all.length === 0 ? (
        <Text c="dimmed">{t("board.noCalls")}</Text>
      ) : (
        <ScrollArea type="auto" viewportProps={{ role: "region", tabIndex: 0, "aria-labelledby": "companies-title" }}>
          <Table className={classes.companies}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("board.company")}</Table.Th>
                <Table.Th>{t("board.waitingShort")}</Table.Th>
                <Table.Th>{t("board.longestShort")}</Table.Th>
                <Table.Th title={t("board.levelHint")}>{t("board.levelShort")}</Table.Th>
                <Table.Th>{t("board.answeredShort")}</Table.Th>
                <Table.Th>{t("board.lostShort")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {all.map(({ id, name, waits, since, totals }) => {
                const look = waits > 0 ? { c: "var(--t-waits)", fw: 600 } : {};
                const level = totals?.service_level;
                return (
                  <Table.Tr key={id}>
                    <Table.Th scope="row">{name}</Table.Th>
                    <Table.Td>
                      <Text inherit {...look}>
                        {waits}
                      </Text>
                    </Table.Td>
                    <Table.Td className={classes.figures}>
                      <Text inherit {...look}>
                        {since ? duration(now - Date.parse(since)) : "—"}
                      </Text>
                    </Table.Td>
                    <Table.Td>{typeof level === "number" ? percent.format(level) : "—"}</Table.Td>
                    <Table.Td>{totals?.answered ?? 0}</Table.Td>
                    <Table.Td>
                      <Text inherit {...(totals && totals.lost > 0 && { c: "var(--t-lost)", fw: 600 })}>
                        {totals?.lost ?? 0}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
    </Paper>
  );
}
