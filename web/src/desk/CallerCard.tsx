import { Badge, Button, Group, Stack, Switch, Text, Textarea, TextInput, Title } from "@mantine/core";
import { IconPencil, IconStarFilled } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { fieldError } from "../api/problem";
import { Failure } from "../shared/Failure";
import { sideOf } from "../shared/side";
import classes from "./desk.module.css";
import type { CallCard } from "./wire";

interface Props {
  call: CallCard;
  /** The call is, or was, the operator's own: what is known of the caller may be changed. */
  own: boolean;
}

/** Who calls, as the company knows the caller. */
export default function CallerCard({ call, own }: Props) {
  const { t } = useTranslation();
  const [editing, edit] = useState(false);
  return (
    <section aria-labelledby="caller">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h3" id="caller">
          {t("desk.caller.title", sideOf(Boolean(call.errand)))}
        </Title>
        {own && call.caller_phone && !editing && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPencil size="1em" />}
            onClick={() => {
              edit(true);
            }}
          >
            {t("desk.caller.edit")}
          </Button>
        )}
      </Group>
      {editing ? (
        <Form
          call={call}
          onDone={() => {
            edit(false);
          }}
        />
      ) : (
        <Stack gap={2}>
          <Group gap="xs">
            <Text fw={600}>{call.caller_name || t("desk.caller.unknown")}</Text>
            {call.vip && (
              <Badge variant="light" leftSection={<IconStarFilled size="0.9em" />}>
                VIP
              </Badge>
            )}
          </Group>
          {call.caller_note && <Text className={classes.pre}>{call.caller_note}</Text>}
        </Stack>
      )}
    </section>
  );
}

function Form({ call, onDone }: { call: CallCard; onDone: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(call.caller_name);
  const [note, setNote] = useState(call.caller_note);
  const [vip, setVip] = useState(call.vip);
  const save = api.useMutation("put", "/api/desk/calls/{id}/caller", { onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({
      params: { path: { id: call.id } },
      body: { name: name.trim(), note: note.trim(), vip },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs" mt="xs">
        <TextInput
          label={t("desk.caller.name")}
          value={name}
          onChange={(e) => {
            setName(e.currentTarget.value);
          }}
          error={fieldError(save.error, "name")}
          maxLength={200}
          data-autofocus
        />
        <Textarea
          label={t("desk.caller.note")}
          value={note}
          onChange={(e) => {
            setNote(e.currentTarget.value);
          }}
          error={fieldError(save.error, "note")}
          maxLength={1000}
          autosize
          minRows={2}
        />
        <Switch
          label={t("desk.caller.vip")}
          checked={vip}
          onChange={(e) => {
            setVip(e.currentTarget.checked);
          }}
        />
        {save.error && <Failure error={save.error} />}
        <Group gap="xs">
          <Button type="submit" size="xs" loading={save.isPending}>
            {t("common.save")}
          </Button>
          <Button size="xs" variant="default" onClick={onDone}>
            {t("common.cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
