import { Button, Collapse, Group, Skeleton, Stack, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { messages } from "../../message/server";
import type { Message } from "../../message/contract";
import { Story } from "../../message/Story";
import { useDeeds } from "../../message/useDeeds";
import { Failure } from "../../shared/Failure";
import { onDemand } from "../../shared/onDemand";
import classes from "./calls.module.css";

const Assign = onDemand(() => import("../../app/messages/Assign"));

/** What is done with a message: by whom, and what comes next. */
export function MessageWork({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { act, assign } = useDeeds(message.id);
  const [assigning, ask] = useDisclosure(false);
  const [opened, open] = useDisclosure(false);
  const error = act.error ?? assign.error;
  const button = (deed: "accept" | "release" | "close" | "reopen", main = false) => (
    <Button
      size="compact-sm"
      variant={main ? "light" : "subtle"}
      color={main ? "teal" : "gray"}
      loading={act.isPending && act.variables === deed}
      onClick={() => {
        act.mutate(deed);
      }}
    >
      {t(`app.${deed}`)}
    </Button>
  );
  return (
    <Stack gap="xs">
      <Group gap="xs" className={classes.work}>
        {message.state === "open" && button("accept", true)}
        {message.state === "accepted" && button("close", true)}
        {message.state === "accepted" && button("release")}
        {message.state === "open" && button("close")}
        {message.state === "closed" && button("reopen")}
        {message.state !== "closed" && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={ask.open}>
            {t("app.assign")}
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          aria-expanded={opened}
          rightSection={<IconChevronDown size="1em" aria-hidden />}
          onClick={open.toggle}
        >
          {t("story.title")}
        </Button>
      </Group>
      {error && <Failure error={error} />}
      <Collapse expanded={opened} transitionDuration={150}>
        {opened && <Worked id={message.id} />}
      </Collapse>
      <Assign
        opened={assigning}
        onClose={ask.close}
        onChoose={({ id }) => {
          ask.close();
          assign.mutate(id);
        }}
      />
    </Stack>
  );
}

/** What has happened to it, and a word for colleagues. */
function Worked({ id }: { id: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const { comment } = useDeeds(id);
  const { data, error, refetch } = useQuery({
    queryKey: ["get", "/api/messages/{id}", id],
    queryFn: ({ signal }) => messages.read(id, signal),
    // The list's own event tells of changes as well.
    staleTime: 0,
  });
  if (error && !data) {
    return <Failure error={error} action={{ label: t("common.retry"), run: () => void refetch() }} />;
  }
  if (!data) return <Skeleton h={80} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const written = text.trim();
    if (written === "") return;
    comment.mutate(written, {
      onSuccess: () => {
        setText("");
      },
    });
  };
  return (
    <Stack gap="sm" pt="xs">
      <Story rows={data.timeline} />
      <form onSubmit={submit}>
        <Group gap="xs" align="flex-end">
          <Textarea
            size="sm"
            flex={1}
            autosize
            minRows={1}
            maxRows={6}
            maxLength={5000}
            aria-label={t("app.comment")}
            placeholder={t("app.comment")}
            value={text}
            onChange={(e) => {
              setText(e.currentTarget.value);
            }}
          />
          <Button type="submit" size="sm" variant="default" loading={comment.isPending}>
            {t("app.sendComment")}
          </Button>
        </Group>
      </form>
      {comment.error && <Failure error={comment.error} />}
    </Stack>
  );
}
