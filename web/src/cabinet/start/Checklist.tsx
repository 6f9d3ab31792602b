import { Button, Collapse, Group, Paper, Progress, Text, Title, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconArrowRight, IconChevronDown, IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { ChecklistStep } from "../../api/types";
import { useAdmin } from "../../session/session";
import { size } from "../../theme";
import { progressOf, wayTo } from "./checklist";
import classes from "./start.module.css";

const FOLDED = "telefonistka.checklist-folded";

/** «Что осталось сделать»: the way to the first call, until all of it is done. */
export function Checklist() {
  const { t } = useTranslation();
  const admin = useAdmin();
  const { data } = api.useQuery("get", "/api/checklist", {}, { enabled: admin, staleTime: 0 });
  const [folded, fold] = useLocalStorage({ key: FOLDED, defaultValue: false, getInitialValueInEffect: false });
  if (!data) return null;
  const { next, done, all } = progressOf(data.steps);
  if (!next) return null;
  const to = wayTo(next.step, data.line ?? null);
  return (
    <Paper component="section" aria-labelledby="checklist-title" p="md">
      <UnstyledButton
        className={classes.head}
        onClick={() => {
          fold(!folded);
        }}
        aria-expanded={!folded}
        aria-controls="checklist-steps"
      >
        <Title order={2} id="checklist-title" flex="none">
          {t("start.title")}
        </Title>
        <Progress value={(done / all) * 100} className={classes.progress} aria-hidden />
        <Text size="sm" c="dimmed" flex="none">
          {t("start.progress", { done, all })}
        </Text>
        <IconChevronDown
          size={size.icon}
          stroke={size.iconStroke}
          className={classes.chevron}
          data-folded={folded || undefined}
          aria-hidden
        />
      </UnstyledButton>
      <Collapse expanded={!folded} id="checklist-steps">
        <Group className={classes.next} justify="space-between" gap="sm" mt="sm">
          <div className={classes.words}>
            <Text fw={600}>{t(`start.steps.${next.step}`)}</Text>
            <Text size="sm" c="dimmed">
              {t(`start.hints.${next.step}`)}
            </Text>
          </div>
          <Button
            flex="none"
            rightSection={<IconArrowRight size="1.1em" aria-hidden />}
            renderRoot={(props) => <Link {...to} {...props} />}
          >
            {t("start.go")}
          </Button>
        </Group>
        <ol className={classes.steps}>
          {data.steps.map((step) => (
            <Step key={step.step} step={step} to={wayTo(step.step, data.line ?? null)} next={step === next} />
          ))}
        </ol>
      </Collapse>
    </Paper>
  );
}

function Step({ step, to, next }: { step: ChecklistStep; to: LinkProps; next: boolean }) {
  const { t } = useTranslation();
  const Icon = step.done ? IconCircleCheckFilled : IconCircle;
  return (
    <li>
      <Link
        {...to}
        className={classes.step ?? ""}
        data-done={step.done || undefined}
        data-next={next || undefined}
        {...(next && { "aria-current": "step" as const })}
      >
        <Icon size={size.icon} stroke={size.iconStroke} aria-hidden />
        {t(`start.steps.${step.step}`)}
        {step.done && <VisuallyHidden>, {t("start.done")}</VisuallyHidden>}
      </Link>
    </li>
  );
}
