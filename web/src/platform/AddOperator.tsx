import { Button, Group, Modal, Stack, Switch, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../api/client";
import { fieldError } from "../api/problem";
import { Failure } from "../shared/Failure";
import { Issued } from "./Issued";

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** The window of «Добавить оператора». */
export function AddOperator({ opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("platform.addOperator")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Body onClose={onClose} />
    </Modal>
  );
}

const FIELDS = ["name", "email"] as const;

function Body({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [form, setForm] = useState({ name: "", email: "", supervisor: false });
  const [tried, setTried] = useState(false);
  const create = api.useMutation("post", "/api/platform/operators", {
    onSuccess: () => refresh("/api/platform/operators"),
  });
  if (create.data) {
    const { login, letter, password } = create.data;
    return <Issued login={login} letter={letter} password={password ?? null} onClose={onClose} />;
  }
  const missing = (field: (typeof FIELDS)[number]) => form[field].trim() === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!FIELDS.some(missing)) create.mutate({ body: form });
  };
  const beside = FIELDS.some((field) => fieldError(create.error, field));
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {FIELDS.map((field) => (
          <TextInput
            key={field}
            label={t(`platform.operator.${field}`)}
            description={t(`platform.operator.${field}Hint`)}
            type={field === "email" ? "email" : "text"}
            autoComplete="off"
            value={form[field]}
            onChange={(e) => {
              setForm({ ...form, [field]: e.currentTarget.value });
            }}
            error={tried && missing(field) ? t("session.required") : fieldError(create.error, field)}
            {...(field === "name" && { "data-autofocus": true })}
          />
        ))}
        <Switch
          label={t("platform.operator.supervisor")}
          description={t("platform.operator.supervisorHint")}
          checked={form.supervisor}
          onChange={(e) => {
            setForm({ ...form, supervisor: e.currentTarget.checked });
          }}
        />
        {create.error && !beside && <Failure error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t("common.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
