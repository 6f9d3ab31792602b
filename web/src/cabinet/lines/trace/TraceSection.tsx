import { Button, Group, Skeleton, Text, Title, UnstyledButton } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../../api/client";
import type { ExchangeRow } from "../../../api/types";
import { Failure } from "../../../shared/Failure";
import { Moment } from "../../../shared/Moment";
import lines from "../lines.module.css";
import { failing } from "./exchange";
import { Ladder } from "./Ladder";
import classes from "./trace.module.css";

/** «Обмен с АТС»: the messages of the last calls and registrations. */
export function TraceSection({ line }: { line: string }) {
  const { t } = useTranslation();
  const list = api.useQuery("get", "/api/lines/{id}/trace", { params: { path: { id: line } } }, { staleTime: 0 });
  const [opened, setOpened] = useState<number | null>(null);
  return (
    <section className={lines.section} aria-labelledby={`trace-${line}`}>
      <Group justify="space-between" mb="xs">
        <Title order={2} id={`trace-${line}`}>
          {t("trace.title")}
        </Title>
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconRefresh size="1.1em" />}
          loading={list.isFetching && !list.isPending}
          onClick={() => void list.refetch()}
        >
          {t("trace.refresh")}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t("trace.lead")}
      </Text>
      {list.error && <Failure error={list.error} />}
      {list.isPending && <Skeleton h={60} />}
      {list.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("trace.empty")}
        </Text>
      )}
      <ol className={classes.list}>
        {list.data?.map((row) => (
          <li key={row.id}>
            <Row
              row={row}
              opened={opened === row.id}
              onToggle={() => {
                setOpened(opened === row.id ? null : row.id);
              }}
            />
            {opened === row.id && <Ladder line={line} row={row} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Row({ row, opened, onToggle }: { row: ExchangeRow; opened: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  return (
    <UnstyledButton className={classes.row} aria-expanded={opened} onClick={onToggle} data-exchange={row.kind}>
      <Text size="sm" span c="dimmed">
        <Moment at={row.at} />
      </Text>
      <Text size="sm" span fw={600}>
        {t(`trace.kinds.${row.kind}`)}
      </Text>
      {row.party && (
        <Text size="sm" span>
          {row.party}
        </Text>
      )}
      <Text size="sm" span className={row.outcome && !failing(row.outcome) ? undefined : classes.bad}>
        {row.outcome ?? t("trace.unanswered")}
      </Text>
      <Text size="sm" span c="dimmed">
        {t("trace.messages", { count: row.messages })}
      </Text>
    </UnstyledButton>
  );
}
