import { Button, Checkbox, Group, Modal, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../../api/client";
import { fieldError } from "../../../api/problem";
import { Failure } from "../../../shared/Failure";
import { KINDS, word, type EventKind, type WebhookView } from "./kinds";

interface Props {
  opened: boolean;
  onClose: () => void;
  /** The receiver to be changed; a new one without. */
  webhook?: WebhookView;
  onSecret?: (secret: string) => void;
}

/** The window in which a receiver is added or changed. */
export function WebhookWindow({ opened, onClose, ...form }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t(form.webhook ? "webhooks.change" : "webhooks.add")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <WebhookForm onClose={onClose} {...form} />
    </Modal>
  );
}

function WebhookForm({ onClose, webhook, onSecret }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [kinds, setKinds] = useState<string[]>(webhook?.kinds ?? [...KINDS]);
  const done = async () => {
    await refresh("/api/webhooks");
    onClose();
  };
  const create = api.useMutation("post", "/api/webhooks", {
    onSuccess: async (made) => {
      await done();
      onSecret?.(made.secret);
    },
  });
  const change = api.useMutation("put", "/api/webhooks/{id}", { onSuccess: done });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { url: url.trim(), kinds: kinds as EventKind[], enabled: webhook?.enabled ?? true };
    if (webhook) {
      change.mutate({
        params: { path: { id: webhook.id } },
        body: { ...body, version: webhook.version },
      });
    } else create.mutate({ body });
  };
  const failure = create.error ?? change.error;
  const wrongUrl = fieldError(failure, "url");
  const wrongKinds = fieldError(failure, "kinds");
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          type="url"
          label={t("webhooks.url")}
          description={t("webhooks.urlHint")}
          placeholder="https://crm.example.ru/telefonistka"
          value={url}
          onChange={(event) => {
            setUrl(event.currentTarget.value);
          }}
          error={wrongUrl}
          maxLength={2000}
          data-autofocus
        />
        <Checkbox.Group label={t("webhooks.kinds")} value={kinds} onChange={setKinds} error={wrongKinds}>
          <SimpleGrid cols={{ base: 1, xs: 2 }} mt="xs" verticalSpacing="xs">
            {KINDS.map((kind) => (
              <Checkbox
                key={kind}
                value={kind}
                label={t(`webhooks.kind.${word(kind)}`)}
                description={<code>{kind}</code>}
              />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        {failure && !wrongUrl && !wrongKinds && <Failure error={failure} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button
            type="submit"
            disabled={url.trim() === "" || kinds.length === 0}
            loading={create.isPending || change.isPending}
          >
            {t(webhook ? "common.save" : "common.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
