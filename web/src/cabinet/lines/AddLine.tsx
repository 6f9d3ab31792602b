import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../api/client";
import { fieldError } from "../../api/problem";
import type { Scenario } from "../../api/types";
import { Failure } from "../../shared/Failure";

interface Props {
  opened: boolean;
  onClose: () => void;
  onCreated: (id: string) => void;
}

const SCENARIOS: readonly Scenario[] = ["missed_calls", "secretary"];

/** The window of «Добавить линию и сценарий». */
export function AddLine({ opened, onClose, onCreated }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("lines.add")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <AddLineForm onClose={onClose} onCreated={onCreated} />
    </Modal>
  );
}

function AddLineForm({ onClose, onCreated }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [scenario, setScenario] = useState<Scenario>("missed_calls");
  const create = api.useMutation("post", "/api/lines", {
    onSuccess: async (line) => {
      await refresh("/api/lines");
      onClose();
      onCreated(line.id);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") create.mutate({ body: { name: name.trim(), scenario } });
  };
  const error = fieldError(create.error, "name");
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("lines.name")}
          placeholder={t("lines.namePlaceholder")}
          value={name}
          onChange={(e) => {
            setName(e.currentTarget.value);
          }}
          error={error}
          maxLength={100}
          data-autofocus
        />
        <Select
          label={t("lines.scenario")}
          data={SCENARIOS.map((value) => ({ value, label: t(`lines.scenarios.${value}`) }))}
          value={scenario}
          onChange={(value) => {
            setScenario(value as Scenario);
          }}
          allowDeselect={false}
          renderOption={({ option }) => (
            <div>
              <Text size="sm">{option.label}</Text>
              <Text size="xs" c="dimmed">
                {t(`lines.scenarioHints.${option.value as Scenario}`)}
              </Text>
            </div>
          )}
        />
        <Text size="sm" c="dimmed">
          {t(`lines.scenarioHints.${scenario}`)}
        </Text>
        {create.error && !error && <Failure error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={name.trim() === ""} loading={create.isPending}>
            {t("common.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
