import { Button, Paper, Table } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./settings.module.css";

interface Props {
  label: string;
  columns: readonly string[];
  /** Shares of the width, in percent. */
  shares: readonly number[];
  children: ReactNode;
  empty: ReactNode | null;
  onAdd: () => void;
}

/** A table whose rows are fields, with «Добавить» under it; on a phone each row is a card. */
export function RowTable({ label, columns, shares, children, empty, onAdd }: Props) {
  const { t } = useTranslation();
  return (
    <Paper className={classes.frame}>
      {empty ?? (
        <Table aria-label={label} className={classes.table}>
          <colgroup>
            {columns.map((column, index) => (
              <col key={column} width={`${String(shares[index] ?? 0)}%`} />
            ))}
            <col />
          </colgroup>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column}>{column}</Table.Th>
              ))}
              <Table.Th aria-hidden />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
      )}
      <div className={classes.add}>
        <Button variant="light" leftSection={<IconPlus size="1.1em" />} onClick={onAdd}>
          {t("common.add")}
        </Button>
      </div>
    </Paper>
  );
}

/** A cell with its field; on a phone the column's name stands above it. */
export function Cell({ column, children }: { column?: string; children: ReactNode }) {
  return (
    <Table.Td data-column={column} className={classes.cell}>
      {children}
    </Table.Td>
  );
}
