import { Badge, Button, Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDevices } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../api/client";
import type { SessionRow } from "../api/types";
import { Confirm } from "../shared/Confirm";
import { Failure } from "../shared/Failure";
import { Moment } from "../shared/Moment";
import { size } from "../theme";
import classes from "./session.module.css";

/** «Сеансы»: where the person is signed in, each to be ended. */
export function Sessions() {
  const { t } = useTranslation();
  const { data, error, refetch } = api.useQuery("get", "/api/sessions", {}, { staleTime: 0 });
  const [asking, ask] = useDisclosure(false);
  const settled = { onSettled: () => refresh("/api/sessions") };
  const endOthers = api.useMutation("delete", "/api/sessions", { ...settled, onSuccess: ask.close });
  const others = data?.some((row) => !row.current) ?? false;
  return (
    <Paper p="md" component="section" aria-labelledby="profile-sessions">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} id="profile-sessions">
            {t("profile.sessions")}
          </Title>
          {others && (
            <Button variant="default" size="xs" onClick={ask.open}>
              {t("profile.endOthers")}
            </Button>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {t("profile.sessionsHint")}
        </Text>
        {error && (
          <Failure
            error={error}
            title={t("error.load")}
            action={{ label: t("common.retry"), run: () => void refetch() }}
          />
        )}
        {endOthers.error && <Failure error={endOthers.error} />}
        {!data && !error && <Skeleton h={56} />}
        {data && (
          <ul className={classes.list}>
            {data.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ul>
        )}
      </Stack>
      <Confirm
        opened={asking}
        title={t("profile.endOthersTitle")}
        text={t("profile.endOthersText")}
        yes={t("profile.endOthers")}
        busy={endOthers.isPending}
        onYes={() => {
          endOthers.mutate({});
        }}
        onNo={ask.close}
      />
    </Paper>
  );
}

function Row({ row }: { row: SessionRow }) {
  const { t } = useTranslation();
  const end = api.useMutation("delete", "/api/sessions/{id}", {
    onSettled: () => refresh("/api/sessions"),
  });
  const agent = row.agent || t("profile.unknownAgent");
  return (
    <li className={classes.row}>
      <IconDevices size={size.icon} stroke={size.iconStroke} aria-hidden />
      <div className={classes.words}>
        <Group gap="xs">
          <Text fw={550}>{agent}</Text>
          {row.current && (
            <Badge variant="light" size="sm">
              {t("profile.current")}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {t("profile.since")} <Moment at={row.created_at} /> · {t("profile.seen")} <Moment at={row.seen_at} />
        </Text>
        {end.error && <Failure error={end.error} />}
      </div>
      {!row.current && (
        <Button
          variant="subtle"
          color="gray"
          size="xs"
          loading={end.isPending}
          onClick={() => {
            end.mutate({ params: { path: { id: row.id } } });
          }}
          aria-label={t("profile.endOne", { agent })}
        >
          {t("profile.end")}
        </Button>
      )}
    </li>
  );
}
