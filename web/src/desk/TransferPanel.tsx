import { Button, Group, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { PresenceMark } from "../message/PresenceMark";
import { useNow } from "../shared/now";
import classes from "./desk.module.css";
import { everybody, matching } from "./people";
import { PersonSearch } from "./PersonSearch";
import type { CallCard, Colleague } from "./wire";

interface Props {
  call: CallCard;
  onConsult: (to: Colleague) => void;
  onTransfer: (to: Colleague) => void;
  onClose: () => void;
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
  // A department can be called where it has a number of its own.
  const choices = matching(everybody(call, now), text).filter(({ dialled }) => dialled.length > 0);

  return (
    <section aria-label={t("desk.transfer.title")}>
      <PersonSearch value={text} onChange={setText} field={field} onEscape={onClose} />
      {choices.length === 0 && <Text c="dimmed">{t("desk.transfer.nobody")}</Text>}
      <ul className={`${classes.list ?? ""} ${classes.colleagues ?? ""}`}>
        {choices.map((choice) => (
          <li key={choice.key}>
            <Text fw={500}>{choice.name}</Text>
            <Text size="sm" c="dimmed">
              {choice.recipient.to === "department" ? t("desk.transfer.department") : choice.notes.join(" · ")}
            </Text>
            {choice.present && <PresenceMark of={choice.present} />}
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
