import { Button, Group, Input, Stack, Text, Textarea } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { RemoveButton } from "./RemoveButton";
import classes from "./settings.module.css";

interface Props {
  texts: readonly string[];
  onChange: (texts: string[]) => void;
  error: (path: string) => string | undefined;
}

/** As the server has it. */
const MOST = 30;

/** «Готовые тексты»: what operators put into messages by one press. */
export function Texts({ texts, onChange, error }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" role="group" aria-label={t("company.texts")}>
      <div>
        <Input.Label labelElement="div" size="md">
          {t("company.texts")}
        </Input.Label>
        <Input.Description size="md">{t("company.textsHint")}</Input.Description>
      </div>
      {error("") && (
        <Text size="sm" c="var(--t-lost)" role="alert">
          {error("")}
        </Text>
      )}
      {texts.map((text, index) => (
        <Group key={index} data-row gap="xs" align="flex-start" wrap="nowrap">
          <Textarea
            flex={1}
            autosize
            minRows={1}
            aria-label={t("company.textOf", { number: index + 1 })}
            autoFocus={text === ""}
            value={text}
            onChange={(e) => {
              const words = e.currentTarget.value;
              onChange(texts.map((other, at) => (at === index ? words : other)));
            }}
            error={error(`.${String(index)}`)}
          />
          <RemoveButton
            label={t("company.removeText", { number: index + 1 })}
            title={t("company.removeTextTitle")}
            text={text}
            ask={text.trim() !== ""}
            onRemove={() => {
              onChange(texts.filter((_, at) => at !== index));
            }}
          />
        </Group>
      ))}
      {texts.length < MOST && (
        <Button
          data-add-row
          variant="light"
          className={classes.start}
          leftSection={<IconPlus size="1.1em" />}
          onClick={() => {
            onChange([...texts, ""]);
          }}
        >
          {t("company.addText")}
        </Button>
      )}
    </Stack>
  );
}
