import { Button, Checkbox, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../../api/client";
import { fieldError } from "../../../api/problem";
import { Failure } from "../../../shared/Failure";
import { SCOPES, word, type Scope } from "./kinds";

interface Props {
  opened: boolean;
  onClose: () => void;
  onSecret: (secret: string) => void;
}

/** The window in which a key is made. */
export function KeyWindow({ opened, ...form }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={form.onClose}
      title={t("keys.add")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <KeyForm {...form} />
    </Modal>
  );
}

function KeyForm({ onClose, onSecret }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["calls:read", "messages:read"]);
  const create = api.useMutation("post", "/api/keys", {
    onSuccess: async (made) => {
      await refresh("/api/keys");
      onClose();
      onSecret(made.secret);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ body: { name: name.trim(), scopes: scopes as Scope[] } });
  };
  const wrongName = fieldError(create.error, "name");
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("keys.name")}
          description={t("keys.nameHint")}
          placeholder="CRM"
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
          error={wrongName}
          maxLength={100}
          data-autofocus
        />
        <Checkbox.Group label={t("keys.scopes")} value={scopes} onChange={setScopes}>
          <Stack gap="xs" mt="xs">
            {SCOPES.map((scope) => (
              <Checkbox
                key={scope}
                value={scope}
                label={t(`keys.scope.${word(scope)}`)}
                description={<code>{scope}</code>}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        {create.error && !wrongName && <Failure error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={name.trim() === "" || scopes.length === 0} loading={create.isPending}>
            {t("common.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
