import { ActionIcon, Button, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconMessageOff, IconPhone } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { codeOf } from "../../api/problem";
import Answers from "../../message/Answers";
import { StateMark, UrgentMark } from "../../message/StateMark";
import { Pending, Story } from "../../message/Story";
import { useSession } from "../../session/session";
import { Empty } from "../../shared/Empty";
import { Failure } from "../../shared/Failure";
import { Moment } from "../../shared/Moment";
import { useTitle } from "../../shared/title";
import { useTimes } from "../../shared/zone";
import { act } from "../data/act";
import { useAway } from "../data/connection";
import { messageQuery, type ShownMessage } from "../data/queries";
import { applied } from "../outbox/deed";
import { useWaiting } from "../outbox/useWaiting";
import { offerUndo } from "../undo";
import { Actions, More } from "./Actions";
import { CommentForm } from "./CommentForm";
import classes from "./messages.module.css";

const Player = lazy(() => import("../../cabinet/home/Player"));

/** A message: who called, what they want, and what has become of it. */
export default function MessagePage() {
  const { id } = useParams({ from: "/app/inbox/messages/$id" });
  const { t } = useTranslation();
  const times = useTimes();
  const session = useSession();
  const { entries } = useWaiting();
  const { data, error, refetch } = useQuery(messageQuery(id));
  const me = session?.user.name ?? "";
  const caller = data?.message.caller_name || data?.message.caller_phone_shown || t("calls.hidden");
  useTitle(data ? caller : t("app.message"));
  useFollow(id, data, me);
  const own = entries.filter(({ message }) => message === id);
  if (error && !data) {
    const gone = codeOf(error) === "not_found";
    return (
      <div className={classes.page}>
        <div className={classes.bar}>
          <Back />
        </div>
        {gone ? (
          <Empty icon={<IconMessageOff />} title={t("app.gone")} hint={t("app.goneHint")} />
        ) : (
          <div className={classes.pad}>
            <Failure
              error={error}
              title={t("error.load")}
              action={{ label: t("common.retry"), run: () => void refetch() }}
            />
          </div>
        )}
      </div>
    );
  }
  if (!data) {
    return (
      <div className={classes.page} aria-busy>
        <div className={classes.bar}>
          <Back />
        </div>
        <Stack p="md">
          <Skeleton h={32} w="60%" />
          <Skeleton h={44} />
          <Skeleton h={88} />
        </Stack>
      </div>
    );
  }
  const message = applied(data.message, own, me);
  return (
    <article className={classes.page} aria-label={caller}>
      <div className={classes.bar}>
        <Back />
        <StateMark message={message} />
        {own.some(({ deed }) => deed.kind !== "read" && deed.kind !== "comment") && <Pending />}
        <More message={message} me={me} />
      </div>
      <div className={classes.sheet}>
        <div>
          <div className={classes.who}>
            <Title order={1} className={classes.caller}>
              {caller}
            </Title>
            {message.urgent && <UrgentMark />}
          </div>
          <Text size="sm" c="dimmed">
            <Moment at={message.created_at} />
            {` · ${message.recipient_name}`}
            {message.author_name && ` · ${t("messages.by", { name: message.author_name })}`}
          </Text>
          {message.state === "open" && message.next_step_at && (
            <Text size="sm" c="var(--t-waits)">
              {t("app.nextStep", { time: times.until(message.next_step_at) })}
            </Text>
          )}
        </div>
        {message.caller_phone && (
          <Button
            component="a"
            href={`tel:${message.caller_phone}`}
            variant="light"
            size="lg"
            className={classes.call}
            leftSection={<IconPhone size={22} aria-hidden />}
          >
            <span className={classes.callWords}>
              {t("calls.callBack")}
              <span className={classes.callNumber}>{message.caller_phone_shown || message.caller_phone}</span>
            </span>
          </Button>
        )}
        <Text className={classes.text}>{message.text || t("messages.voice")}</Text>
        <Answers answers={message.answers} />
        <Recording data={data} />
        <section aria-labelledby="story-title">
          <Title order={2} id="story-title" mb="sm">
            {t("story.title")}
          </Title>
          {data.timeline ? (
            <Story
              rows={data.timeline}
              me={me}
              unsent={own.flatMap(({ at, deed }) =>
                deed.kind === "comment" ? [{ id: deed.id, at, text: deed.text }] : [],
              )}
            />
          ) : (
            <Text size="sm" c="dimmed">
              {t("app.storyAway")}
            </Text>
          )}
          <CommentForm key={id} id={id} me={me} />
        </section>
      </div>
      <Actions message={message} me={me} />
    </article>
  );
}

/** Back to the list, as far as it was read. */
function Back() {
  const { t } = useTranslation();
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={44}
      className={classes.backButton}
      aria-label={t("app.toList")}
      renderRoot={(props) => (
        <Link to="/app" search={(before) => ({ ...before, accept: undefined }) as never} {...props} />
      )}
    >
      <IconArrowLeft size={22} />
    </ActionIcon>
  );
}

/** What was said, where it is kept and there is a network to hear it through. */
function Recording({ data: { call } }: { data: ShownMessage }) {
  const { t } = useTranslation();
  const away = useAway();
  if (!call) return null;
  const { recording } = call;
  if (recording !== "ready" && recording !== "cut_off") {
    return (
      <Text size="sm" c="dimmed">
        {t(`player.${recording}`)}
      </Text>
    );
  }
  if (away) {
    return (
      <Text size="sm" c="dimmed">
        {t("app.recordingAway")}
      </Text>
    );
  }
  return (
    <Paper p="sm">
      <Suspense fallback={<Skeleton h={132} />}>
        <Player
          id={call.id}
          ms={call.recording_ms}
          cutOff={recording === "cut_off"}
          outgoing={call.outgoing}
          plain
        />
      </Suspense>
    </Paper>
  );
}

/** Who opens a message has read it; a link of a letter or a notification accepts it as well. */
function useFollow(id: string, data: ShownMessage | undefined, me: string) {
  const { accept } = useSearch({ from: "/app/inbox/messages/$id" });
  const navigate = useNavigate();
  const done = useRef("");
  const unread = data?.message.unread ?? false;
  const state = data?.message.state;
  useEffect(() => {
    if (unread) void act(id, { kind: "read" }, me);
  }, [id, unread, me]);
  useEffect(() => {
    if (!accept || !state || done.current === id) return;
    done.current = id;
    if (state === "open") {
      void act(id, { kind: "accept" }, me);
      offerUndo({ message: id, done: "accept", back: [{ kind: "release" }] });
    }
    // «Назад» and a reload are not to accept once more.
    void navigate({
      to: "/app/messages/$id",
      params: { id },
      search: (before) => ({ ...before, accept: undefined }) as never,
      replace: true,
    });
  }, [accept, id, state, me, navigate]);
}
