import { Button, Checkbox, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { HoursException, WorkingHours } from "../../api/types";
import { Failure } from "../../shared/Failure";
import { shortened } from "./hoursParts";

interface Props {
  year: number | null;
  week: WorkingHours["week"];
  exceptions: readonly HoursException[];
  onTake: (days: HoursException[]) => void;
  onClose: () => void;
}

type Kind = "closed" | "working" | "shortened";

const MONDAY = 0;

function weekday(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** Russia's production calendar of a year, to choose from what is to be taken over. */
export function CalendarOffer({ year, week, exceptions, onTake, onClose }: Props) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<readonly Kind[]>(["closed", "working"]);
  const { data, error, refetch } = api.useQuery(
    "get",
    "/api/production-calendar",
    { params: { query: { year: year ?? 0 } } },
    { enabled: year !== null, staleTime: Infinity },
  );
  const known = new Set(exceptions.map(({ date }) => date));
  const days = (data?.days ?? [])
    .filter(({ date }) => !known.has(date))
    .map((day) => {
      const weekend = weekday(day.date) > 4;
      const kind: Kind = day.closed ? "closed" : weekend ? "working" : "shortened";
      // A weekend's day that is worked has the hours of a Monday.
      const usual = week[weekend ? MONDAY : weekday(day.date)] ?? [];
      const intervals = day.closed ? [] : day.shortened ? shortened(usual) : usual;
      return { kind, exception: { date: day.date, intervals: [...intervals], note: day.name } };
    });
  const chosen = days.filter(({ kind }) => wanted.includes(kind));
  return (
    <Modal
      opened={year !== null}
      onClose={onClose}
      title={t("hours.calendar", { year })}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Stack>
        {error && (
          <Failure error={error} action={{ label: t("common.retry"), run: () => void refetch() }} />
        )}
        {!data && !error && <Skeleton h={120} />}
        {data && (
          <>
            <Text size="sm">{t(data.official ? "hours.official" : "hours.foretold")}</Text>
            {(["closed", "working", "shortened"] as const).map((kind) => {
              const count = days.filter((day) => day.kind === kind).length;
              return (
                <Checkbox
                  key={kind}
                  label={`${t(`hours.kinds.${kind}`)}: ${String(count)}`}
                  description={t(`hours.kindHints.${kind}`)}
                  checked={wanted.includes(kind) && count > 0}
                  disabled={count === 0}
                  onChange={(e) => {
                    setWanted(
                      e.currentTarget.checked ? [...wanted, kind] : wanted.filter((other) => other !== kind),
                    );
                  }}
                />
              );
            })}
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button
            disabled={chosen.length === 0}
            onClick={() => {
              onTake(chosen.map(({ exception }) => exception));
            }}
          >
            {t("hours.take")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
