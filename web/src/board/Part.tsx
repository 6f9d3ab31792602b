import { Button, Group, Text } from "@mantine/core";
import { IconPhoneOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { duration } from "../shared/time";
import classes from "./board.module.css";
import { WAYS } from "./Operators";
import type { BoardCommands } from "./useBoard";
import type { Attendance, BoardOperator } from "./wire";

interface Props {
  operator: BoardOperator;
  /** None until the sound is there. */
  at: Attendance | null;
  now: number;
  commands: BoardCommands;
}

/** The supervisor's part in a call: whom one hears, who hears one, and the way out. */
export function Part({ operator, at, now, commands }: Props) {
  const { t } = useTranslation();
  const { call } = operator;
  return (
    <Group component="section" className={classes.part} px="md" py="sm" gap="md" aria-label={t("board.part")}>
      <div className={classes.who}>
        <Text fw={600} size="lg">
          {[operator.name, call?.company_name].filter(Boolean).join(" · ")}
          {call?.answered_at && ` · ${duration(now - Date.parse(call.answered_at))}`}
        </Text>
        <Text role="status">{t(at ? `board.hint.${at.how}` : "board.connecting")}</Text>
      </div>
      <Group gap="xs" role="group" aria-label={t("board.part")}>
        {WAYS.map(({ how, icon: Icon }) => (
          <Button
            key={how}
            variant={at?.how === how ? "filled" : "default"}
            aria-pressed={at?.how === how}
            leftSection={<Icon size="1.1em" aria-hidden />}
            onClick={() => {
              commands.supervise(operator.id, how);
            }}
          >
            {t(`board.way.${how}`)}
          </Button>
        ))}
        <Button color="red" leftSection={<IconPhoneOff size="1.1em" aria-hidden />} onClick={commands.leave}>
          {t("board.leave")}
        </Button>
      </Group>
    </Group>
  );
}
