import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconBellRinging, IconEar, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { SoundTest } from "./machine";
import { ringOnce } from "./ring";
import type { Sound } from "./sound";
import { canChoose, USUAL, useSpeakers, type Played } from "./speakers";

interface Props {
  sound: Sound;
  up: boolean;
  test: SoundTest;
  onTest: () => void;
}

/** What is heard where, and a call to oneself: one's own voice comes back from the server. */
export default function SoundSetup({ sound, up, test, onTest }: Props) {
  const { t } = useTranslation();
  const { devices, chosen, choose } = useSpeakers(sound.hearThrough);
  const running = test === "listening" || test === "playing";
  const device = (played: Played, label: string) => {
    const known = devices.some(({ deviceId }) => deviceId === chosen[played]);
    return (
      <Select
        flex={1}
        miw={200}
        label={label}
        data={[
          { value: USUAL, label: t("mic.usual") },
          ...devices
            .filter(({ deviceId }) => deviceId !== USUAL)
            .map(({ deviceId, label: name }, index) => ({
              value: deviceId,
              label: name || `${t("mic.speaker")} ${String(index + 1)}`,
            })),
        ]}
        value={known ? chosen[played] : USUAL}
        onChange={(id) => {
          if (id) choose(played, id);
        }}
        allowDeselect={false}
      />
    );
  };
  return (
    <Stack gap="md">
      {canChoose() && (
        <>
          {device("voice", t("mic.speaker"))}
          <Group align="flex-end" gap="xs">
            {device("ring", t("mic.ringer"))}
            <Button
              variant="default"
              size="md"
              leftSection={<IconBellRinging size="1.1em" />}
              onClick={() => {
                ringOnce();
              }}
            >
              {t("mic.ringNow")}
            </Button>
          </Group>
        </>
      )}
      <Stack gap="xxs">
        <Group gap="sm">
          <Button
            variant="default"
            disabled={!up || running}
            leftSection={test === "playing" ? <IconEar size="1.1em" /> : <IconPlayerPlay size="1.1em" />}
            onClick={onTest}
          >
            {t("mic.test")}
          </Button>
          <Text size="sm" role="status" data-test={test ?? "none"} c={running ? "var(--t-waits)" : "dimmed"}>
            {t(`mic.testStage.${test ?? "none"}`)}
          </Text>
        </Group>
      </Stack>
    </Stack>
  );
}
