import { Alert, Button, Skeleton, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBell, IconMicrophoneOff } from "@tabler/icons-react";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../api/client";
import { useMicrophone } from "../desk/microphone";
import { Refusal } from "../desk/Refusal";
import { useSession } from "../session/session";
import { useNow } from "../shared/now";
import { browserZone, duration, seconds } from "../shared/time";
import { useTitle } from "../shared/title";
import { alarms, type Alarm } from "./alarms";
import classes from "./board.module.css";
import { Companies } from "./Companies";
import { Header } from "./Header";
import { Operators } from "./Operators";
import { Part } from "./Part";
import { Tile } from "./Tile";
import { useAlarmSound } from "./useAlarmSound";
import { useBoard } from "./useBoard";

const ThresholdsWindow = lazy(() => import("./ThresholdsWindow"));

/** Calls end by themselves: the day's figures are asked for anew. */
const FRESH_MS = 5_000;
/** Another supervisor may change them. */
const THRESHOLDS_FRESH_MS = 60_000;

/** «Табло»: the queue and all operators at a glance, for a big screen or for who watches over them. */
export default function BoardPage() {
  const { t, i18n } = useTranslation();
  const session = useSession();
  const microphone = useMicrophone(false);
  const { board, commands } = useBoard(microphone);
  const { view, at, wish } = board;
  const now = useNow();
  const { data: figures } = api.useQuery(
    "get",
    "/api/desk/board/figures",
    { params: { query: { zone: browserZone() } } },
    { refetchInterval: FRESH_MS },
  );
  const { data: thresholds } = api.useQuery(
    "get",
    "/api/desk/board/thresholds",
    {},
    { refetchInterval: THRESHOLDS_FRESH_MS },
  );
  const [setting, set] = useDisclosure(false);
  const totals = figures?.totals;
  const level = totals?.service_level ?? null;
  const found = view && board.link !== "lost" ? alarms(view, level, thresholds, now) : [];
  const sound = useAlarmSound(found.length > 0);
  const waiting = view?.waiting;
  useEffect(() => {
    // Somebody came, was answered or gave up: that is the day's figures, too.
    if (waiting !== undefined) void refresh("/api/desk/board/figures");
  }, [waiting]);
  useTitle(t("board.title"));
  if (!session) return null;

  const alarm = (kind: Alarm) => found.includes(kind) && { alarm: t(`board.alarm.${kind}`) };
  const since = view?.longest_wait_since ?? null;
  const ready = view?.operators.filter(({ state }) => state === "ready" || state === "offered").length;
  const attended = view?.operators.find(({ id }) => id === (at ?? wish)?.operator);
  const trouble = microphone.status;

  return (
    <div className={classes.board}>
      <a href="#content" className="skip">
        {t("nav.skip")}
      </a>
      <Header session={session} title={t("board.title")} other="/desk/shifts" lost={board.link === "lost"}>
        <Switch
          label={t("board.sound")}
          checked={sound.on}
          onChange={(event) => {
            sound.turn(event.currentTarget.checked);
          }}
        />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconBell size="1.1em" aria-hidden />}
          onClick={set.open}
        >
          {t("board.alarms")}
        </Button>
      </Header>
      <main id="content" className={classes.content} tabIndex={-1}>
        {board.error && <Refusal error={board.error} onClose={commands.dismiss} />}
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
            <section
              className={classes.tiles}
              aria-label={t("board.now")}
              data-old={board.link === "lost" || undefined}
            >
              <Tile
                name={t("desk.waiting")}
                value={String(view.waiting)}
                {...(view.waiting > 0 && { look: "waits" })}
                {...alarm("waiting")}
              />
              <Tile
                name={t("desk.longest")}
                value={since ? duration(now - Date.parse(since)) : "—"}
                {...(since && { look: "waits" })}
                {...alarm("wait")}
              />
              <Tile
                name={t("desk.estimated")}
                value={typeof view.estimated_wait_s === "number" ? duration(view.estimated_wait_s * 1000) : "—"}
              />
              <Tile
                name={t("desk.ready")}
                value={String(ready)}
                {...(ready ? { look: "lives" } : {})}
                {...alarm("nobody")}
              />
              <Tile
                name={t("board.level")}
                hint={t("board.levelHint")}
                value={
                  level === null
                    ? "—"
                    : new Intl.NumberFormat(i18n.language, { style: "percent" }).format(level)
                }
                {...alarm("level")}
              />
              <Tile
                name={t("board.answer")}
                value={
                  typeof totals?.answer_ms_average === "number"
                    ? t("time.seconds", { value: seconds(totals.answer_ms_average, i18n.language) })
                    : "—"
                }
              />
              <Tile name={t("board.calls")} value={String(totals?.calls ?? 0)} />
              <Tile
                name={t("board.lost")}
                value={String(totals?.lost ?? 0)}
                {...(totals && totals.lost > 0 && { look: "lost" })}
              />
            </section>
            <div className={classes.columns}>
              <Operators operators={view.operators} self={board.supervisor} at={at} now={now} commands={commands} />
              <Companies waiting={view.companies} figures={figures} now={now} />
            </div>
          </>
        )}
      </main>
      {attended && <Part operator={attended} at={at} now={now} commands={commands} />}
      <Suspense>
        {setting && <ThresholdsWindow opened thresholds={thresholds} onClose={set.close} />}
      </Suspense>
    </div>
  );
}
