import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Recipient } from "../../api/types";
import { choices, toKey } from "../../shared/recipient";

/** Everybody a message can be for, as a list to choose from. */
export function useRecipientChoices() {
  const { t } = useTranslation();
  const { data: departments } = api.useQuery("get", "/api/departments");
  const { data: employees } = api.useQuery("get", "/api/employees");
  return choices(departments?.items ?? [], employees?.items ?? [], {
    departments: t("script.departments"),
    employees: t("script.employees"),
  });
}

/** The name of a recipient, where it still exists. */
export function useRecipientName(recipient: Recipient | null | undefined): string | undefined {
  const key = toKey(recipient);
  return useRecipientChoices()
    .flatMap(({ items }) => items)
    .find(({ value }) => value === key)?.label;
}
