import { Alert, Button, Group, Paper, Select, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconMicrophone, IconMicrophoneOff } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import classes from "./desk.module.css";
import type { Desk, SoundTest } from "./machine";
import { useLevel, type Microphone } from "./microphone";
import type { Sound } from "./sound";

const SoundSetup = lazy(() => import("./SoundSetup"));

interface Props {
  microphone: Microphone;
  sound: Desk["sound"];
  line: Sound;
  test: SoundTest;
  onTest: () => void;
  onReady: () => void;
}

/** «Проверка микрофона»: nobody goes on air without having been heard once. */
export function MicCheck(props: Props) {
  const { microphone } = props;
  const { t } = useTranslation();
  const { status } = microphone;
  return (
    <Paper className={classes.stage} p="lg" component="section" aria-label={t("mic.title")}>
      <Stack gap="md" maw={520}>
        <div>
          <Title order={2}>{t("mic.title")}</Title>
          <Text c="dimmed">{t("mic.lead")}</Text>
        </div>
        {status === "on" ? (
          <Level {...props} />
        ) : (
          <>
            {status !== "off" && status !== "asking" && (
              <Alert color="red" icon={<IconMicrophoneOff />} title={t(`mic.${status}`)} role="alert">
                {t(`mic.${status}Hint`)}
              </Alert>
            )}
            <Group>
              <Button
                size="md"
                leftSection={<IconMicrophone size="1.2em" />}
                loading={status === "asking"}
                onClick={() => void microphone.start()}
              >
                {t(status === "off" || status === "asking" ? "mic.start" : "common.retry")}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Paper>
  );
}

function Level({ microphone, sound, line, test, onTest, onReady }: Props) {
  const { t } = useTranslation();
  const { level, heard } = useLevel(microphone.stream);
  const percent = Math.round(level * 100);
  return (
    <>
      <Select
        label={t("mic.device")}
        data={microphone.devices.map(({ deviceId, label }, index) => ({
          value: deviceId,
          label: label || `${t("mic.device")} ${String(index + 1)}`,
        }))}
        value={microphone.device}
        onChange={(device) => {
          if (device) void microphone.start(device);
        }}
        allowDeselect={false}
      />
      <Stack gap="xxs">
        <div
          className={classes.level}
          role="meter"
          aria-label={t("mic.level")}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
        >
          <div data-heard={heard || undefined} style={{ width: `${String(percent)}%` }} />
        </div>
        <Group gap="xxs" role="status" c={heard ? "var(--t-lives)" : "dimmed"}>
          {heard && <IconCheck size="1.1em" aria-hidden />}
          <Text size="sm">{t(heard ? "mic.heard" : "mic.speak")}</Text>
        </Group>
      </Stack>
      <Suspense fallback={<Skeleton h={180} />}>
        <SoundSetup sound={line} up={sound === "up"} test={test} onTest={onTest} />
      </Suspense>
      <Group gap="sm">
        <Button size="md" onClick={onReady} disabled={sound !== "up"}>
          {t("mic.go")}
        </Button>
        {sound !== "up" && (
          <Text size="sm" c="dimmed">
            {t(`desk.sound.${sound}`)}
          </Text>
        )}
      </Group>
    </>
  );
}
