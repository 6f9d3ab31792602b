import { ActionIcon, Checkbox, Code, CopyButton, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { LineView } from "../../../api/types";
import classes from "../lines.module.css";
import { known, type Field, type Guide, type Pbx, type Step } from "./guide";
import { keepSteps, keptSteps } from "./kept";

interface Props {
  guide: Guide;
  pbx: Pbx;
  line: LineView;
}

/** The steps of a guide, each to be ticked off; the ticks stay in this browser. */
export default function GuideSteps({ guide, pbx, line }: Props) {
  const { t, i18n } = useTranslation();
  const steps = guide.steps[i18n.language === "en" ? "en" : "ru"];
  const [done, setDone] = useState(() => keptSteps(line.id, pbx));
  const tick = (step: number, on: boolean) => {
    const next = on ? [...done, step] : done.filter((other) => other !== step);
    setDone(next);
    keepSteps(line.id, pbx, next);
  };
  return (
    <Stack gap="sm">
      <ol className={classes.tick}>
        {steps.map((step, index) => (
          <li key={index}>
            <Checkbox
              checked={done.includes(index)}
              onChange={(e) => {
                tick(index, e.currentTarget.checked);
              }}
              label={
                <span className={done.includes(index) ? classes.done : undefined}>
                  {`${String(index + 1)}. ${step.text}`}
                </span>
              }
            />
            <Values step={step} line={line} />
          </li>
        ))}
      </ol>
      <Text size="sm" c="dimmed" role="status">
        {t("guides.done", { done: done.length, count: steps.length })}
      </Text>
    </Stack>
  );
}

function Values({ step, line }: { step: Step; line: LineView }) {
  const { t } = useTranslation();
  const own = step.value && known(line.account, step.value);
  if (!step.fields && !step.value) return null;
  return (
    <Stack gap="xxs" pl="xl" pt="xxs">
      {step.fields?.map(({ theirs, ours }) => {
        const value = known(line.account, ours);
        return (
          <Text key={theirs} size="sm" component="div" className={classes.value}>
            <span>{t("guides.goes", { theirs, ours: t(label(ours)) })}</span>
            {value && <Copied value={value} />}
          </Text>
        );
      })}
      {step.value && (
        <Text size="sm" component="div" className={classes.value}>
          {own ? (
            <>
              <span>{t(label(step.value))}:</span>
              <Copied value={own} />
            </>
          ) : (
            <span>{t("guides.unknown", { ours: t(label(step.value)) })}</span>
          )}
        </Text>
      )}
    </Stack>
  );
}

function label(field: Field) {
  return field === "auth_name" ? "account.authName" : (`account.${field}` as const);
}

function Copied({ value }: { value: string }) {
  const { t } = useTranslation();
  return (
    <>
      <Code>{value}</Code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            color={copied ? "green" : "gray"}
            size="sm"
            onClick={copy}
            aria-label={t(copied ? "guides.copied" : "guides.copy", { value })}
          >
            {copied ? <IconCheck size="1em" /> : <IconCopy size="1em" />}
          </ActionIcon>
        )}
      </CopyButton>
    </>
  );
}
