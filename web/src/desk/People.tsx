import { Text, TextInput, Title, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Recipient } from "../api/types";
import { PresenceMark, type Present } from "../message/PresenceMark";
import { useNow } from "../shared/now";
import classes from "./desk.module.css";
import type { CallCard } from "./wire";

interface Props {
  call: CallCard;
  onChoose?: (recipient: Recipient) => void;
}

const MANY = 6;
/** What has run out is seen so soon. */
const SOON_MS = 15_000;

/** The presence that holds now: the card tells until when it does. */
export function current(present: Present, now: number): Present {
  const over = (at: string | null | undefined) => Boolean(at && Date.parse(at) <= now);
  return {
    ...present,
    ...(over(present.presence_until) && { presence: "available", presence_until: null }),
    ...(over(present.absent_until) && { absent_until: null }),
  };
}

/** Departments and employees; a press makes one the message's recipient. */
export function People({ call, onChoose }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const now = useNow(true, SOON_MS);
  const wanted = text.trim().toLowerCase();
  const matches = (...words: string[]) => words.some((word) => word.toLowerCase().includes(wanted));
  const name = (id: string | null | undefined) => call.departments.find((d) => d.id === id)?.name ?? "";
  const departments = call.departments.filter((d) => matches(d.name, d.extension));
  const employees = call.employees.filter((e) =>
    matches(e.name, e.position, e.extension, name(e.department)),
  );
  const person = (
    key: string,
    title: string,
    notes: (string | false)[],
    recipient: Recipient,
    present?: Present,
  ) => (
    <li key={key}>
      <UnstyledButton
        className={classes.person}
        disabled={!onChoose}
        onClick={() => onChoose?.(recipient)}
      >
        <span className="unseen">{t("desk.toRecipient")}</span>
        <Text fw={500}>{title}</Text>
        <Text size="sm" c="dimmed">
          {notes.filter(Boolean).join(" · ")}
        </Text>
        {present && <PresenceMark of={current(present, now)} />}
      </UnstyledButton>
    </li>
  );
  const extension = (number: string) => number !== "" && t("desk.extension", { number });

  return (
    <section>
      {call.departments.length + call.employees.length > MANY && (
        <TextInput
          aria-label={t("desk.findPerson")}
          placeholder={t("desk.findPerson")}
          leftSection={<IconSearch size="1em" />}
          type="search"
          mb="sm"
          value={text}
          onChange={(e) => {
            setText(e.currentTarget.value);
          }}
        />
      )}
      {departments.length > 0 && (
        <>
          <Title order={3}>{t("desk.departments")}</Title>
          <ul className={classes.list}>
            {departments.map((d) =>
              person(d.id, d.name, [extension(d.extension)], { to: "department", department: d.id }),
            )}
          </ul>
        </>
      )}
      {employees.length > 0 && (
        <>
          <Title order={3} mt="sm">
            {t("desk.employees")}
          </Title>
          <ul className={classes.list}>
            {employees.map((e) =>
              person(
                e.id,
                e.name,
                [e.position, name(e.department), extension(e.extension), !e.has_email && t("desk.noEmail")],
                { to: "employee", employee: e.id },
                e,
              ),
            )}
          </ul>
        </>
      )}
    </section>
  );
}
