import { Button, Group, Menu, Paper, ScrollArea, Skeleton, Table, Text, TextInput } from "@mantine/core";
import { IconCalendarTime, IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useSession } from "../session/session";
import { Empty } from "../shared/Empty";
import { Failure } from "../shared/Failure";
import { browserZone, clock, dateIn, duration } from "../shared/time";
import { useTitle } from "../shared/title";
import classes from "./board.module.css";
import { Header } from "./Header";

/** The day goes on while it is looked at. */
const FRESH_MS = 30_000;

/** «Смены»: what each operator did in a day. */
export default function ShiftsPage() {
  const { t } = useTranslation();
  const session = useSession();
  const zone = browserZone();
  const [day, setDay] = useState(() => dateIn(new Date(), zone));
  const { data, error, refetch } = api.useQuery(
    "get",
    "/api/desk/shifts",
    { params: { query: { day, zone } } },
    { refetchInterval: FRESH_MS },
  );
  useTitle(t("board.shifts"));
  if (!session) return null;
  const file = (from: string, format: string) =>
    `/api/desk/shifts/export?${new URLSearchParams({ from, to: day, zone, format }).toString()}`;
  const columns = ["operator", "time", "signedIn", "ready", "onCalls", "wrapUp", "breaks", "offered", "answered", "missed", "declined", "talk"] as const;
  return (
    <div className={classes.board}>
      <a href="#content" className="skip">
        {t("nav.skip")}
      </a>
      <Header session={session} title={t("board.shifts")} other="/desk/board" />
      <main id="content" className={classes.content} tabIndex={-1}>
        <Group justify="space-between" align="flex-end">
          <TextInput
            type="date"
            label={t("board.day")}
            value={day}
            max={dateIn(new Date(), zone)}
            required
            withAsterisk={false}
            onChange={(event) => {
              if (event.currentTarget.value) setDay(event.currentTarget.value);
            }}
          />
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" rightSection={<IconChevronDown size="1em" aria-hidden />}>
                {t("export.button")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {(["day", "month"] as const).map((span) =>
                (["xlsx", "csv"] as const).map((format) => (
                  <Menu.Item
                    key={`${span} ${format}`}
                    component="a"
                    href={file(span === "day" ? day : `${day.slice(0, 8)}01`, format)}
                    download
                  >
                    {`${t(`board.span.${span}`)}, ${t(`export.${format}`)}`}
                  </Menu.Item>
                )),
              )}
            </Menu.Dropdown>
          </Menu>
        </Group>
        <Paper className={classes.wide}>
          {error && !data ? (
            <Failure
              error={error}
              title={t("error.load")}
              action={{ label: t("common.retry"), run: () => void refetch() }}
            />
          ) : !data ? (
            <Skeleton h={160} />
          ) : data.items.length === 0 ? (
            <Empty icon={<IconCalendarTime />} title={t("board.noShifts")} hint={t("board.noShiftsHint")} />
          ) : (
            // Wider than a telephone: it is scrolled by itself, by the keyboard too.
            <ScrollArea type="auto" viewportProps={{ role: "region", tabIndex: 0, "aria-label": t("board.shifts") }}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    {columns.map((column) => (
                      <Table.Th key={column}>{t(`board.column.${column}`)}</Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {data.items.map((row) => (
                    <Table.Tr key={`${row.name} ${row.from}`}>
                      <Table.Th scope="row">{row.name}</Table.Th>
                      <Table.Td className={classes.figures}>{`${clock(row.from, zone)}–${clock(row.to, zone)}`}</Table.Td>
                      {[row.signed_in_ms, row.ready_ms, row.on_call_ms, row.wrap_up_ms, row.breaks_ms].map((ms, index) => (
                        <Table.Td key={columns[index + 2]} className={classes.figures}>
                          {duration(ms)}
                        </Table.Td>
                      ))}
                      <Table.Td className={classes.figures}>{row.offered}</Table.Td>
                      <Table.Td className={classes.figures}>{row.answered}</Table.Td>
                      <Table.Td className={classes.figures}>
                        <Text size="sm" {...(row.missed > 0 && { c: "var(--t-lost)", fw: 600 })}>
                          {row.missed}
                        </Text>
                      </Table.Td>
                      <Table.Td className={classes.figures}>{row.declined}</Table.Td>
                      <Table.Td className={classes.figures}>
                        {typeof row.talk_ms_average === "number" ? duration(row.talk_ms_average) : "—"}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </ScrollArea>
          )}
        </Paper>
      </main>
    </div>
  );
}
