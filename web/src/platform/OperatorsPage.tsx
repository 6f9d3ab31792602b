import { Button, Paper, Skeleton, Stack, Switch, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHeadset, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../api/client";
import type { PlatformOperator } from "../api/types";
import { Empty } from "../shared/Empty";
import { Failure } from "../shared/Failure";
import { AddOperator } from "./AddOperator";
import { FreshPassword } from "./FreshPassword";
import { OperatorMenu } from "./OperatorMenu";
import { Page } from "./Page";
import classes from "./platform.module.css";

/** States change while the page is looked at. */
const FRESH_MS = 10_000;

/** Those who answer calls, and those who watch over them. */
export default function OperatorsPage() {
  const { t } = useTranslation();
  const [adding, add] = useDisclosure(false);
  const [person, setPerson] = useState<PlatformOperator | null>(null);
  const { data, error, refetch } = api.useQuery(
    "get",
    "/api/platform/operators",
    {},
    { refetchInterval: FRESH_MS },
  );
  const columns = [
    t("platform.column.operator"),
    t("session.login"),
    t("platform.column.state"),
    t("platform.column.supervisor"),
  ] as const;
  return (
    <Page
      title={t("platform.operators")}
      lead={t("platform.operatorsLead")}
      action={
        <Button leftSection={<IconPlus size="1.1em" />} onClick={add.open}>
          {t("platform.addOperator")}
        </Button>
      }
    >
      <Paper>
        {error && !data ? (
          <Failure
            error={error}
            title={t("error.load")}
            action={{ label: t("common.retry"), run: () => void refetch() }}
          />
        ) : !data ? (
          <Stack gap="xs" p="md" aria-busy>
            <Skeleton h={36} />
            <Skeleton h={36} />
            <Skeleton h={36} />
          </Stack>
        ) : data.length === 0 ? (
          <Empty
            icon={<IconHeadset />}
            title={t("platform.noOperators")}
            hint={t("platform.noOperatorsHint")}
          />
        ) : (
          <Table className={classes.table} aria-label={t("platform.operators")}>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column) => (
                  <Table.Th key={column}>{column}</Table.Th>
                ))}
                <Table.Th aria-hidden />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((operator) => (
                <Row
                  key={operator.id}
                  operator={operator}
                  columns={columns}
                  onPassword={() => {
                    setPerson(operator);
                  }}
                />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Paper>
      <AddOperator opened={adding} onClose={add.close} />
      <FreshPassword
        person={person}
        onClose={() => {
          setPerson(null);
        }}
      />
    </Page>
  );
}

interface RowProps {
  operator: PlatformOperator;
  columns: readonly [string, string, string, string];
  onPassword: () => void;
}

function Row({ operator, columns, onPassword }: RowProps) {
  const { t } = useTranslation();
  const { id, name, login, supervisor, state } = operator;
  const change = api.useMutation("patch", "/api/platform/operators/{id}", {
    onSettled: () => refresh("/api/platform/operators"),
  });
  return (
    <Table.Tr>
      <Table.Td className={classes.name}>
        {name}
        {change.error && <Failure error={change.error} />}
      </Table.Td>
      <Table.Td data-column={columns[1]}>{login}</Table.Td>
      <Table.Td data-column={columns[2]}>
        <Text size="sm" {...(state === "offline" && { c: "dimmed" })}>
          {t(`desk.state.${state}`)}
        </Text>
      </Table.Td>
      <Table.Td data-column={columns[3]}>
        <Switch
          aria-label={t("platform.supervisorOf", { name })}
          checked={supervisor}
          disabled={change.isPending}
          onChange={(e) => {
            change.mutate({
              params: { path: { id } },
              body: { name, supervisor: e.currentTarget.checked },
            });
          }}
        />
      </Table.Td>
      <Table.Td className={classes.actions}>
        <OperatorMenu operator={operator} onPassword={onPassword} />
      </Table.Td>
    </Table.Tr>
  );
}
