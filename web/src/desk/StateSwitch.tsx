import { Alert, Button, Group, Paper, Stack, Text, Tooltip } from "@mantine/core";
import { IconHeadset, IconSettings } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../shared/now";
import { duration } from "../shared/time";
import classes from "./desk.module.css";
import { useKeys } from "./keys";
import { looks } from "./looks";
import { mayChoose, type Desk } from "./machine";
import type { Sound } from "./sound";
import type { ChosenState } from "./wire";

const Quality = lazy(() => import("./Quality"));

interface Props {
  desk: Desk;
  sound: Desk["sound"];
  onChoose: (state: ChosenState) => void;
  onMicrophone: () => void;
  line: Sound;
}

const CHOICES: readonly ChosenState[] = ["ready", "break", "lunch", "offline"];

/** The operator's state with its timer, and the switch to another. */
export function StateSwitch({ desk, sound, onChoose, onMicrophone, line }: Props) {
  const { t } = useTranslation();
  const { state } = desk;
  const choose = (choice: ChosenState) => {
    if (mayChoose(desk) && !(choice === "ready" && sound !== "up")) onChoose(choice);
  };
  useKeys({
    KeyG: () => {
      choose("ready");
    },
    "Shift+KeyB": () => {
      choose("break");
    },
    "Shift+KeyL": () => {
      choose("lunch");
    },
    "Shift+KeyO": () => {
      choose("offline");
    },
    "Shift+KeyM": onMicrophone,
  });
  const now = useNow(state !== null);
  const { icon: Icon, color } = looks[state ?? "offline"];
  const left = desk.deadline ? Date.parse(desk.deadline) - now : null;
  const timer =
    left !== null && state === "wrap_up" ? left : desk.since ? now - Date.parse(desk.since) : null;
  const needsSound = sound !== "up";
  return (
    <Paper p="md">
      <Stack gap="sm">
        <Group gap="sm" wrap="nowrap" role="status" data-operator={state ?? undefined}>
          <Icon size="1.6em" color={color} className={classes.icon} aria-hidden />
          <Text size="lg" fw={600} flex={1}>
            {state ? t(`desk.state.${state}`) : "…"}
          </Text>
          {timer !== null && (
            <Text size="lg" className={classes.timer} aria-live="off">
              {duration(timer)}
            </Text>
          )}
        </Group>
        {desk.reason && (
          <Alert color="amber" p="xs">
            {t(`desk.reason.${desk.reason}`)}
          </Alert>
        )}
        <div className={classes.choices} role="group" aria-label={t("desk.switch")}>
          {CHOICES.map((choice) => {
            const chosen = state === choice;
            const blocked = choice === "ready" && needsSound;
            return (
              <Tooltip key={choice} label={t("desk.needMic")} disabled={!blocked} maw={240}>
                <Button
                  variant={chosen ? "filled" : "default"}
                  aria-pressed={chosen}
                  disabled={!mayChoose(desk) || blocked}
                  onClick={() => {
                    onChoose(choice);
                  }}
                >
                  {t(`desk.state.${choice}`)}
                </Button>
              </Tooltip>
            );
          })}
        </div>
        <Group gap="xs" wrap="nowrap">
          <IconHeadset
            size="1.1em"
            color={sound === "up" ? "var(--t-lives)" : "var(--t-waits)"}
            aria-hidden
          />
          <Text size="sm" flex={1} data-sound={sound}>
            {t(`desk.sound.${sound}`)}
          </Text>
          <Tooltip label={t("mic.change")}>
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              onClick={onMicrophone}
              aria-label={t("mic.change")}
            >
              <IconSettings size="1.1em" />
            </Button>
          </Tooltip>
        </Group>
        {sound === "up" && (
          <Suspense>
            <Quality sound={line} />
          </Suspense>
        )}
      </Stack>
    </Paper>
  );
}
