import { Button, Group, Modal, Radio, Stack, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../../api/client";
import { fieldError } from "../../../api/problem";
import type { CallerMark, CallerView } from "../../../api/types";
import { Failure } from "../../../shared/Failure";

const MARKS: readonly CallerMark[] = ["usual", "vip", "blocked"];
const FIELDS = ["number", "name", "note"] as const;

/** A contact that is changed, or the mark of a new one. */
export type Edited = CallerView | { id?: undefined; mark: CallerMark };

/** The window of a contact. */
export function ContactWindow({ edited, onClose }: { edited: Edited | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={edited !== null}
      onClose={onClose}
      title={t(edited?.id ? "contacts.change" : "contacts.add")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {edited && <Form edited={edited} onDone={onClose} />}
    </Modal>
  );
}

function Form({ edited, onDone }: { edited: Edited; onDone: () => void }) {
  const { t } = useTranslation();
  const known = edited.id === undefined ? null : edited;
  const [form, setForm] = useState({
    number: known?.number_shown ?? "",
    name: known?.name ?? "",
    note: known?.note ?? "",
    mark: edited.mark,
  });
  const done = {
    onSuccess: async () => {
      await refresh("/api/callers");
      onDone();
    },
  };
  const create = api.useMutation("post", "/api/callers", done);
  const change = api.useMutation("put", "/api/callers/{id}", done);
  const error = create.error ?? change.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { number, name, note, mark } = form;
    const body = { name: name.trim(), note: note.trim(), mark };
    if (known) change.mutate({ params: { path: { id: known.id } }, body });
    else create.mutate({ body: { number: number.trim(), ...body } });
  };
  const beside = FIELDS.some((field) => fieldError(error, field));
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("contacts.number")}
          value={form.number}
          onChange={(e) => {
            setForm({ ...form, number: e.currentTarget.value });
          }}
          error={fieldError(error, "number")}
          disabled={known !== null}
          type="tel"
          maxLength={60}
          {...(!known && { "data-autofocus": true })}
        />
        <TextInput
          label={t("contacts.name")}
          value={form.name}
          onChange={(e) => {
            setForm({ ...form, name: e.currentTarget.value });
          }}
          error={fieldError(error, "name")}
          maxLength={200}
        />
        <Textarea
          label={t("contacts.note")}
          description={t("contacts.noteHint")}
          value={form.note}
          onChange={(e) => {
            setForm({ ...form, note: e.currentTarget.value });
          }}
          error={fieldError(error, "note")}
          maxLength={1000}
          autosize
          minRows={2}
        />
        <Radio.Group
          label={t("contacts.markLabel")}
          value={form.mark}
          onChange={(value) => {
            setForm({ ...form, mark: MARKS.find((mark) => mark === value) ?? "usual" });
          }}
        >
          <Stack gap="xs" mt="xs">
            {MARKS.map((mark) => (
              <Radio
                key={mark}
                value={mark}
                label={t(`contacts.mark.${mark}`)}
                description={t(`contacts.markHint.${mark}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {error && !beside && <Failure error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t("common.cancel")}
          </Button>
          <Button
            type="submit"
            disabled={form.number.trim() === ""}
            loading={create.isPending || change.isPending}
          >
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
