import { ActionIcon, Group, Select, Table, Text, TextInput, Tooltip } from "@mantine/core";
import { IconLock, IconPlaneDeparture, IconUser } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, client, refresh } from "../../api/client";
import { codeOf, fieldError } from "../../api/problem";
import type { DepartmentRow, EmployeeRow, SignIn } from "../../api/types";
import { usePresenceWords } from "../../message/PresenceMark";
import { person } from "../../message/server";
import { Empty } from "../../shared/Empty";
import { useForm } from "../../shared/form";
import { onDemand } from "../../shared/onDemand";
import { size } from "../../theme";
import { FileMenu, kindOf } from "./FileMenu";
import { mergeRows } from "./merge";
import { RemoveButton } from "./RemoveButton";
import { bare, imported, keyed, type Keyed } from "./rows";
import { Cell, RowTable } from "./RowTable";
import { Tab, TabSkeleton } from "./Tab";
import { useRows } from "./useRows";

const AbsenceWindow = onDemand(() => import("./AbsenceWindow"));

/** «Сотрудники»: a row each, saved together. */
export default function EmployeesTab() {
  const employees = api.useQuery("get", "/api/employees");
  const departments = api.useQuery("get", "/api/departments");
  const saved = useMemo(
    () =>
      employees.data && { version: employees.data.version, items: keyed(employees.data.items.map(typed)) },
    [employees.data],
  );
  if (!saved) return <TabSkeleton error={employees.error} onRetry={() => void employees.refetch()} />;
  const signIns = new Map(employees.data?.items.map(({ id, sign_in }) => [id, sign_in]));
  return <EmployeesEditor saved={saved} signIns={signIns} departments={departments.data?.items ?? []} />;
}

interface EditorProps {
  saved: { version: number; items: Keyed<EmployeeRow>[] };
  /** How the saved ones' sign-ins stand. */
  signIns: ReadonlyMap<string, SignIn>;
  departments: readonly DepartmentRow[];
}

/** Stands for no department among those to choose from. */
const NONE = "none";

type TextColumn = "name" | "position" | "extension" | "mobile";

/** Employees of one login are one. */
const alike = ({ email }: EmployeeRow) => email.trim().toLowerCase();

/** What is edited of a row: the rest is the server's to tell. */
function typed({ id, email, name, department, position, extension, mobile }: EmployeeRow): EmployeeRow {
  return { id: id ?? null, email, name, department: department ?? null, position, extension, mobile };
}

async function look(file: File) {
  const { data } = await client.POST("/api/employees/import", {
    body: file as never,
    bodySerializer: (body: unknown) => body as File,
    headers: { "Content-Type": kindOf(file) },
  });
  return data?.rows ?? [];
}

