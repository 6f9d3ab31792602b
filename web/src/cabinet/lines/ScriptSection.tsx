import { Group, Radio, Select, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, queries, refresh } from "../../api/client";
import { fieldError, fieldOf } from "../../api/problem";
import type { LineView, PromptName } from "../../api/types";
import { Failure } from "../../shared/Failure";
import { useForm } from "../../shared/form";
import { fromKey, toKey } from "../../shared/recipient";
import { SaveButton } from "../../shared/SaveButton";
import { Unsaved } from "../../shared/Unsaved";
import { Fold } from "./Fold";
import classes from "./lines.module.css";
import { DiallingFields } from "./DiallingFields";
import { LinePriority } from "./LinePriority";
import { Prompts } from "./Prompts";
import { useRecipientChoices } from "./recipients";
import { QuestionsEditor } from "./QuestionsEditor";
import { TransferWays } from "./TransferWays";
import { WordingChoice } from "./WordingChoice";

const SPOKEN: readonly PromptName[] = [
  "queue_welcome",
  "recording_notice",
  "queue_wait",
  "voice_message",
  "voice_message_closed",
  "transfer",
  "goodbye",
  "line_check",
  "line_check_done",
];

/** «Сценарий обработки звонков»: its numbered points, saved together. */
export function ScriptSection({ line }: { line: LineView }) {
  const { t } = useTranslation();
  const form = useForm(line.script);
  const recipients = useRecipientChoices();
  const { data: wordings } = api.useQuery("get", "/api/wordings", {}, { staleTime: Infinity });
  const { data: company } = api.useQuery("get", "/api/company");
  const [saves, setSaves] = useState(0);
  const save = api.useMutation("put", "/api/lines/{id}/script", {
    onSuccess: async (saved) => {
      queries.setQueryData(["get", "/api/lines"], (lines: LineView[] | undefined) =>
        lines?.map((other) => (other.id === saved.id ? saved : other)),
      );
      await refresh("/api/lines");
      form.reset();
      setSaves((count) => count + 1);
    },
  });
  const beside = ["greeting", "farewell", "recipient", "transfer.code", "dialling.prefix"].some((field) => fieldError(save.error, field));
  const fields = beside || fieldOf(save.error)?.startsWith("questions.");
  const language = company?.language ?? "ru";
  const names = { company: company?.name ?? "", operator: t("script.operatorName") };

  return (
    <section className={classes.section} aria-labelledby={`script-${line.id}`}>
      <Group justify="space-between" mb="md">
        <Title order={2} className={classes.anchor} id={`script-${line.id}`}>
          {t("script.title")}
        </Title>
        <SaveButton
          dirty={form.dirty}
          busy={save.isPending}
          saves={saves}
          onSave={() => {
            save.mutate({ params: { path: { id: line.id } }, body: form.value });
          }}
        />
      </Group>
      <Unsaved dirty={form.dirty} />
      {save.error && !fields && <Failure error={save.error} />}
      <Stack gap="lg" maw={720}>
        <Point number={1} title={t("script.greeting")} hint={t("script.greetingHint")}>
          {wordings ? (
            <WordingChoice
              name={`greeting-${line.id}`}
              label={t("script.greeting")}
              variants={wordings.greetings[language]}
              names={names}
              value={form.value.greeting}
              onChange={(greeting) => {
                form.put("greeting", greeting);
              }}
              error={fieldError(save.error, "greeting") ?? fieldError(save.error, "greeting.text")}
            />
          ) : (
            <Skeleton h={90} />
          )}
        </Point>
        <Point number={2} title={t("script.farewell")} hint={t("script.farewellHint")}>
          {wordings ? (
            <WordingChoice
              name={`farewell-${line.id}`}
              label={t("script.farewell")}
              variants={wordings.farewells[language]}
              names={names}
              value={form.value.farewell}
              onChange={(farewell) => {
                form.put("farewell", farewell);
              }}
              error={fieldError(save.error, "farewell") ?? fieldError(save.error, "farewell.text")}
            />
          ) : (
            <Skeleton h={90} />
          )}
        </Point>
        <Point number={3} title={t("script.recipient")} hint={t("script.recipientHint")}>
          <Select
            id={`recipient-${line.id}`}
            aria-label={t("script.recipient")}
            placeholder={t(recipients.length > 0 ? "script.recipientPlaceholder" : "script.recipientEmpty")}
            data={recipients}
            value={toKey(form.value.recipient)}
            onChange={(key) => {
              form.put("recipient", fromKey(key));
            }}
            searchable
            maw={420}
            error={fieldError(save.error, "recipient")}
          />
        </Point>
        <Point number={4} title={t("script.outside")} hint={t("script.outsideHint")}>
          <Radio.Group
            label={t("script.outside")}
            labelProps={{ className: "unseen" }}
            value={form.value.outside_hours ? "yes" : "no"}
            onChange={(value) => {
              form.put("outside_hours", value === "yes");
            }}
          >
            <Group>
              <Radio value="yes" label={t("common.yes")} />
              <Radio value="no" label={t("common.no")} />
            </Group>
          </Radio.Group>
        </Point>
        <Point number={5} title={t("script.linePriority.title")} hint={t("script.linePriority.hint")}>
          <LinePriority
            value={form.value.priority}
            onChange={(priority) => {
              form.put("priority", priority);
            }}
          />
        </Point>
        <Point number={6} title={t("questions.title")} hint={t("questions.hint")}>
          <QuestionsEditor
            questions={form.value.questions ?? []}
            onChange={(questions) => {
              form.put("questions", questions);
            }}
            error={(path) => fieldError(save.error, `questions.${path}`)}
          />
        </Point>
        <TransferWays
          value={form.value.transfer}
          onChange={(transfer) => {
            form.put("transfer", transfer);
          }}
          error={fieldError(save.error, "transfer.code")}
        />
        <DiallingFields
          value={form.value.dialling}
          onChange={(dialling) => {
            form.put("dialling", dialling);
          }}
          error={fieldError(save.error, "dialling.prefix")}
        />
        <Fold title={t("prompts.title")}>
          <Text size="sm" c="dimmed">
            {t("prompts.lead")}
          </Text>
          <Prompts names={SPOKEN} language={language} />
        </Fold>
      </Stack>
    </section>
  );
}

function Point({
  number,
  title,
  hint,
  children,
}: {
  number: number;
  title: string;
  hint: string;
  children: ReactNode;
}) {
  return (
    <Group align="flex-start" wrap="nowrap" gap="sm">
      <span className={classes.number} aria-hidden>
        {number}
      </span>
      <Stack gap="xs" flex={1} miw={0}>
        <div>
          <Text fw={600}>{title}</Text>
          <Text size="sm" c="dimmed">
            {hint}
          </Text>
        </div>
        {children}
      </Stack>
    </Group>
  );
}
