import { Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { refresh } from "../../api/client";
import { absenceOf, daysOf, type AbsentDays } from "../../message/absence";
import { AbsenceFields } from "../../message/AbsenceFields";
import type { Absence } from "../../message/contract";
import { notices } from "../../message/server";
import { Failure } from "../../shared/Failure";
import { useForm } from "../../shared/form";
import { useTimes } from "../../shared/zone";

interface Props {
  opened: boolean;
  employee: { id: string; name: string };
  /** Who can stand in. */
  people: readonly { id: string; name: string }[];
  onClose: () => void;
}

const NONE: AbsentDays = { first: "", last: "", deputy: null };

/** When an employee is away, and who stands in; saved at once, apart from the table. */
export default function AbsenceWindow({ opened, employee, people, onClose }: Props) {
  const { t } = useTranslation();
  const { data, error, isSuccess } = useQuery({
    queryKey: ["get", "/api/employees/{id}/absence", employee.id],
    queryFn: () => notices.absence(employee.id),
    enabled: opened,
    staleTime: 0,
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("absence.of", { name: employee.name })}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {t("absence.hintOf")}
        </Text>
        {error && <Failure error={error} />}
        {!isSuccess && !error && <Skeleton h={160} />}
        {isSuccess && (
          <Form
            saved={data}
            id={employee.id}
            people={people.filter(({ id }) => id !== employee.id)}
            onDone={onClose}
          />
        )}
      </Stack>
    </Modal>
  );
}

interface FormProps {
  saved: Absence | null;
  id: string;
  people: Props["people"];
  onDone: () => void;
}

function Form({ saved, id, people, onDone }: FormProps) {
  const { t } = useTranslation();
  const { zone } = useTimes();
  const form = useForm(saved ? daysOf(saved, zone) : NONE);
  const next = absenceOf(form.value, zone);
  const save = useMutation({
    mutationFn: (absence: Absence | null) => notices.writeAbsence(id, absence),
    onSuccess: async () => {
      await refresh("/api/employees", "/api/colleagues");
      onDone();
    },
  });
  return (
    <>
      <AbsenceFields value={form.value} people={people} onChange={form.set} />
      {save.error && <Failure error={save.error} />}
      <Group justify="flex-end">
        {saved && (
          <Button
            variant="default"
            loading={save.isPending && save.variables === null}
            onClick={() => {
              save.mutate(null);
            }}
          >
            {t("absence.end")}
          </Button>
        )}
        <Button
          disabled={!next || !form.dirty}
          loading={save.isPending && save.variables !== null}
          onClick={() => {
            if (next) save.mutate(next);
          }}
        >
          {t("common.save")}
        </Button>
      </Group>
    </>
  );
}
