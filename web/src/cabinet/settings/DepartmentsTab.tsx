import { Anchor, Select, Table, TextInput } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, client, refresh } from "../../api/client";
import { codeOf, fieldError } from "../../api/problem";
import type { DepartmentRow, EmployeeRow } from "../../api/types";
import { Empty } from "../../shared/Empty";
import { useForm } from "../../shared/form";
import { FileMenu, kindOf } from "./FileMenu";
import { mergeRows } from "./merge";
import { RemoveButton } from "./RemoveButton";
import { bare, imported, keyed, type Keyed } from "./rows";
import { Cell, RowTable } from "./RowTable";
import { Tab, TabSkeleton } from "./Tab";
import { useRows } from "./useRows";

/** «Отделы»: a row each, saved together. */
export default function DepartmentsTab() {
  const departments = api.useQuery("get", "/api/departments");
  const employees = api.useQuery("get", "/api/employees");
  const saved = useMemo(
    () => departments.data && { version: departments.data.version, items: keyed(departments.data.items) },
    [departments.data],
  );
  if (!saved) return <TabSkeleton error={departments.error} onRetry={() => void departments.refetch()} />;
  return <DepartmentsEditor saved={saved} employees={employees.data?.items ?? []} />;
}

interface EditorProps {
  saved: { version: number; items: Keyed<DepartmentRow>[] };
  employees: readonly EmployeeRow[];
}

/** Departments of one name are one. */
const alike = ({ name }: DepartmentRow) => name.trim().toLowerCase();

async function look(file: File) {
  const { data } = await client.POST("/api/departments/import", {
    body: file as never,
    bodySerializer: (body: unknown) => body as File,
    headers: { "Content-Type": kindOf(file) },
  });
  return data?.rows ?? [];
}

function DepartmentsEditor({ saved, employees }: EditorProps) {
  const { t } = useTranslation();
  const form = useForm(saved);
  const [saves, setSaves] = useState(0);
  const save = api.useMutation("put", "/api/departments", {
    onSuccess: async () => {
      await refresh("/api/departments", "/api/lines", "/api/employees");
      form.reset();
      table.forget();
      setSaves((count) => count + 1);
    },
    onError: (error) => {
      if (codeOf(error) === "changed_meanwhile") void refresh("/api/departments");
    },
  });
  const table = useRows(form);
  const { rows } = table;
  const columns = [t("departments.name"), t("departments.extension"), t("departments.notify")];
  const unnamed = t("departments.unnamed");
  const conflict =
    form.dirty && saved.version !== form.base.version
      ? mergeRows(
          { base: form.base.items, mine: rows, theirs: saved.items },
          alike,
          ({ name }) => name || unnamed,
        )
      : null;
  const notified = [
    { value: "everyone", label: t("departments.everyone") },
    { value: "on_duty", label: t("departments.onDuty") },
    ...employees.flatMap(({ id, name, email }) => (id ? [{ value: id, label: name || email }] : [])),
  ];

  return (
    <Tab
      title={t("nav.departments")}
      lead={t("departments.lead")}
      actions={
        <FileMenu
          from="/api/departments/export"
          hint={t("departments.fileHint")}
          look={look}
          show={(row) => ({
            ...row,
            known: row.known !== null && row.known !== undefined,
            errors: row.errors.map(({ field, detail }) => ({
              column: t(`departments.${field as "name" | "extension" | "notify"}`),
              detail,
            })),
          })}
          onTake={(found) => {
            const items = found.map(({ known, name, extension, notify }) => ({
              id: known ?? null,
              name,
              extension,
              notify,
            }));
            table.put(imported<DepartmentRow>(rows, items, alike));
          }}
        />
      }
      dirty={form.dirty}
      busy={save.isPending}
      saves={saves}
      error={save.error}
      onSave={() => {
        save.mutate({ body: { version: form.value.version, items: bare(rows) } });
      }}
      conflict={conflict}
      onFresh={() => {
        save.reset();
        table.forget();
        form.reset();
      }}
      onKeep={() => {
        const items = conflict?.rows ?? [];
        form.rebase(saved, { version: saved.version, items });
        save.mutate({ body: { version: saved.version, items: bare(items) } });
      }}
    >
      <RowTable
        label={t("nav.departments")}
        columns={columns}
        shares={[44, 18, 34]}
        onAdd={() => {
          table.add({ id: null, name: "", extension: "", notify: { to: "everyone" } });
        }}
        removed={table.gone && (table.gone.name || unnamed)}
        onRestore={table.restore}
        empty={
          rows.length === 0 ? (
            <Empty
              icon={<IconUsersGroup />}
              title={t("departments.empty")}
              hint={t("departments.emptyHint")}
            />
          ) : null
        }
      >
        {rows.map((row, index) => {
          const at = t("departments.row", { number: index + 1 });
          const name = row.name || unnamed;
          const edit = (change: Partial<DepartmentRow>) => {
            table.edit(row.key, change);
          };
          const error = (field: string) => fieldError(save.error, `items.${String(index)}.${field}`);
          return (
            <Table.Tr key={row.key}>
              <Cell column={t("departments.name")}>
                <TextInput
                  size="sm"
                  aria-label={`${t("departments.name")}, ${at}`}
                  value={row.name}
                  onChange={(e) => {
                    edit({ name: e.currentTarget.value });
                  }}
                  error={error("name")}
                  autoFocus={row.id === null && row.name === ""}
                />
              </Cell>
              <Cell column={t("departments.extension")}>
                <TextInput
                  size="sm"
                  aria-label={`${t("departments.extension")}, ${at}`}
                  inputMode="tel"
                  value={row.extension}
                  onChange={(e) => {
                    edit({ extension: e.currentTarget.value });
                  }}
                  error={error("extension")}
                />
              </Cell>
              <Cell column={t("departments.notify")}>
                <Select
                  size="sm"
                  aria-label={`${t("departments.notify")}, ${at}`}
                  data={notified}
                  value={row.notify.to === "employee" ? row.notify.employee : row.notify.to}
                  onChange={(value) => {
                    if (!value) return;
                    edit({
                      notify:
                        value === "everyone" || value === "on_duty"
                          ? { to: value }
                          : { to: "employee", employee: value },
                    });
                  }}
                  allowDeselect={false}
                  searchable
                  error={error("notify") ?? error("notify.employee")}
                />
                {row.id && row.notify.to === "on_duty" && (
                  <Anchor
                    size="sm"
                    renderRoot={(props) => (
                      <Link
                        to="/cabinet/settings/notices"
                        search={{ show: "rota", of: row.id ?? undefined }}
                        {...props}
                      />
                    )}
                  >
                    {t("rota.title")}
                  </Anchor>
                )}
              </Cell>
              <Cell>
                <RemoveButton
                  label={t("departments.remove", { name })}
                  title={t("departments.removeTitle", { name })}
                  text={t("departments.removeText")}
                  ask={row.id !== null || row.name !== ""}
                  onRemove={() => {
                    save.reset();
                    table.remove(row);
                  }}
                />
              </Cell>
            </Table.Tr>
          );
        })}
      </RowTable>
    </Tab>
  );
}
