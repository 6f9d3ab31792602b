import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { answerShown } from "./answers";
import type { Message } from "./contract";
import classes from "./message.module.css";

interface Props {
  /** A message that a device kept from before there were questions has none. */
  answers: Message["answers"] | undefined;
}

/** What the caller answered to «Вопросы сценария». */
export default function Answers({ answers }: Props) {
  const { i18n } = useTranslation();
  if (!answers || answers.length === 0) return null;
  return (
    <dl className={classes.answers}>
      {answers.map((answer) => (
        <div key={answer.question}>
          <Text component="dt" size="sm" c="dimmed">
            {answer.label}
          </Text>
          <Text component="dd" size="sm" className={classes.text}>
            {answerShown(answer, i18n.language)}
          </Text>
        </div>
      ))}
    </dl>
  );
}
