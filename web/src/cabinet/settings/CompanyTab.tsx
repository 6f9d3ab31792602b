import { NumberInput, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../api/client";
import { codeOf, fieldError } from "../../api/problem";
import type { CompanyForm, Language } from "../../api/types";
import { useForm } from "../../shared/form";
import { size } from "../../theme";
import { merge } from "./merge";
import { Tab, TabSkeleton } from "./Tab";
import { Texts } from "./Texts";

/** «Компания»: what operators need to know to speak for it. */
export default function CompanyTab() {
  const { data, error, refetch } = api.useQuery("get", "/api/company");
  if (!data) return <TabSkeleton error={error} onRetry={() => void refetch()} />;
  return <CompanyEditor saved={data} />;
}

const SHORT = ["name", "legal_name"] as const;
const LONG = ["about", "address", "not_to_say"] as const;
const CONTACTS = ["site", "phone", "email"] as const;

type TextField = (typeof SHORT)[number] | (typeof LONG)[number] | (typeof CONTACTS)[number];

function CompanyEditor({ saved }: { saved: CompanyForm }) {
  const { t } = useTranslation();
  const form = useForm(saved);
  const [saves, setSaves] = useState(0);
  const save = api.useMutation("put", "/api/company", {
    onSuccess: async () => {
      await refresh("/api/company", "/api/session");
      form.reset();
      setSaves((count) => count + 1);
    },
    onError: (error) => {
      if (codeOf(error) === "changed_meanwhile") void refresh("/api/company");
    },
  });
  const parts = ({ version: _, ...fields }: CompanyForm) =>
    Object.entries(fields).map(([key, value]) => ({
      key,
      name: t(`company.${key as keyof typeof fields}`),
      value,
    }));
  const conflict =
    form.dirty && saved.version !== form.base.version
      ? merge(parts(form.base), parts(form.value), parts(saved))
      : null;
  const input = (field: TextField) => ({
    key: field,
    label: t(`company.${field}`),
    description: t(`company.${field}Hint`),
    value: form.value[field],
    onChange: (e: { currentTarget: { value: string } }) => {
      form.put(field, e.currentTarget.value);
    },
    error: fieldError(save.error, field),
  });

  return (
    <Tab
      title={t("nav.company")}
      dirty={form.dirty}
      busy={save.isPending}
      saves={saves}
      error={save.error}
      onSave={() => {
        save.mutate({ body: form.value });
      }}
      conflict={conflict}
      onFresh={() => {
        save.reset();
        form.reset();
      }}
      onKeep={() => {
        const kept = conflict?.parts.map(({ key, value }) => [key, value]) ?? [];
        const next = { ...saved, ...(Object.fromEntries(kept) as Partial<CompanyForm>) };
        form.rebase(saved, next);
        save.mutate({ body: next });
      }}
    >
      <Stack maw={size.form}>
        {SHORT.map((field) => {
          const { key, ...props } = input(field);
          return <TextInput key={key} {...props} required={field === "name"} />;
        })}
        {LONG.map((field) => {
          const { key, ...props } = input(field);
          return <Textarea key={key} {...props} autosize minRows={2} />;
        })}
        {CONTACTS.map((field) => {
          const { key, ...props } = input(field);
          return <TextInput key={key} {...props} />;
        })}
        <Texts
          texts={form.value.texts}
          onChange={(texts) => {
            form.put("texts", texts);
          }}
          error={(path) => fieldError(save.error, `texts${path}`)}
        />
        <Select
          label={t("company.language")}
          description={t("company.languageHint")}
          data={[
            { value: "ru", label: t("language.ru") },
            { value: "en", label: t("language.en") },
          ]}
          value={form.value.language}
          onChange={(value) => {
            if (value) form.put("language", value as Language);
          }}
          allowDeselect={false}
          error={fieldError(save.error, "language")}
        />
        <NumberInput
          label={t("company.retention_days")}
          description={t("company.retention_daysHint")}
          min={1}
          max={3650}
          allowDecimal={false}
          value={form.value.retention_days}
          onChange={(value) => {
            form.put("retention_days", Number(value) || 0);
          }}
          error={fieldError(save.error, "retention_days")}
        />
      </Stack>
    </Tab>
  );
}
