import { SegmentedControl, Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../../../api/client";
import { notices } from "../../../message/server";
import { useTitle } from "../../../shared/title";
import { TabSkeleton } from "../Tab";
import classes from "./notices.module.css";
import { PolicyEditor } from "./PolicyEditor";
import { RotaPanel } from "./RotaPanel";

const COMPANY = "company";

/** «Оповещения»: who is told next while nobody takes a message on, and who is on duty. */
export default function NoticesTab() {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/cabinet/settings/notices" });
  const { show = "policy", of } = useSearch({ from: "/cabinet/settings/notices" });
  const departments = api.useQuery("get", "/api/departments");
  const employees = api.useQuery("get", "/api/employees");
  const escalations = useQuery({ queryKey: ["get", "/api/escalations"], queryFn: notices.escalations });
  useTitle(t("nav.notices"));
  const error = departments.error ?? employees.error ?? escalations.error;
  if (!departments.data || !employees.data || !escalations.data) {
    return (
      <TabSkeleton
        error={error}
        onRetry={() => {
          void departments.refetch();
          void employees.refetch();
          void escalations.refetch();
        }}
      />
    );
  }
  const named = <T extends { id?: string | null; name: string }>(rows: readonly T[]) =>
    rows.flatMap(({ id, name }) => (id ? [{ id, name }] : []));
  const people = {
    departments: named(departments.data.items),
    employees: named(employees.data.items.map((it) => ({ ...it, name: it.name || it.email }))),
  };
  const own = (id: string) => escalations.data.some((row) => row.department === id && row.policy);
  const first = show === "rota" ? people.departments[0]?.id : undefined;
  const chosen = people.departments.find(({ id }) => id === of)?.id ?? first ?? null;
  const change = (search: { show?: "policy" | "rota"; of?: string | undefined }) => {
    void navigate({ search: (before) => ({ ...before, ...search }) as never, replace: true });
  };
  return (
    <Stack>
      <div className={classes.chooser}>
        <SegmentedControl
          aria-label={t("nav.notices")}
          value={show}
          onChange={(value) => {
            change({ show: value as "policy" | "rota" });
          }}
          data={[
            { value: "policy", label: t("policy.title") },
            { value: "rota", label: t("rota.title") },
          ]}
        />
        <Select
          aria-label={t("policy.whose")}
          size="sm"
          className={classes.whose}
          data={[
            ...(show === "policy" ? [{ value: COMPANY, label: t("policy.company") }] : []),
            ...people.departments.map(({ id, name }) => ({
              value: id,
              label: show === "policy" && own(id) ? t("policy.ownOf", { name }) : name,
            })),
          ]}
          value={chosen ?? (show === "policy" ? COMPANY : null)}
          placeholder={t("rota.noDepartments")}
          allowDeselect={false}
          onChange={(value) => {
            change({ of: value === COMPANY ? undefined : (value ?? undefined) });
          }}
        />
      </div>
      {show === "policy" ? (
        <PolicyEditor
          key={chosen ?? COMPANY}
          saved={
            escalations.data.find((row) => (row.department ?? null) === chosen) ?? {
              department: chosen,
              policy: null,
              version: 0,
            }
          }
          company={escalations.data.find((row) => !row.department)?.policy ?? null}
          people={people}
        />
      ) : (
        <RotaPanel key={chosen} department={chosen} people={people.employees} />
      )}
    </Stack>
  );
}
