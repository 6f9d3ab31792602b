import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../../api/client";
import { Failure } from "../../../shared/Failure";
import type { WebhookView } from "./kinds";

interface Props {
  opened: boolean;
  onClose: () => void;
  webhook: WebhookView;
}

/** «Повторить события»: from a time on, in their order. */
export function ReplayWindow({ opened, onClose, webhook }: Props) {
  const { t } = useTranslation();
  const [from, setFrom] = useState("");
  const replay = api.useMutation("post", "/api/webhooks/{id}/replay", {
    onSuccess: async () => {
      await refresh("/api/webhooks");
      onClose();
    },
  });
  const at = new Date(from);
  const known = from !== "" && !Number.isNaN(at.getTime());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!known) return;
    replay.mutate({ params: { path: { id: webhook.id } }, body: { from_time: at.toISOString() } });
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("webhooks.replayTitle")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t("webhooks.replayText")}</Text>
          <TextInput
            type="datetime-local"
            label={t("webhooks.replayFrom")}
            value={from}
            onChange={(event) => {
              setFrom(event.currentTarget.value);
            }}
            data-autofocus
          />
          {replay.error && <Failure error={replay.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" disabled={!known} loading={replay.isPending}>
              {t("webhooks.replay")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
