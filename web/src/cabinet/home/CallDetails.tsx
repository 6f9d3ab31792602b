import { Divider, Grid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { Failure } from "../../shared/Failure";
import classes from "./calls.module.css";
import { Course } from "./Course";
import { MessageCard } from "./MessageCard";
import { Timeline } from "./Timeline";

const Player = lazy(() => import("./Player"));

/** An opened call: its recording, its messages and their way, its timeline. */
export default function CallDetails({ id, start }: { id: string; start?: number | undefined }) {
  const { t } = useTranslation();
  const { data: call, error, refetch } = api.useQuery("get", "/api/calls/{id}", { params: { path: { id } } });
  if (error) {
    return (
      <div className={classes.details}>
        <Failure error={error} action={{ label: t("common.retry"), run: () => void refetch() }} />
      </div>
    );
  }
  if (!call) {
    return (
      <Stack className={classes.details} gap="xs" aria-busy>
        <Skeleton h={88} />
        <Skeleton h={20} w="60%" />
      </Stack>
    );
  }
  const wait = <Skeleton h={88} />;
  return (
    <Stack className={classes.details} gap="md">
      {call.recording === "ready" || call.recording === "cut_off" ? (
        <Suspense fallback={wait}>
          <Player
            id={id}
            ms={call.recording_ms}
            cutOff={call.recording === "cut_off"}
            outgoing={call.outgoing}
            start={start}
          />
        </Suspense>
      ) : (
        <Text size="sm" c="dimmed">
          {t(`player.${call.recording}`)}
        </Text>
      )}
      <Course rows={call.timeline} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Title order={3} mb="xs">
            {t("calls.message")}
          </Title>
          <Stack gap="sm">
            {call.messages.map((message, index) => (
              <div key={message.id}>
                {index > 0 && <Divider mb="sm" />}
                <MessageCard message={message} />
              </div>
            ))}
            {call.messages.length === 0 && (
              <Text size="sm" c="dimmed">
                {t("calls.noMessage")}
              </Text>
            )}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Title order={3} mb="xs">
            {t("calls.timeline")}
          </Title>
          <Timeline rows={call.timeline} outgoing={call.outgoing} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
