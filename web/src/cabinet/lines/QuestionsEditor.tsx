import { ActionIcon, Button, Checkbox, Group, Paper, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Question } from "../../api/types";
import { size } from "../../theme";
import { RemoveButton } from "../settings/RemoveButton";
import classes from "./lines.module.css";

interface Props {
  questions: readonly Question[];
  onChange: (questions: Question[]) => void;
  error: (path: string) => string | undefined;
}

type Kind = Question["answer"]["kind"];

const KINDS = ["text", "choice", "date", "number"] as const satisfies readonly Kind[];
/** As the server has it. */
const MOST = 20;

/** «Вопросы сценария»: what operators ask, in which order, and how it is answered. */
export function QuestionsEditor({ questions, onChange, error }: Props) {
  const { t } = useTranslation();
  const icon = { size: size.icon, stroke: size.iconStroke } as const;
  const put = (at: number, change: Partial<Question>) => {
    onChange(questions.map((question, index) => (index === at ? { ...question, ...change } : question)));
  };
  const move = (at: number, by: -1 | 1) => {
    const next = [...questions];
    const [moved] = next.splice(at, 1);
    if (moved) next.splice(at + by, 0, moved);
    onChange(next);
  };
  return (
    <Stack gap="sm">
      {questions.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("questions.empty")}
        </Text>
      )}
      {questions.map((question, index) => {
        const { id, label, answer, required } = question;
        const number = index + 1;
        return (
          <Paper key={id} data-row p="sm" className={classes.question} role="group" aria-label={t("questions.row", { number })}>
            <div className={classes.questionFields}>
              <TextInput
                label={t("questions.label")}
                placeholder={t("questions.labelPlaceholder")}
                value={label}
                onChange={(e) => {
                  put(index, { label: e.currentTarget.value });
                }}
                error={error(`${String(index)}.label`)}
              />
              <Select
                label={t("questions.kind")}
                data={KINDS.map((kind) => ({ value: kind, label: t(`questions.kinds.${kind}`) }))}
                value={answer.kind}
                allowDeselect={false}
                onChange={(kind) => {
                  const chosen = KINDS.find((one) => one === kind);
                  if (!chosen || chosen === answer.kind) return;
                  put(index, { answer: chosen === "choice" ? { kind: chosen, options: [] } : { kind: chosen } });
                }}
              />
            </div>
            {answer.kind === "choice" && (
              <Textarea
                label={t("questions.options")}
                description={t("questions.optionsHint")}
                autosize
                minRows={2}
                value={answer.options.join("\n")}
                onChange={(e) => {
                  put(index, { answer: { kind: "choice", options: e.currentTarget.value.split("\n") } });
                }}
                error={error(`${String(index)}.answer.options`)}
              />
            )}
            <Group justify="space-between" gap="xs">
              <Checkbox
                label={t("questions.required")}
                checked={required}
                onChange={(e) => {
                  put(index, { required: e.currentTarget.checked });
                }}
              />
              <Group gap={0} wrap="nowrap">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  disabled={index === 0}
                  aria-label={t("questions.up", { number })}
                  onClick={() => {
                    move(index, -1);
                  }}
                >
                  <IconArrowUp {...icon} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  disabled={index === questions.length - 1}
                  aria-label={t("questions.down", { number })}
                  onClick={() => {
                    move(index, 1);
                  }}
                >
                  <IconArrowDown {...icon} />
                </ActionIcon>
                <RemoveButton
                  label={t("questions.remove", { number })}
                  title={t("questions.removeTitle")}
                  text={t("questions.removeText", { label })}
                  ask={label.trim() !== ""}
                  onRemove={() => {
                    onChange(questions.filter((_, other) => other !== index));
                  }}
                />
              </Group>
            </Group>
          </Paper>
        );
      })}
      {questions.length < MOST && (
        <Button
          data-add-row
          variant="light"
          className={classes.addQuestion}
          leftSection={<IconPlus size="1.1em" />}
          onClick={() => {
            const fresh: Question = {
              id: crypto.randomUUID(),
              label: "",
              answer: { kind: "text" },
              required: false,
            };
            onChange([...questions, fresh]);
          }}
        >
          {t("questions.add")}
        </Button>
      )}
    </Stack>
  );
}
