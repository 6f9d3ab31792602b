import { Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { fieldError } from "../api/problem";
import classes from "./desk.module.css";
import { flawOf, type Question, type Typed } from "./questions";

interface Props {
  questions: readonly Question[];
  typed: Typed;
  /** The message was to be sent: what is missing is told. */
  tried: boolean;
  refused: unknown;
  onChange: (typed: Typed) => void;
}

/** «Вопросы сценария»: what the company wants asked, between the caller's name and the text. */
export default function Questions({ questions, typed, tried, refused, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.fields} role="group" aria-label={t("desk.questions")}>
      {questions.map((question) => {
        const { id, label, answer, required } = question;
        const value = typed[id] ?? "";
        const put = (next: string) => {
          onChange({ ...typed, [id]: next });
        };
        const flaw = tried ? flawOf(question, value) : null;
        const told = flaw === "number" ? t("desk.notANumber") : flaw ? t("desk.required") : null;
        const shared = {
          label,
          withAsterisk: required,
          error: told ?? fieldError(refused, `answers.${id}`),
        };
        if (answer.kind === "choice") {
          return (
            <Select
              key={id}
              {...shared}
              placeholder={t("desk.choose")}
              data={answer.options}
              // An option that is gone since it was chosen is not shown as though it stood.
              value={answer.options.includes(value) ? value : null}
              onChange={(next) => {
                put(next ?? "");
              }}
              clearable={!required}
            />
          );
        }
        return (
          <TextInput
            key={id}
            {...shared}
            type={answer.kind === "date" ? "date" : "text"}
            {...(answer.kind === "number" && { inputMode: "decimal" as const })}
            autoComplete="off"
            value={value}
            onChange={(e) => {
              put(e.currentTarget.value);
            }}
          />
        );
      })}
    </div>
  );
}
