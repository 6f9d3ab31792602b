import { Alert, Button, Group, Skeleton, Text, Title } from "@mantine/core";
import { IconMicrophoneOff, IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMicrophone } from "../desk/microphone";
import { AccountMenu } from "../session/AccountMenu";
import { useSession } from "../session/session";
import { LanguageSwitch } from "../shared/LanguageSwitch";
import { useNow } from "../shared/now";
import { Wordmark } from "../shared/Sign";
import { duration } from "../shared/time";
import { useTitle } from "../shared/title";
import classes from "./board.module.css";
import { Companies } from "./Companies";
import { Operators } from "./Operators";
import { Part } from "./Part";
import { Tile } from "./Tile";
import { useBoard } from "./useBoard";

/** «Табло»: the queue and all operators at a glance, for a big screen or for who watches over them. */
export default function BoardPage() {
  const { t } = useTranslation();
  const session = useSession();
  const microphone = useMicrophone(false);
  const { board, commands } = useBoard(microphone);
  const { view, at, wish } = board;
  const now = useNow();
  useTitle(t("board.title"));
  if (!session) return null;
  const since = view?.longest_wait_since ?? null;
  const ready = view?.operators.filter(({ state }) => state === "ready" || state === "offered").length;
  const talking = view?.operators.filter(({ state }) => state === "on_call").length;
  const attended = view?.operators.find(({ id }) => id === (at ?? wish)?.operator);
  const trouble = microphone.status;

  return (
    <div className={classes.board}>
      <a href="#content" className="skip">
        {t("nav.skip")}
      </a>
      <Group component="header" className={classes.header} px="md" gap="md" wrap="nowrap">
        <Wordmark compact />
        <Title order={1} size="h2" flex={1}>
          {t("board.title")}
        </Title>
        <Group gap="xxs" role="status" wrap="nowrap">
          {board.link === "lost" && (
            <>
              <IconPlugConnectedX size="1.1em" color="var(--t-waits)" aria-hidden />
              <Text size="sm" c="var(--t-waits)">
                {t("desk.link.lost")}
              </Text>
            </>
          )}
        </Group>
        <LanguageSwitch signedIn />
        <AccountMenu session={session} />
      </Group>
      <main id="content" className={classes.content} tabIndex={-1}>
        {board.error && (
          <Alert
            color="red"
            withCloseButton
            title={t("desk.errorTitle")}
            onClose={commands.dismiss}
            closeButtonLabel={t("common.close")}
          >
            {board.error}
          </Alert>
        )}
        {wish && trouble !== "on" && trouble !== "off" && trouble !== "asking" && (
          <Alert color="red" icon={<IconMicrophoneOff />} title={t(`mic.${trouble}`)} role="alert">
            <Text size="sm" mb="xs">
              {t(`mic.${trouble}Hint`)}
            </Text>
            <Button size="xs" onClick={() => void microphone.start()}>
              {t("common.retry")}
            </Button>
          </Alert>
        )}
        {!view ? (
          <Skeleton h={160} />
        ) : (
          <>
            <section className={classes.tiles} aria-label={t("board.now")} data-old={board.link === "lost" || undefined}>
              <Tile name={t("desk.waiting")} value={String(view.waiting)} {...(view.waiting > 0 && { look: "waits" })} />
              <Tile
                name={t("desk.longest")}
                value={since ? duration(now - Date.parse(since)) : "—"}
                {...(since && { look: "waits" })}
              />
              <Tile name={t("desk.ready")} value={String(ready)} {...(ready ? { look: "lives" } : {})} />
              <Tile name={t("desk.onCall")} value={String(talking)} />
            </section>
            <div className={classes.columns}>
              <Operators operators={view.operators} self={board.supervisor} at={at} now={now} commands={commands} />
              <Companies companies={view.companies} now={now} />
            </div>
          </>
        )}
      </main>
      {attended && <Part operator={attended} at={at} now={now} commands={commands} />}
    </div>
  );
}
