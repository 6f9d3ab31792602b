import { Button, Group, Modal, NumberInput, Stack, Switch } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../api/client";
import { fieldError } from "../api/problem";
import type { Thresholds } from "../api/types";
import { Failure } from "../shared/Failure";

interface Props {
  opened: boolean;
  thresholds: Thresholds | undefined;
  onClose: () => void;
}

const FIELDS = [
  { field: "longest_wait_s", most: 3600 },
  { field: "waiting", most: 1000 },
  { field: "service_level", most: 100 },
] as const;

/** «Сигналы»: when every board alarms. */
export default function ThresholdsWindow({ opened, thresholds, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("board.alarms")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {thresholds && <Body thresholds={thresholds} onClose={onClose} />}
    </Modal>
  );
}

function Body({ thresholds, onClose }: { thresholds: Thresholds; onClose: () => void }) {
  const { t } = useTranslation();
  const [form, setForm] = useState(thresholds);
  const save = api.useMutation("put", "/api/desk/board/thresholds", {
    onSuccess: async () => {
      await refresh("/api/desk/board/thresholds");
      onClose();
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ body: form });
      }}
    >
      <Stack>
        {FIELDS.map(({ field, most }, index) => (
          <NumberInput
            key={field}
            label={t(`board.threshold.${field}`)}
            description={t("board.thresholdHint")}
            min={1}
            max={most}
            allowDecimal={false}
            value={form[field] ?? ""}
            onChange={(value) => {
              setForm({ ...form, [field]: typeof value === "number" ? value : null });
            }}
            error={fieldError(save.error, field)}
            {...(index === 0 && { "data-autofocus": true })}
          />
        ))}
        <Switch
          label={t("board.threshold.nobody_ready")}
          checked={form.nobody_ready}
          onChange={(event) => {
            setForm({ ...form, nobody_ready: event.currentTarget.checked });
          }}
        />
        {save.error && !FIELDS.some(({ field }) => fieldError(save.error, field)) && <Failure error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
