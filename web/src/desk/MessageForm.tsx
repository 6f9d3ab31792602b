import {
  Button,
  Checkbox,
  Fieldset,
  Group,
  Kbd,
  Paper,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { lazy, Suspense, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../api/client";
import { fieldError, Problem } from "../api/problem";
import type { CallResult } from "../api/types";
import { Failure } from "../shared/Failure";
import { choices, fromKey, toKey } from "../shared/recipient";
import { PresenceMark } from "../message/PresenceMark";
import { useNow } from "../shared/now";
import { sideOf } from "../shared/side";
import classes from "./desk.module.css";
import { useKeys } from "./keys";
import { everybody, matching, type Person } from "./people";
import { flawOf, given, insert } from "./questions";
import type { Shortcut } from "./shortcuts";
import type { DraftForm } from "./useDraft";
import type { Current, OperatorState } from "./wire";

// The desk fetches both when the shift begins, so they are there in every call.
const Questions = lazy(() => import("./Questions"));
const ReadyTexts = lazy(() => import("./ReadyTexts"));

interface Props {
  current: Current | null;
  state: OperatorState | null;
  form: DraftForm;
  onFree: (call: string) => void;
}

/** What the operator did for a call. */
interface Past {
  call: string | null;
  tried?: boolean;
  sent?: string | null;
  result?: CallResult | null;
}

const RESULTS = ["wrong_number", "spam", "dropped"] as const;
/** Of a caller who is called back; whether the call was answered is known without the operator. */
const CALL_BACK_RESULTS = ["wrong_number", "spam"] as const;
const RESULT_KEYS: Partial<Record<CallResult, Shortcut>> = {
  wrong_number: { key: "Shift+KeyW", shown: "⇧W" },
  dropped: { key: "Shift+KeyD", shown: "⇧D" },
};
/** What has run out of somebody's presence is seen so soon. */
const SOON_MS = 15_000;
const FIELDS = ["recipient", "caller_name", "caller_phone", "text"];

/** The message, always in the same place; sending it after the call makes the operator free. */
export default function MessageForm({ current, state, form, onFree }: Props) {
  const { t } = useTranslation();
  const [past, setPast] = useState<Past>({ call: null });
  const { draft } = form;
  const call = current?.call ?? null;
  // While the call runs, «Спам» among its buttons ends it as well.
  const ended = Boolean(current?.ended_at);
  // What was done for a call stays in sight until the next one.
  const { tried = false, sent = null, result = null } = !call || past.call === call.id ? past : {};
  const note = (id: string, change: Partial<Past>) => {
    setPast((before) => ({ ...(before.call === id ? before : {}), ...change, call: id }));
  };
  const after = state === "wrap_up";
  const free = () => {
    if (call && after) onFree(call.id);
  };
  const send = api.useMutation("post", "/api/desk/messages", {
    onSuccess: (message, { body }) => {
      form.sent();
      note(body.call_id, { tried: false, sent: message.recipient_name });
      void refresh("/api/desk/calls/today");
      free();
    },
  });
  const finish = api.useMutation("put", "/api/desk/calls/{id}/result", {
    onSuccess: (_, { params, body }) => {
      note(params.path.id, { result: body.result });
      void refresh("/api/desk/calls/today");
      free();
    },
  });

  const refused = send.variables?.body.call_id === call?.id ? send.error : null;
  const refusedAnswers = refused instanceof Problem && refused.errors.some(({ field }) => field.startsWith("answers."));
  // Questions that have changed since the call rang refuse what was answered: then they are asked for anew.
  const { data: asked } = api.useQuery(
    "get",
    "/api/desk/calls/{id}/questions",
    { params: { path: { id: call?.id ?? "" } } },
    { enabled: call !== null && refusedAnswers },
  );
  const questions = (refusedAnswers ? asked : undefined) ?? call?.questions ?? [];
  const answers = draft?.answers ?? {};
  const recipientField = useRef<HTMLInputElement>(null);
  const nameField = useRef<HTMLInputElement>(null);
  const textField = useRef<HTMLTextAreaElement>(null);
  const write = (words: string) => {
    const field = textField.current;
    if (!draft || !field) return;
    const { text, caret } = insert(draft.text, field.selectionStart, field.selectionEnd, words);
    form.put({ text });
    // The caret can be set once the text is there.
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(caret, caret);
    });
  };

  const now = useNow(call !== null, SOON_MS);
  const people = call ? everybody(call, now) : [];
  const recipients = choices(call?.departments ?? [], call?.employees ?? [], {
    departments: t("desk.departments"),
    employees: t("desk.employees"),
  });
  const submit = () => {
    if (!call) return;
    note(call.id, { tried: true });
    if (!draft || send.isPending || !draft.recipient || draft.text.trim() === "") return;
    if (questions.some((question) => flawOf(question, answers[question.id] ?? ""))) return;
    send.mutate({
      body: {
        id: draft.id,
        call_id: call.id,
        recipient: draft.recipient,
        caller_name: draft.caller_name.trim(),
        caller_phone: draft.caller_phone.trim(),
        text: draft.text.trim(),
        answers: given(questions, answers),
        urgent: draft.urgent,
      },
    });
  };
  const choose = (value: CallResult) => {
    if (call) finish.mutate({ params: { path: { id: call.id } }, body: { result: value } });
  };
  const errand = call?.errand;
  const possible: readonly CallResult[] = !errand ? RESULTS : errand.of === "call_back" ? CALL_BACK_RESULTS : [];
  const results = possible.filter((value) => value !== "spam" || ended);
  const mayBeFree =
    after && (errand || sent !== null || result !== null || current?.ending === "transferred");
  useKeys(
    draft
      ? {
          KeyR: () => {
            recipientField.current?.focus();
          },
          KeyN: () => {
            nameField.current?.focus();
          },
          KeyX: () => {
            textField.current?.focus();
          },
          KeyU: () => {
            form.put({ urgent: !draft.urgent });
          },
          ...Object.fromEntries(
            results.flatMap((value) => {
              const key = RESULT_KEYS[value];
              const run = () => {
                choose(value);
              };
              return key ? [[key.key, run]] : [];
            }),
          ),
          ...(mayBeFree && { KeyF: free }),
        }
      : {},
  );
  const missing = (value: unknown) => (tried && !value ? t("desk.required") : undefined);
  const beside = [...FIELDS, ...questions.map(({ id }) => `answers.${id}`)];
  const elsewhere = refused && !beside.some((field) => fieldError(refused, field));

  return (
    <Paper p="md" component="section" className={classes.form} aria-label={t("desk.message")}>
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
              <Group gap="xxs" role="status" c={sent === null ? "dimmed" : "var(--t-lives)"}>
                {sent !== null && <IconCheck size="1.1em" aria-hidden />}
                <Text size="sm">
                  {sent !== null
                    ? t("desk.sent", { name: sent })
                    : t(draft ? "desk.draftKept" : "desk.formIdle")}
                </Text>
              </Group>
            </Group>
            <div className={classes.fields}>
              <Select
                label={t("desk.recipient")}
                placeholder={t("desk.recipientPlaceholder")}
                ref={recipientField}
                data={recipients}
                filter={({ options, search }) => {
                  const keys = new Set(matching(people, search).map(({ recipient }) => toKey(recipient)));
                  return options.flatMap((group) => {
                    if (!("group" in group)) return [];
                    const items = group.items.filter(({ value }) => keys.has(value));
                    return items.length > 0 ? [{ ...group, items }] : [];
                  });
                }}
                renderOption={({ option }) => (
                  <Option person={people.find(({ recipient }) => toKey(recipient) === option.value)} />
                )}
                nothingFoundMessage={t("desk.nobodyFound")}
                value={toKey(draft?.recipient)}
                onChange={(key) => {
                  form.put({ recipient: fromKey(key) });
                }}
                searchable
                error={missing(!draft || draft.recipient) ?? fieldError(refused, "recipient")}
              />
              <TextInput
                ref={nameField}
                label={t("desk.callerName", sideOf(Boolean(errand)))}
                value={draft?.caller_name ?? ""}
                autoComplete="off"
                onChange={(e) => {
                  form.put({ caller_name: e.currentTarget.value });
                }}
                error={fieldError(refused, "caller_name")}
              />
              <TextInput
                label={t("desk.callerPhone")}
                type="tel"
                value={draft?.caller_phone ?? ""}
                autoComplete="off"
                onChange={(e) => {
                  form.put({ caller_phone: e.currentTarget.value });
                }}
                error={fieldError(refused, "caller_phone")}
              />
            </div>
            {questions.length > 0 && (
              <Suspense>
                <Questions
                  questions={questions}
                  typed={answers}
                  tried={tried}
                  refused={refused}
                  onChange={(typed) => {
                    form.put({ answers: typed });
                  }}
                />
              </Suspense>
            )}
            <Textarea
              ref={textField}
              label={t("desk.text")}
              placeholder={t("desk.textPlaceholder")}
              rows={3}
              value={draft?.text ?? ""}
              onChange={(e) => {
                form.put({ text: e.currentTarget.value });
              }}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
                event.preventDefault();
                submit();
              }}
              error={missing(!draft || draft.text.trim()) ?? fieldError(refused, "text")}
            />
            {call && call.company.texts.length > 0 && (
              <Group justify="flex-end" mt={-4}>
                <Suspense>
                  <ReadyTexts texts={call.company.texts} onChoose={write} />
                </Suspense>
              </Group>
            )}
            <Checkbox
              label={t("desk.urgent")}
              description={t("desk.urgentHint")}
              color="red"
              checked={draft?.urgent ?? false}
              onChange={(e) => {
                form.put({ urgent: e.currentTarget.checked });
              }}
            />
            {elsewhere && <Failure error={refused} />}
            {finish.error && <Failure error={finish.error} />}
            <Group justify="space-between" gap="sm">
              <Group gap="xs" role="group" aria-label={t("desk.results")}>
                {results.map((value) => (
                  <Button
                    key={value}
                    variant={call && result === value ? "filled" : "default"}
                    aria-pressed={call !== null && result === value}
                    size="sm"
                    loading={finish.isPending && finish.variables.body.result === value}
                    {...(RESULT_KEYS[value] && { rightSection: <Kbd>{RESULT_KEYS[value].shown}</Kbd> })}
                    onClick={() => {
                      choose(value);
                    }}
                  >
                    {t(`result.${value}`)}
                  </Button>
                ))}
              </Group>
              <Group gap="xs">
                {mayBeFree && (
                  <Button variant="default" onClick={free} rightSection={<Kbd>F</Kbd>}>
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

/** Somebody in the list of recipients, with what tells people of one name apart and whether they can be reached. */
function Option({ person }: { person: Person | undefined }) {
  if (!person) return null;
  return (
    <div>
      <Text size="sm">{person.name}</Text>
      {person.notes.length > 0 && (
        <Text size="xs" c="dimmed">
          {person.notes.join(" · ")}
        </Text>
      )}
      {person.present && <PresenceMark of={person.present} />}
    </div>
  );
}
