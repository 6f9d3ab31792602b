import { Group, Select, Stack, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AbsentDays } from "./absence";

interface Props {
  value: AbsentDays;
  /** Who can stand in. */
  people: readonly { id: string; name: string }[];
  onChange: (value: AbsentDays) => void;
}

/** From which day to which one somebody is away, and who stands in. */
export function AbsenceFields({ value, people, onChange }: Props) {
  const { t } = useTranslation();
  const wrong = value.first !== "" && value.last !== "" && value.last < value.first;
  return (
    <Stack gap="sm">
      <Group gap="sm" grow align="flex-start">
        <TextInput
          type="date"
          label={t("absence.from")}
          value={value.first}
          onChange={(e) => {
            const first = e.currentTarget.value;
            onChange({ ...value, first, last: value.last === "" ? first : value.last });
          }}
        />
        <TextInput
          type="date"
          label={t("absence.to")}
          value={value.last}
          min={value.first}
          onChange={(e) => {
            onChange({ ...value, last: e.currentTarget.value });
          }}
          error={wrong ? t("absence.wrong") : undefined}
        />
      </Group>
      <Select
        label={t("absence.deputy")}
        description={value.deputy ? t("absence.deputyHint") : t("absence.noDeputyHint")}
        placeholder={t("absence.noDeputy")}
        data={people.map(({ id, name }) => ({ value: id, label: name }))}
        value={value.deputy}
        onChange={(deputy) => {
          onChange({ ...value, deputy });
        }}
        clearable
        clearButtonProps={{ "aria-label": t("absence.clearDeputy") }}
        searchable
      />
    </Stack>
  );
}
