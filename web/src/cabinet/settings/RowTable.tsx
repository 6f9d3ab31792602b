import { Button, Group, Paper, Table, Text } from "@mantine/core";
import { IconArrowBackUp, IconPlus } from "@tabler/icons-react";
import { useRef, type KeyboardEvent, type ReactNode } from "react";
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
  /** Name of the row that was deleted last, until that is saved. */
  removed: string | null;
  onRestore: () => void;
}

/**
 * A table whose rows are fields, with «Добавить» under it; on a phone each row
 * is a card. Enter in the last field adds a row, and the basket hands the
 * focus on to the row that moves up.
 */
export function RowTable(props: Props) {
  const { label, columns, shares, children, empty, onAdd, removed, onRestore } = props;
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const addButton = useRef<HTMLButtonElement>(null);

  const enter = (event: KeyboardEvent<HTMLElement>) => {
    const { target } = event;
    if (event.key !== "Enter" || !(target instanceof HTMLInputElement)) return;
    // A list that is open takes Enter for its choice.
    if (event.defaultPrevented || target.getAttribute("aria-expanded") === "true") return;
    const fields = frame.current?.querySelectorAll("tbody input:not([type=hidden])");
    if (target === fields?.item(fields.length - 1)) {
      event.preventDefault();
      onAdd();
    }
  };

  return (
    <Paper className={classes.frame} ref={frame} onKeyDown={enter}>
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
      <Group className={classes.add} gap="md">
        <Button
          ref={addButton}
          variant="light"
          leftSection={<IconPlus size="1.1em" />}
          onClick={onAdd}
          data-add-row
        >
          {t("common.add")}
        </Button>
        <Group gap="xs" role="status">
          {removed !== null && (
            <>
              <Text size="sm">{t("rows.removed", { name: removed })}</Text>
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<IconArrowBackUp size="1.1em" />}
                onClick={() => {
                  // The button goes with the undoing.
                  addButton.current?.focus();
                  onRestore();
                }}
              >
                {t("rows.restore")}
              </Button>
            </>
          )}
        </Group>
      </Group>
    </Paper>
  );
}

/** Hands the focus to the basket of the row that follows (or precedes) one, else to «Добавить». */
export function focusAfter(basket: HTMLElement | null) {
  const row = basket?.closest("tr, [data-row]");
  const near = row?.nextElementSibling ?? row?.previousElementSibling;
  const frame = row?.closest("table")?.parentElement ?? row?.parentElement;
  const next =
    near?.querySelector<HTMLElement>("[data-basket]") ?? frame?.querySelector<HTMLElement>("[data-add-row]");
  // The question closes first, and takes the focus along.
  requestAnimationFrame(() => next?.focus());
}

/** A cell with its field; on a phone the column's name stands above it. */
export function Cell({ column, children }: { column?: string; children: ReactNode }) {
  return (
    <Table.Td data-column={column} className={classes.cell}>
      {children}
    </Table.Td>
  );
}
