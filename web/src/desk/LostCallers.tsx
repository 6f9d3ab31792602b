import { Group, Paper, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LostCaller } from "../api/types";
import { Failure } from "../shared/Failure";
import { Moment } from "../shared/Moment";
import { CallButton } from "./CallButton";
import classes from "./desk.module.css";
import type { Desk } from "./machine";
import { CALL_BACK } from "./shortcuts";
import type { Commands } from "./useDesk";
import { useLostCallers } from "./useLostCallers";

interface Props {
  desk: Desk;
  commands: Commands;
}

/** «Перезвонить»: who gave up before anybody answered, of all companies. */
export default function LostCallers({ desk, commands }: Props) {
  const { t } = useTranslation();
  const { data, error } = useLostCallers();
  if (error) return <Failure error={error} />;
  if (!data?.length) return null;
  const first = data.find((lost) => !lost.being_called);
  return (
    <Paper p="md" component="section" aria-labelledby="lost-title">
      <Title order={2} id="lost-title">
        {t("desk.lost.title")}
      </Title>
      <Text size="sm" c="dimmed">
        {t("desk.lost.hint")}
      </Text>
      <ul className={`${classes.tasks ?? ""} ${classes.lost ?? ""}`}>
        {data.map((lost) => (
          <One key={lost.call} lost={lost} first={lost === first} desk={desk} commands={commands} />
        ))}
      </ul>
    </Paper>
  );
}

function One({ lost, first, desk, commands }: Props & { lost: LostCaller; first: boolean }) {
  const { t } = useTranslation();
  const hindrance = lost.being_called ? t("desk.lost.beingCalled") : undefined;
  const name = [lost.caller_name, lost.caller_phone_shown].filter(Boolean).join(", ");
  return (
    <li className={classes.task}>
      <Group justify="space-between" gap="xs">
        <div className={classes.who}>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {[lost.company_name, t("desk.line", { name: lost.line_name })].join(" · ")}
          </Text>
          <Text size="sm" c="dimmed">
            <Moment at={lost.at} />
            {lost.times > 1 && ` · ${t("desk.lost.times", { count: lost.times })}`}
          </Text>
        </div>
        <Group gap="sm">
          {hindrance && (
            <Text size="sm" c="dimmed">
              {hindrance}
            </Text>
          )}
          <CallButton
            desk={desk}
            whom={lost.call}
            name={name}
            hindrance={hindrance}
            shortcut={first ? CALL_BACK : undefined}
            onCall={() => {
              commands.callBack(lost.call);
            }}
          >
            {t("desk.lost.call")}
          </CallButton>
        </Group>
      </Group>
    </li>
  );
}
