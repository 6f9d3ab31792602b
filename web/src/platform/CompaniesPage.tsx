import { ActionIcon, Button, Center, Group, Paper, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconBuildings, IconKey, IconPlus, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import type { PlatformCompany } from "../api/types";
import { Empty } from "../shared/Empty";
import { Failure } from "../shared/Failure";
import { paging } from "../shared/paging";
import { SearchInput } from "../shared/SearchInput";
import { AddCompany } from "./AddCompany";
import { FreshPassword } from "./FreshPassword";
import { Page } from "./Page";
import classes from "./platform.module.css";

const PAGE = 50;

type Admin = PlatformCompany["admins"][number];

/** The companies that the platform answers for. */
export default function CompaniesPage() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 250);
  const [adding, add] = useDisclosure(false);
  const [person, setPerson] = useState<Admin | null>(null);
  const list = api.useInfiniteQuery(
    "get",
    "/api/platform/companies",
    { params: { query: { limit: PAGE, ...(search && { search }) } } },
    { ...paging, placeholderData: (before) => before },
  );
  const companies = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={t("platform.companies")}
      lead={t("platform.companiesLead")}
      action={
        <Button leftSection={<IconPlus size="1.1em" />} onClick={add.open}>
          {t("platform.addCompany")}
        </Button>
      }
    >
      <Paper>
        <Group p="md">
          <SearchInput label={t("platform.search")} value={text} onChange={setText} size="sm" flex={1} maw={360} />
        </Group>
        {list.error ? (
          <Failure
            error={list.error}
            title={t("error.load")}
            action={{ label: t("common.retry"), run: () => void list.refetch() }}
          />
        ) : list.isPending ? (
          <Stack gap="xs" p="md" aria-busy>
            {Array.from({ length: 5 }, (_, i) => (
              <Skeleton key={i} height={36} />
            ))}
          </Stack>
        ) : companies.length > 0 ? (
          <Companies companies={companies} onPassword={setPerson} />
        ) : search ? (
          <Empty
            icon={<IconSearch />}
            title={t("platform.nothing")}
            action={
              <Button
                variant="light"
                onClick={() => {
                  setText("");
                }}
              >
                {t("platform.resetSearch")}
              </Button>
            }
          />
        ) : (
          <Empty icon={<IconBuildings />} title={t("platform.noCompanies")} hint={t("platform.noCompaniesHint")} />
        )}
        {list.hasNextPage && (
          <Center p="sm">
            <Button
              variant="subtle"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {t("common.more")}
            </Button>
          </Center>
        )}
      </Paper>
      <AddCompany opened={adding} onClose={add.close} />
      <FreshPassword
        person={person}
        onClose={() => {
          setPerson(null);
        }}
      />
    </Page>
  );
}

interface TableProps {
  companies: readonly PlatformCompany[];
  onPassword: (admin: Admin) => void;
}

function Companies({ companies, onPassword }: TableProps) {
  const { t, i18n } = useTranslation();
  const columns = [
    t("platform.column.company"),
    t("platform.column.admins"),
    t("platform.column.lines"),
    t("platform.column.calls"),
  ] as const;
  return (
    <Table className={classes.table} aria-label={t("platform.companies")}>
      <colgroup>
        {[34, 34, 18, 14].map((share, index) => (
          <col key={columns[index]} width={`${String(share)}%`} />
        ))}
      </colgroup>
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) => (
            <Table.Th key={column}>{column}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {companies.map((company) => (
          <Table.Tr key={company.id}>
            <Table.Td className={classes.name}>{company.name}</Table.Td>
            <Table.Td data-column={columns[1]}>
              {company.admins.length === 0 && "–"}
              {company.admins.map((admin) => (
                <Group key={admin.id} gap="xs" wrap="nowrap">
                  <div>
                    {admin.name && <Text size="sm">{admin.name}</Text>}
                    <Text size={admin.name ? "xs" : "sm"} {...(admin.name && { c: "dimmed" })}>
                      {admin.login}
                    </Text>
                  </div>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="sm"
                    aria-label={t("platform.freshFor", { name: admin.name || admin.login })}
                    title={t("platform.freshPassword")}
                    onClick={() => {
                      onPassword(admin);
                    }}
                  >
                    <IconKey size="1.1em" aria-hidden />
                  </ActionIcon>
                </Group>
              ))}
            </Table.Td>
            <Table.Td data-column={columns[2]}>
              {t("platform.connected", { connected: company.connected, lines: company.lines })}
            </Table.Td>
            <Table.Td data-column={columns[3]}>
              {company.calls_30_days.toLocaleString(i18n.language)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
