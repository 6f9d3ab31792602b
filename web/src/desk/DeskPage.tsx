import { Button, Center, Paper, Text, Title } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Recipient } from "../api/types";
import { useSession } from "../session/session";
import { Empty } from "../shared/Empty";
import { onDemand } from "../shared/onDemand";
import { useTitle } from "../shared/title";
import { CallAside, CallStage, fetchAhead, MessageForm, Ringing } from "./ahead";
import classes from "./desk.module.css";
import { DeskHeader } from "./DeskHeader";
import { Idle } from "./Idle";
import { useKeys } from "./keys";
import { soundOf } from "./machine";
import { MicCheck } from "./MicCheck";
import { useMicrophone } from "./microphone";
import { useRingingNotice } from "./notice";
import { OwedCount } from "./OwedCount";
import { QueueFigures } from "./QueueFigures";
import { Refusal } from "./Refusal";
import { useRinging } from "./ring";
import { StateSwitch } from "./StateSwitch";
import { TodayCalls } from "./TodayCalls";
import { useDesk } from "./useDesk";
import { useDraft } from "./useDraft";

const Leaving = lazy(() => import("./Leaving"));
const Tasks = lazy(() => import("./Tasks"));
const LostCallers = lazy(() => import("./LostCallers"));
const KeysWindow = onDemand(() => import("./KeysWindow"));

/** «Рабочее место оператора»: three columns that never move. */
export default function DeskPage() {
  const { t } = useTranslation();
  const session = useSession();
  const microphone = useMicrophone();
  const { desk, commands, sound: line } = useDesk(microphone.stream);
  const [checking, setChecking] = useState(false);
  const [keys, setKeys] = useState(false);
  const call = desk.current?.call ?? null;
  const form = useDraft(call);
  const sound = soundOf(desk);
  const resting = desk.state === "offline" || desk.state === null;
  const check = checking || microphone.status !== "on" || (resting && desk.state !== null);
  useTitle(t("desk.title"));
  useEffect(() => {
    if (!resting) fetchAhead();
  }, [resting]);
  useRinging(desk.ringing ? desk.ringing.call.company.name : null);
  useKeys({
    "?": () => {
      setKeys(true);
    },
  });
  const rings = desk.ringing?.call;
  useRingingNotice(
    rings?.id ?? null,
    t("desk.titleRinging", { company: rings?.company.name ?? "" }),
    [rings?.caller_phone_shown || t("calls.hidden"), rings?.caller_name].filter(Boolean).join(", "),
  );
  if (!session) return null;

  if (desk.link === "replaced") {
    return (
      <>
        <DeskHeader session={session} link={desk.link} />
        <Center p="xl">
          <Empty
            icon={<IconArrowsExchange />}
            title={t("desk.link.replaced")}
            hint={t("desk.link.replacedHint")}
            action={<Button onClick={commands.takeBack}>{t("desk.link.takeBack")}</Button>}
          />
        </Center>
      </>
    );
  }

  const busy = desk.ringing !== null || desk.current !== null || check;
  const shown = desk.ringing?.call ?? call;
  return (
    <div className={classes.desk}>
      <a href="#content" className="skip">
        {t("nav.skip")}
      </a>
      <DeskHeader
        session={session}
        link={desk.link}
        onKeys={() => {
          setKeys(true);
        }}
      />
      <KeysWindow
        opened={keys}
        onClose={() => {
          setKeys(false);
        }}
      />
      <Suspense>{!resting && <Leaving onCall={desk.current !== null && !desk.current.ended_at} />}</Suspense>
      <div className={classes.columns}>
        <aside className={classes.left} aria-label={t("desk.switch")}>
          <StateSwitch
            desk={desk}
            sound={sound}
            line={line}
            onChoose={commands.choose}
            onMicrophone={() => {
              setChecking(true);
            }}
          />
          <QueueFigures queue={desk.queue} />
          {busy && <OwedCount />}
          <TodayCalls desk={desk} commands={commands} />
        </aside>
        <main id="content" className={classes.middle} tabIndex={-1}>
          {desk.error && <Refusal error={desk.error} onClose={commands.dismiss} />}
          {desk.ringing ? (
            <Suspense fallback={<Paper className={classes.stage} />}>
              <Ringing
                key={desk.ringing.call.id}
                call={desk.ringing.call}
                deadline={desk.ringing.deadline}
                onAccept={commands.accept}
                onDecline={commands.decline}
              />
            </Suspense>
          ) : desk.current ? (
            <Suspense fallback={<Paper className={classes.stage} />}>
              <CallStage desk={desk} current={desk.current} commands={commands} microphone={microphone} />
            </Suspense>
          ) : check ? (
            <MicCheck
              microphone={microphone}
              sound={sound}
              line={line}
              test={desk.test}
              onTest={commands.testSound}
              onReady={() => {
                setChecking(false);
                commands.choose("ready");
              }}
            />
          ) : (
            <>
              <Idle desk={desk} />
              <Suspense>
                <Tasks desk={desk} commands={commands} />
                <LostCallers desk={desk} commands={commands} />
              </Suspense>
            </>
          )}
          <Suspense fallback={<NoForm />}>
            {resting && !desk.current ? (
              <NoForm />
            ) : (
              <MessageForm current={desk.current} state={desk.state} form={form} onFree={commands.free} />
            )}
          </Suspense>
        </main>
        <aside className={classes.right} aria-label={t("desk.company")}>
          {shown ? (
            <Suspense>
              <CallAside
                call={shown}
                own={shown === call}
                {...(call && {
                  onChoose: (recipient: Recipient) => {
                    form.put({ recipient });
                  },
                })}
              />
            </Suspense>
          ) : (
            <Text size="sm" c="dimmed">
              {t("desk.cardIdle")}
            </Text>
          )}
        </aside>
      </div>
    </div>
  );
}

/** The message's place while nobody calls here. */
function NoForm() {
  const { t } = useTranslation();
  return (
    <Paper p="md" component="section" className={classes.form} aria-label={t("desk.message")}>
      <Title order={2}>{t("desk.message")}</Title>
      <Text size="sm" c="dimmed">
        {t("desk.formIdle")}
      </Text>
    </Paper>
  );
}
