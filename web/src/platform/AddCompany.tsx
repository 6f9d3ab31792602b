import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../api/client";
import { fieldError } from "../api/problem";
import type { Language } from "../api/types";
import { Failure } from "../shared/Failure";
import { Issued } from "./Issued";

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** The window of «Добавить компанию»: the company, and who will set it up. */
export function AddCompany({ opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("platform.addCompany")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Body onClose={onClose} />
    </Modal>
  );
}

const FIELDS = ["name", "admin_name", "admin_email"] as const;

function Body({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [form, setForm] = useState({
    name: "",
    admin_name: "",
    admin_email: "",
    language: "ru" as Language,
  });
  const [tried, setTried] = useState(false);
  const create = api.useMutation("post", "/api/platform/companies", {
    onSuccess: () => refresh("/api/platform/companies"),
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
  const beside = [...FIELDS, "language"].some((field) => fieldError(create.error, field));
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {FIELDS.map((field) => (
          <TextInput
            key={field}
            label={t(`platform.company.${field}`)}
            description={t(`platform.company.${field}Hint`)}
            type={field === "admin_email" ? "email" : "text"}
            autoComplete="off"
            value={form[field]}
            onChange={(e) => {
              setForm({ ...form, [field]: e.currentTarget.value });
            }}
            error={
              tried && missing(field) ? t("session.required") : fieldError(create.error, field)
            }
            {...(field === "name" && { "data-autofocus": true })}
          />
        ))}
        <Select
          label={t("platform.company.language")}
          description={t("platform.company.languageHint")}
          data={[
            { value: "ru", label: t("language.ru") },
            { value: "en", label: t("language.en") },
          ]}
          value={form.language}
          onChange={(value) => {
            if (value) setForm({ ...form, language: value as Language });
          }}
          allowDeselect={false}
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
