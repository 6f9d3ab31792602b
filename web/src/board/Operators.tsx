import { ActionIcon, Button, Group, Menu, Paper, Text, Title } from "@mantine/core";
import { IconDots, IconEar, IconHeadset, IconMessageCircle, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { looks } from "../desk/looks";
import type { ChosenState, Supervision } from "../desk/wire";
import { Empty } from "../shared/Empty";
import { duration } from "../shared/time";
import classes from "./board.module.css";
import type { BoardCommands } from "./useBoard";
import type { Attendance, BoardOperator } from "./wire";

/** The ways to take part, from the least heard to the most. */
export const WAYS: readonly { how: Supervision; icon: typeof IconEar }[] = [
  { how: "listen", icon: IconEar },
  { how: "whisper", icon: IconMessageCircle },
  { how: "barge", icon: IconUsers },
];

const CHOICES: readonly ChosenState[] = ["ready", "break", "lunch", "offline"];

interface Props {
  operators: readonly BoardOperator[];
  /** The supervisor, who can't watch oneself. */
  self: string | null;
  at: Attendance | null;
  now: number;
  commands: BoardCommands;
}

/** Everybody at a desk: what they do, since when, with whom; those who have left stand last. */
export function Operators({ operators, self, at, now, commands }: Props) {
  const { t } = useTranslation();
  const here = operators.filter(({ state }) => state !== "offline");
  const gone = operators.filter(({ state }) => state === "offline");
  return (
    <Paper p="md" component="section" aria-labelledby="operators-title">
      <Title order={2} id="operators-title" mb="xs">
        {t("board.operators")}
      </Title>
      {operators.length === 0 ? (
        <Empty icon={<IconHeadset />} title={t("board.nobody")} hint={t("board.nobodyHint")} />
      ) : (
        <ul className={classes.list}>
          {[...here, ...gone].map((operator) => (
            <One
              key={operator.id}
              operator={operator}
              own={operator.id === self}
              at={at?.operator === operator.id ? at : null}
              now={now}
              commands={commands}
            />
          ))}
        </ul>
      )}
    </Paper>
  );
}

interface OneProps {
  operator: BoardOperator;
  own: boolean;
  at: Attendance | null;
  now: number;
  commands: BoardCommands;
}

function One({ operator, own, at, now, commands }: OneProps) {
  const { t } = useTranslation();
  const { id, name, state, since, call } = operator;
  const { icon: Icon, color } = looks[state];
  const other = call?.supervisor && !at ? call.supervisor : null;
  return (
    <li className={classes.operator} data-operator={state} aria-label={name}>
      <Icon className={classes.stateIcon} color={color} aria-hidden />
      <div className={classes.who}>
        <Text className={classes.person} truncate {...(state === "offline" && { c: "dimmed" })}>
          {name}
        </Text>
        <Text c="dimmed">
          {[
            t(call?.on_hold ? "board.onHold" : `desk.state.${state}`),
            call?.company_name,
            other && t(`board.other.${other.how}`, { name: other.name }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </div>
      <Text className={classes.timer}>{duration(now - Date.parse(since))}</Text>
      <Group gap="xxs" wrap="nowrap" className={classes.actions}>
        {call &&
          !own &&
          WAYS.map(({ how, icon: Way }) => (
            <Button
              key={how}
              size="compact-md"
              variant={at?.how === how ? "filled" : "default"}
              aria-pressed={at?.how === how}
              aria-label={t("board.wayOf", { way: t(`board.way.${how}`), name })}
              title={t(`board.hint.${how}`)}
              leftSection={<Way size="1.1em" aria-hidden />}
              disabled={other !== null}
              onClick={() => {
                commands.supervise(id, how);
              }}
            >
              {t(`board.way.${how}`)}
            </Button>
          ))}
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("board.stateOf", { name })}>
              <IconDots size="1.2em" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t("board.changeState")}</Menu.Label>
            {CHOICES.map((choice) => {
              const { icon: ChoiceIcon } = looks[choice];
              return (
                <Menu.Item
                  key={choice}
                  leftSection={<ChoiceIcon size="1.1em" aria-hidden />}
                  disabled={choice === state}
                  onClick={() => {
                    commands.state(id, choice);
                  }}
                >
                  {t(`desk.state.${choice}`)}
                </Menu.Item>
              );
            })}
          </Menu.Dropdown>
        </Menu>
      </Group>
    </li>
  );
}
