import { ActionIcon, Textarea } from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { act } from "../data/act";
import classes from "./messages.module.css";

/** As long as the server takes it. */
const LONGEST = 5000;

/** What colleagues should know: «Перезвонил, ждёт счёт». */
export function CommentForm({ id, me }: { id: string; me: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const written = text.trim();
  const submit = () => {
    if (written === "") return;
    // The id is chosen here, so that sending it twice stores it once.
    void act(id, { kind: "comment", id: crypto.randomUUID(), text: written }, me);
    setText("");
  };
  return (
    <form
      className={classes.comment}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
    >
      <Textarea
        flex={1}
        aria-label={t("app.comment")}
        placeholder={t("app.comment")}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={LONGEST}
        value={text}
        onChange={(e) => {
          setText(e.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          submit();
        }}
      />
      <ActionIcon type="submit" size={42} aria-label={t("app.sendComment")} aria-disabled={written === ""} variant={written === "" ? "default" : "filled"}>
        <IconSend2 size="1.2em" />
      </ActionIcon>
    </form>
  );
}
