import { Alert, Button, Fieldset, Group, Kbd, Paper, Select, SimpleGrid, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../api/client";
import { fieldError } from "../api/problem";
import type { CallResult, OperatorState } from "../api/types";
import { Failure } from "../shared/Failure";
import { choices, fromKey, toKey } from "../shared/recipient";
import type { DraftForm } from "./useDraft";
import type { Current } from "./wire";

interface Props {
  current: Current | null;
  state: OperatorState | null;
  form: DraftForm;
  onFree: (call: string) => void;
}

const RESULTS = ["wrong_number", "spam", "dropped"] as const;
const FIELDS = ["recipient", "caller_name", "caller_phone", "text"];

/** The message, always in the same place; sending it after the call makes the operator free. */
export function MessageForm({ current, state, form, onFree }: Props) {
  const { t } = useTranslation();
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState<string | null>(null);
  const [result, setResult] = useState<CallResult | null>(null);
  const { draft } = form;
  const call = current?.call ?? null;
  const after = state === "wrap_up";
  const free = () => {
    if (call && after) onFree(call.id);
  };
  const send = api.useMutation("post", "/api/desk/messages", {
    onSuccess: (message) => {
      form.sent();
      setTried(false);
      setSent(message.recipient_name);
      void refresh("/api/desk/calls/today");
      free();
    },
  });
  const finish = api.useMutation("put", "/api/desk/calls/{id}/result", {
    onSuccess: (_, { body }) => {
      setResult(body.result);
      void refresh("/api/desk/calls/today");
      free();
    },
  });

  const people = call
    ? choices(call.departments, call.employees, { departments: t("desk.departments"), employees: t("desk.employees") })
    : [];
  const submit = () => {
    setTried(true);
    if (!call || !draft || send.isPending || !draft.recipient || draft.text.trim() === "") return;
    send.mutate({
      body: {
        id: draft.id,
        call_id: call.id,
        recipient: draft.recipient,
        caller_name: draft.caller_name.trim(),
        caller_phone: draft.caller_phone.trim(),
        text: draft.text.trim(),
      },
    });
  };
  const missing = (value: unknown) => (tried && !value ? t("desk.required") : undefined);
  const elsewhere = send.error && !FIELDS.some((field) => fieldError(send.error, field));

  return (
    <Paper p="md" component="section" aria-label={t("desk.message")}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        <Fieldset disabled={!draft} variant="unstyled">
          <Stack gap="sm">
            <Group justify="space-between">
              <Title order={2}>{t("desk.message")}</Title>
              <Text size="sm" c="dimmed">
                {t(draft ? "desk.draftKept" : "desk.formIdle")}
              </Text>
            </Group>
            {sent !== null && (
              <Alert color="green" icon={<IconCheck />} p="xs" role="status">
                {t("desk.sent", { name: sent })}
              </Alert>
            )}
            <Select
              label={t("desk.recipient")}
              placeholder={t("desk.recipientPlaceholder")}
              data={people}
              value={toKey(draft?.recipient)}
              onChange={(key) => {
                form.put({ recipient: fromKey(key) });
              }}
              searchable
              error={missing(!draft || draft.recipient) ?? fieldError(send.error, "recipient")}
            />
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              <TextInput
                label={t("desk.callerName")}
                value={draft?.caller_name ?? ""}
                autoComplete="off"
                onChange={(e) => {
                  form.put({ caller_name: e.currentTarget.value });
                }}
                error={fieldError(send.error, "caller_name")}
              />
              <TextInput
                label={t("desk.callerPhone")}
                type="tel"
                value={draft?.caller_phone ?? ""}
                autoComplete="off"
                onChange={(e) => {
                  form.put({ caller_phone: e.currentTarget.value });
                }}
                error={fieldError(send.error, "caller_phone")}
              />
            </SimpleGrid>
            <Textarea
              label={t("desk.text")}
              placeholder={t("desk.textPlaceholder")}
              autosize
              minRows={3}
              maxRows={10}
              value={draft?.text ?? ""}
              onChange={(e) => {
                form.put({ text: e.currentTarget.value });
              }}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
                event.preventDefault();
                submit();
              }}
              error={missing(!draft || draft.text.trim()) ?? fieldError(send.error, "text")}
            />
            {elsewhere && <Failure error={send.error} />}
            {finish.error && <Failure error={finish.error} />}
            <Group justify="space-between" gap="sm">
              <Group gap="xs" role="group" aria-label={t("desk.results")}>
                <Text size="sm" c="dimmed">
                  {t("desk.results")}:
                </Text>
                {RESULTS.map((value) => (
                  <Button
                    key={value}
                    variant={result === value ? "filled" : "default"}
                    aria-pressed={result === value}
                    size="sm"
                    loading={finish.isPending && finish.variables.body.result === value}
                    onClick={() => {
                      if (call) finish.mutate({ params: { path: { id: call.id } }, body: { result: value } });
                    }}
                  >
                    {t(`result.${value}`)}
                  </Button>
                ))}
              </Group>
              <Group gap="xs">
                {after && (sent !== null || result !== null) && (
                  <Button variant="default" onClick={free}>
                    {t("desk.free")}
                  </Button>
                )}
                <Button type="submit" loading={send.isPending} rightSection={<Kbd>Ctrl+Enter</Kbd>}>
                  {t("desk.send")}
                </Button>
              </Group>
            </Group>
          </Stack>
        </Fieldset>
      </form>
    </Paper>
  );
}
