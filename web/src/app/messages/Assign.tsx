import { Modal, ScrollArea, Skeleton, Stack, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Colleague } from "../../message/contract";
import { PresenceMark } from "../../message/PresenceMark";
import { Failure } from "../../shared/Failure";
import { usePhone } from "../../shared/phone";
import { SearchInput } from "../../shared/SearchInput";
import { colleaguesQuery, useMe } from "../data/queries";
import classes from "./messages.module.css";

interface Props {
  opened: boolean;
  onClose: () => void;
  onChoose: (colleague: Colleague) => void;
}

const MANY = 7;

/** «Назначить коллеге»: who is there, and who can take it now. */
export default function Assign({ opened, onClose, onChoose }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const me = useMe()?.employee?.id;
  const [text, setText] = useState("");
  const { data, error } = useQuery({ ...colleaguesQuery, enabled: opened });
  const wanted = text.trim().toLowerCase();
  const all = (data ?? []).filter(({ id }) => id !== me);
  const shown = all.filter(({ name, position, department_name: department }) =>
    [name, position, department ?? ""].some((word) => word.toLowerCase().includes(wanted)),
  );
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      fullScreen={phone}
      title={t("app.assign")}
      closeButtonProps={{ "aria-label": t("common.close") }}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t("app.assignHint")}
        </Text>
        {all.length > MANY && (
          <SearchInput label={t("app.findColleague")} value={text} onChange={setText} />
        )}
        {error && !data && <Failure error={error} />}
        {!data && !error && <Skeleton h={56} />}
        {data && shown.length === 0 && <Text size="sm">{t("app.noColleagues")}</Text>}
        <ul className={classes.people}>
          {shown.map((colleague) => (
            <li key={colleague.id}>
              <UnstyledButton
                className={classes.person}
                onClick={() => {
                  onChoose(colleague);
                }}
              >
                <Text fw={550}>{colleague.name}</Text>
                <Text size="sm" c="dimmed">
                  {[colleague.position, colleague.department_name].filter(Boolean).join(" · ")}
                </Text>
                <PresenceMark of={colleague} />
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </Stack>
    </Modal>
  );
}
