import { Text, Title, UnstyledButton } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Recipient } from "../api/types";
import { PresenceMark } from "../message/PresenceMark";
import { useNow } from "../shared/now";
import classes from "./desk.module.css";
import { useKeys } from "./keys";
import { everybody, matching, type Person } from "./people";
import { PersonSearch } from "./PersonSearch";
import type { CallCard } from "./wire";

interface Props {
  call: CallCard;
  onChoose?: (recipient: Recipient) => void;
}

/** What has run out is seen so soon. */
const SOON_MS = 15_000;

/** Departments and employees, with who can be reached now and by what; a press makes one the message's recipient. */
export function People({ call, onChoose }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const now = useNow(true, SOON_MS);
  const found = matching(everybody(call, now), text);
  const departments = found.filter(({ recipient }) => recipient.to === "department");
  const employees = found.filter(({ recipient }) => recipient.to === "employee");
  useKeys({
    KeyS: () => {
      field.current?.focus();
    },
  });
  const choose = (person: Person | undefined) => {
    if (!person || !onChoose) return;
    onChoose(person.recipient);
    setText("");
  };
  const ways = ({ recipient, hasEmail, extension, dialled }: Person) =>
    [
      recipient.to === "employee" && t(hasEmail ? "desk.byEmail" : "desk.noEmail"),
      extension !== "" && t("desk.extension", { number: extension }),
      dialled.includes("mobile") && t("desk.transfer.mobile"),
    ].filter(Boolean);
  const list = (people: readonly Person[]) => (
    <ul className={classes.list}>
      {people.map((person) => (
        <li key={person.key}>
          <UnstyledButton
            className={classes.person}
            disabled={!onChoose}
            onClick={() => onChoose?.(person.recipient)}
          >
            <span className="unseen">{t("desk.toRecipient")}</span>
            <Text fw={500}>{person.name}</Text>
            {person.notes.length > 0 && (
              <Text size="sm" c="dimmed">
                {person.notes.join(" · ")}
              </Text>
            )}
            {person.present && <PresenceMark of={person.present} />}
            <Text size="sm" c="dimmed">
              {ways(person).join(" · ")}
            </Text>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );

  return (
    <section aria-label={t("desk.people")}>
      {call.departments.length + call.employees.length > 0 && (
        <PersonSearch
          value={text}
          onChange={setText}
          field={field}
          onEnter={() => {
            choose(text.trim() === "" ? undefined : found[0]);
          }}
          onEscape={() => {
            setText("");
          }}
        />
      )}
      {text.trim() !== "" && found.length === 0 && (
        <Text size="sm" c="dimmed" role="status">
          {t("desk.nobodyFound")}
        </Text>
      )}
      {departments.length > 0 && (
        <>
          <Title order={3}>{t("desk.departments")}</Title>
          {list(departments)}
        </>
      )}
      {employees.length > 0 && (
        <>
          <Title order={3} mt="sm">
            {t("desk.employees")}
          </Title>
          {list(employees)}
        </>
      )}
    </section>
  );
}