function EmployeesEditor({ saved, signIns, departments }: EditorProps) {
  const { t } = useTranslation();
  const words = usePresenceWords();
  const [absent, setAbsent] = useState<{ id: string; name: string } | null>(null);
  const { data: colleagues } = useQuery({ queryKey: ["get", "/api/colleagues"], queryFn: person.colleagues });
  const away = new Map((colleagues ?? []).flatMap((it) => (it.absent_until ? [[it.id, it]] : [])));
  const form = useForm(saved);
  const [saves, setSaves] = useState(0);
  const save = api.useMutation("put", "/api/employees", {
    onSuccess: async () => {
      await refresh("/api/employees", "/api/departments", "/api/lines");
      form.reset();
      table.forget();
      setSaves((count) => count + 1);
    },
    onError: (error) => {
      if (codeOf(error) === "changed_meanwhile") void refresh("/api/employees");
    },
  });
  const table = useRows(form);
  const { rows } = table;
  const called = ({ name, email }: EmployeeRow) => name || email || t("employees.unnamed");
  const conflict =
    form.dirty && saved.version !== form.base.version
      ? mergeRows({ base: form.base.items, mine: rows, theirs: saved.items }, alike, called)
      : null;
  const columns = ["email", "name", "department", "position", "extension", "mobile"] as const;
  const choice = [
    { value: NONE, label: t("employees.noDepartment") },
    ...departments.flatMap(({ id, name }) => (id ? [{ value: id, label: name }] : [])),
  ];

  return (
    <Tab
      title={t("nav.employees")}
      lead={t("employees.lead")}
      actions={
        <FileMenu
          from="/api/employees/export"
          hint={t("employees.fileHint")}
          look={look}
          show={(row) => ({
            row: row.row,
            name: row.name || row.email,
            known: row.known !== null && row.known !== undefined,
            errors: row.errors.map(({ field, detail }) => ({
              column: t(`employees.${field as (typeof columns)[number]}`),
              detail,
            })),
          })}
          onTake={(found) => {
            const items = found.map(({ known, row: _, errors: __, ...typed }) => ({
              ...typed,
              id: known ?? null,
            }));
            table.put(imported<EmployeeRow>(rows, items, alike));
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
        label={t("nav.employees")}
        columns={columns.map((column) => t(`employees.${column}`))}
        shares={[22, 22, 17, 16, 8, 12]}
        onAdd={() => {
          table.add({
            id: null,
            email: "",
            name: "",
            department: null,
            position: "",
            extension: "",
            mobile: "",
          });
        }}
        removed={table.gone && called(table.gone)}
        onRestore={table.restore}
        empty={
          rows.length === 0 ? (
            <Empty icon={<IconUser />} title={t("employees.empty")} hint={t("employees.emptyHint")} />
          ) : null
        }
      >
        {rows.map((row, index) => {
          const at = t("departments.row", { number: index + 1 });
          const name = called(row);
          const edit = (change: Partial<EmployeeRow>) => {
            table.edit(row.key, change);
          };
          const error = (field: string) => fieldError(save.error, `items.${String(index)}.${field}`);
          const gone = row.id ? away.get(row.id) : undefined;
          const text = (field: TextColumn) => (
            <Cell column={t(`employees.${field}`)}>
              <TextInput
                size="sm"
                aria-label={`${t(`employees.${field}`)}, ${at}`}
                inputMode={field === "extension" || field === "mobile" ? "tel" : "text"}
                title={field === "mobile" ? t("employees.mobileHint") : undefined}
                value={row[field]}
                onChange={(e) => {
                  edit({ [field]: e.currentTarget.value });
                }}
                error={error(field)}
              />
              {field === "name" && gone && (
                <Text size="xs" c="var(--t-waits)">
                  {words(gone)}
                </Text>
              )}
            </Cell>
          );
          const signIn = signIns.get(row.id ?? "");
          return (
            <Table.Tr key={row.key}>
              <Cell column={t("employees.email")}>
                {row.id !== null && row.id !== undefined ? (
                  <Tooltip
                    label={t("employees.emailLocked")}
                    maw={320}
                    events={{ hover: true, focus: true, touch: true }}
                  >
                    <TextInput
                      size="sm"
                      aria-label={`${t("employees.email")}, ${at}`}
                      aria-description={t("employees.emailLocked")}
                      value={row.email}
                      readOnly
                      variant="filled"
                      rightSection={<IconLock size="1em" aria-hidden />}
                      error={error("email")}
                    />
                  </Tooltip>
                ) : (
                  <TextInput
                    size="sm"
                    aria-label={`${t("employees.email")}, ${at}`}
                    type="email"
                    value={row.email}
                    onChange={(e) => {
                      edit({ email: e.currentTarget.value });
                    }}
                    error={error("email")}
                    autoFocus={row.email === ""}
                  />
                )}
                {(row.id === null || row.id === undefined) && (
                  <Text size="xs" c="dimmed" maw={220}>
                    {t("employees.emailHint")}
                  </Text>
                )}
                {signIn && signIn !== "active" && (
                  <Text size="xs" c="dimmed">
                    {t(`employees.signIn.${signIn}`)}
                  </Text>
                )}
              </Cell>
              {text("name")}
              <Cell column={t("employees.department")}>
                <Select
                  size="sm"
                  aria-label={`${t("employees.department")}, ${at}`}
                  data={choice}
                  value={row.department ?? NONE}
                  onChange={(value) => {
                    edit({ department: value === NONE ? null : value });
                  }}
                  allowDeselect={false}
                  error={error("department")}
                />
              </Cell>
              {text("position")}
              {text("extension")}
              {text("mobile")}
              <Cell>
                <Group gap={0} wrap="nowrap">
                  {row.id && (
                    <Tooltip label={t("absence.title")}>
                      <ActionIcon
                        variant="subtle"
                        color={away.get(row.id) ? "amber" : "gray"}
                        size="lg"
                        aria-label={t("absence.of", { name })}
                        onClick={() => {
                          setAbsent({ id: row.id ?? "", name });
                        }}
                      >
                        <IconPlaneDeparture size={size.icon} stroke={size.iconStroke} />
                      </ActionIcon>
                    </Tooltip>
                  )}
                  <RemoveButton
                    label={t("employees.remove", { name })}
                    title={t("employees.removeTitle", { name })}
                    text={t("employees.removeText")}
                    ask={row.id !== null || row.email !== "" || row.name !== ""}
                    onRemove={() => {
                      save.reset();
                      table.remove(row);
                    }}
                  />
                </Group>
              </Cell>
            </Table.Tr>
          );
        })}
      </RowTable>
      <AbsenceWindow
        opened={absent !== null}
        employee={absent ?? { id: "", name: "" }}
        people={saved.items.flatMap(({ id, ...row }) => (id ? [{ id, name: called(row) }] : []))}
        onClose={() => {
          setAbsent(null);
        }}
      />
    </Tab>
  );
}
