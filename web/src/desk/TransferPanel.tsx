import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { PresenceMark, type Present } from "../message/PresenceMark";
import { useNow } from "../shared/now";
import classes from "./desk.module.css";
import { current } from "./People";
import type { CallCard, Colleague, Dialled } from "./wire";

interface Props {
  call: CallCard;
  onConsult: (to: Colleague) => void;
  onTransfer: (to: Colleague) => void;
  onClose: () => void;
}

interface Choice {
  key: string;
  name: string;
  notes: string[];
  extension: string;
  recipient: Colleague["recipient"];
  dialled: Dialled[];
  present?: Present;
}

const SOON_MS = 15_000;

/** Whom the caller can be handed over to: everybody whom the company's directory has a number of. */
export default function TransferPanel({ call, onConsult, onTransfer, onClose }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const now = useNow(true, SOON_MS);
  useEffect(() => {
    field.current?.focus();
  }, []);
  const wanted = text.trim().toLowerCase();
  const department = (id: string | null | undefined) =>
    call.departments.find((d) => d.id === id)?.name ?? "";
  const choices: Choice[] = [
    ...call.employees.map((e) => ({
      key: e.id,
      name: e.name,
      notes: [e.position, department(e.department)],
      extension: e.extension,
      recipient: { to: "employee" as const, employee: e.id },
      dialled: e.dialled,
      present: e,
    })),
    ...call.departments.map((d) => ({
      key: d.id,
      name: d.name,
      notes: [t("desk.transfer.department")],
      extension: d.extension,
      recipient: { to: "department" as const, department: d.id },
      dialled: d.dialled,
    })),
  ].filter(
    (choice) =>
      choice.dialled.length > 0 &&
      [choice.name, choice.extension, ...choice.notes].some((word) => word.toLowerCase().includes(wanted)),
  );

  return (
    <section aria-label={t("desk.transfer.title")}>
      <TextInput
        ref={field}
        aria-label={t("desk.findPerson")}
        placeholder={t("desk.findPerson")}
        leftSection={<IconSearch size="1em" />}
        type="search"
        mb="xs"
        value={text}
        onChange={(e) => {
          setText(e.currentTarget.value);
        }}
        onKeyDown={(e) => {
          if (e.key === "Escape") onClose();
        }}
      />
      {choices.length === 0 && <Text c="dimmed">{t("desk.transfer.nobody")}</Text>}
      <ul className={`${classes.list ?? ""} ${classes.colleagues ?? ""}`}>
        {choices.map((choice) => (
          <li key={choice.key}>
            <Text fw={500}>{choice.name}</Text>
            <Text size="sm" c="dimmed">
              {choice.notes.filter(Boolean).join(" · ")}
            </Text>
            {choice.present && <PresenceMark of={current(choice.present, now)} />}
            {choice.dialled.map((dialled) => {
              const to = { recipient: choice.recipient, dialled };
              const number =
                dialled === "mobile"
                  ? t("desk.transfer.mobile")
                  : t("desk.extension", { number: choice.extension });
              return (
                <Group key={dialled} gap="xs" mt={4}>
                  <Text size="sm" className={classes.number}>
                    {number}
                  </Text>
                  <Button
                    size="xs"
                    aria-label={`${t("desk.transfer.consult")}: ${choice.name}, ${number}`}
                    onClick={() => {
                      onConsult(to);
                    }}
                  >
                    {t("desk.transfer.consult")}
                  </Button>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`${t("desk.transfer.blind")}: ${choice.name}, ${number}`}
                    onClick={() => {
                      onTransfer(to);
                    }}
                  >
                    {t("desk.transfer.blind")}
                  </Button>
                </Group>
              );
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}
