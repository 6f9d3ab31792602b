import { ActionIcon, Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconX } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./app.module.css";
import { act } from "./data/act";
import type { Refusal } from "./outbox/deed";
import { outbox } from "./outbox/outbox";
import { useWaiting } from "./outbox/useWaiting";
import { dismissNote, useNote } from "./undo";

/** What just happened to what the person did: done, with a way back; or not taken, and why. */
export function Told({ me }: { me: string }) {
  const { refusals } = useWaiting();
  const [refusal] = refusals;
  return (
    <div className={classes.told} role="status">
      {refusal ? <Refused refusal={refusal} /> : <Noted me={me} />}
    </div>
  );
}

function Noted({ me }: { me: string }) {
  const { t } = useTranslation();
  const note = useNote();
  if (!note) return null;
  if (note.is === "fault") return <Fault words={note.words} onClose={dismissNote} />;
  return (
    <div className={classes.note}>
      <IconCheck size="1.2em" aria-hidden />
      <Text size="sm" flex={1}>
        {t(`app.done.${note.done as "accept"}`)}
      </Text>
      <Button
        size="compact-sm"
        variant="subtle"
        className={classes.noteButton}
        onClick={() => {
          dismissNote();
          for (const deed of note.back) void act(note.message, deed, me);
        }}
      >
        {t("app.back")}
      </Button>
    </div>
  );
}

function Refused({ refusal }: { refusal: Refusal }) {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false });
  const { entry, why, sentence } = refusal;
  return (
    <Fault
      words={why === "gone" ? t("app.refused.gone") : sentence || t("app.refused.other")}
      onClose={() => {
        outbox.dismiss(refusal);
      }}
    >
      {why !== "gone" && id !== entry.message && (
        <Button
          size="compact-sm"
          variant="subtle"
          className={classes.noteButton}
          renderRoot={(props) => <Link to="/app/messages/$id" params={{ id: entry.message }} {...props} />}
        >
          {t("app.open")}
        </Button>
      )}
    </Fault>
  );
}

function Fault({ words, onClose, children }: { words: string; onClose: () => void; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={classes.note} data-refused>
      <IconAlertTriangle size="1.2em" aria-hidden />
      <Text size="sm" flex={1}>
        {words}
      </Text>
      {children}
      <ActionIcon
        variant="subtle"
        className={classes.noteButton}
        aria-label={t("common.close")}
        onClick={onClose}
      >
        <IconX size="1.1em" />
      </ActionIcon>
    </div>
  );
}
