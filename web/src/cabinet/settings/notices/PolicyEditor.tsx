import { ActionIcon, Button, Group, Paper, SegmentedControl, Select, Text, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { refresh } from "../../../api/client";
import { codeOf } from "../../../api/problem";
import type { Escalation, Policy, Target } from "../../../message/contract";
import { notices } from "../../../message/server";
import { useForm } from "../../../shared/form";
import { size } from "../../../theme";
import { Tab } from "../Tab";
import classes from "./notices.module.css";
import { beginnings, changed, fromKey, moved, REPEAT_MIN, STEPS_MAX, toKey, withStep, without, wrong } from "./steps";

interface Named {
  id: string;
  name: string;
}

interface Props {
  saved: Escalation;
  /** The company's own, which holds where a department has none. */
  company: Policy | null;
  people: { departments: Named[]; employees: Named[] };
}

const EMPTY: Policy = { only_urgent: false, steps: [] };

/** «Порядок оповещения» of the company or of a department, step by step in words. */
export function PolicyEditor({ saved, company, people }: Props) {
  const { t } = useTranslation();
  const form = useForm({ policy: saved.policy ?? null, version: saved.version });
  const [saves, setSaves] = useState(0);
  const save = useMutation({
    mutationFn: notices.writeEscalation,
    onSuccess: async () => {
      await refresh("/api/escalations");
      form.reset();
      setSaves((count) => count + 1);
    },
    onError: (error) => {
      if (codeOf(error) === "changed_meanwhile") void refresh("/api/escalations");
    },
  });
  const { policy } = form.value;
  const isCompany = !saved.department;
  const shown = policy ?? (isCompany ? EMPTY : company);
  const put = (next: Policy | null) => {
    form.put("policy", next);
  };
  const bad = policy ? wrong(policy) : [];
  return (
    <Tab
      title={t("policy.title")}
      lead={t("policy.lead")}
      dirty={form.dirty && bad.length === 0}
      busy={save.isPending}
      saves={saves}
      error={save.error}
      onSave={() => {
        save.mutate({ department: saved.department ?? null, policy, version: saved.version });
      }}
      conflict={null}
      onFresh={form.reset}
      onKeep={form.reset}
    >
      {!isCompany && (
        <SegmentedControl
          className={classes.choice}
          aria-label={t("policy.whose")}
          value={policy ? "own" : "company"}
          onChange={(value) => {
            put(value === "own" ? (company ?? EMPTY) : null);
          }}
          data={[
            { value: "company", label: t("policy.asCompany") },
            { value: "own", label: t("policy.own") },
          ]}
        />
      )}
      {shown && (policy || isCompany) ? (
        <Steps policy={policy ?? EMPTY} bad={bad} people={people} own={saved.department ?? null} onChange={put} />
      ) : (
        <Paper p="md" className={classes.steps}>
          <ReadSteps policy={shown ?? EMPTY} people={people} />
        </Paper>
      )}
    </Tab>
  );
}

/** The names of targets. */
function useTargets(people: Props["people"]) {
  const { t } = useTranslation();
  const data = [
    { group: t("policy.groups.call"), items: [{ value: "operator_call", label: t("policy.operatorCall") }] },
    {
      group: t("policy.groups.duty"),
      items: people.departments.map(({ id, name }) => ({
        value: `on_duty:${id}`,
        label: t("policy.onDuty", { name }),
      })),
    },
    {
      group: t("policy.groups.departments"),
      items: people.departments.map(({ id, name }) => ({ value: `department:${id}`, label: name })),
    },
    {
      group: t("policy.groups.employees"),
      items: people.employees.map(({ id, name }) => ({ value: `employee:${id}`, label: name })),
    },
  ].filter(({ items }) => items.length > 0);
  const label = (target: Target) =>
    data.flatMap(({ items }) => items).find(({ value }) => value === toKey(target))?.label ?? t("policy.gone");
  return { data, label };
}

/** «через 1 ч 15 мин». */
function useSpan() {
  const { t } = useTranslation();
  return (minutes: number) => {
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    return [hours > 0 && t("policy.hours", { hours }), (rest > 0 || hours === 0) && t("policy.minutes", { minutes: rest })]
      .filter(Boolean)
      .join(" ");
  };
}

interface StepsProps {
  policy: Policy;
  bad: readonly number[];
  people: Props["people"];
  /** The department whose it is. */
  own: string | null;
  onChange: (policy: Policy) => void;
}

function Steps({ policy, bad, people, own, onChange }: StepsProps) {
  const { t } = useTranslation();
  const { data } = useTargets(people);
  const span = useSpan();
  const begin = beginnings(policy);
  const last = policy.steps.at(-1);
  const add = () => {
    const duty = own ?? people.departments[0]?.id;
    const first: Target = duty ? { kind: "on_duty", department: duty } : { kind: "operator_call" };
    onChange(withStep(policy, policy.steps.length === 0 ? first : { kind: "operator_call" }));
  };
  const icon = { size: size.icon, stroke: size.iconStroke } as const;
  return (
    <Paper p="md" className={classes.steps}>
      <div>
        <Text size="sm" fw={600} mb="xxs" id="policy-which">
          {t("policy.which")}
        </Text>
        <SegmentedControl
          className={classes.choice}
          aria-labelledby="policy-which"
          value={policy.only_urgent ? "urgent" : "all"}
          onChange={(value) => {
            onChange({ ...policy, only_urgent: value === "urgent" });
          }}
          data={[
            { value: "all", label: t("policy.all") },
            { value: "urgent", label: t("policy.onlyUrgent") },
          ]}
        />
      </div>
      <ol className={classes.list}>
        <li className={classes.step} data-first>
          <Text size="sm" fw={600}>
            {t("policy.begin")}
          </Text>
          <Text size="sm" c="dimmed">
            {t("policy.beginHint")}
          </Text>
        </li>
        {policy.steps.map((step, index) => {
          const number = index + 1;
          return (
            <li key={index} className={classes.step}>
              <Group gap="xs" align="center" className={classes.sentence}>
                <Text size="sm">{t(index === 0 ? "policy.ifNobody" : "policy.ifStill")}</Text>
                <TextInput
                  size="sm"
                  w={72}
                  aria-label={t("policy.afterOf", { number })}
                  inputMode="numeric"
                  maxLength={4}
                  value={Number.isNaN(step.after_minutes) ? "" : String(step.after_minutes)}
                  onChange={(e) => {
                    const digits = e.currentTarget.value.replace(/\D/g, "");
                    onChange(changed(policy, index, { after_minutes: digits === "" ? NaN : Number(digits) }));
                  }}
                  error={bad.includes(index)}
                />
                <Text size="sm">{t("policy.then")}</Text>
                <Select
                  size="sm"
                  className={classes.target}
                  aria-label={t("policy.targetOf", { number })}
                  data={data}
                  value={toKey(step.to)}
                  searchable
                  allowDeselect={false}
                  onChange={(key) => {
                    const to = key ? fromKey(key) : null;
                    if (to) onChange(changed(policy, index, { to }));
                  }}
                />
                <Group gap={0} wrap="nowrap" ml="auto">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    disabled={index === 0}
                    aria-label={t("policy.up", { number })}
                    onClick={() => {
                      onChange(moved(policy, index, -1));
                    }}
                  >
                    <IconArrowUp {...icon} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    disabled={index === policy.steps.length - 1}
                    aria-label={t("policy.down", { number })}
                    onClick={() => {
                      onChange(moved(policy, index, 1));
                    }}
                  >
                    <IconArrowDown {...icon} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t("policy.remove", { number })}
                    onClick={() => {
                      onChange(without(policy, index));
                    }}
                  >
                    <IconTrash {...icon} />
                  </ActionIcon>
                </Group>
              </Group>
              {bad.includes(index) ? (
                <Text size="sm" c="var(--t-lost)" role="alert">
                  {t("policy.wrong")}
                </Text>
              ) : (
                <Text size="sm" c="dimmed">
                  {t("policy.at", { time: span(begin[index] ?? 0) })}
                </Text>
              )}
            </li>
          );
        })}
        {last && (
          <li className={classes.step} data-last>
            <Text size="sm" c="dimmed">
              {t("policy.repeat", { time: span(Math.max(last.after_minutes, REPEAT_MIN)) })} {t("policy.readers")}
            </Text>
          </li>
        )}
      </ol>
      {policy.steps.length === 0 && (
        <Text size="sm" c="var(--t-waits)">
          {t("policy.none")}
        </Text>
      )}
      {policy.steps.length < STEPS_MAX && (
        <Button variant="light" leftSection={<IconPlus size="1.1em" />} onClick={add} className={classes.add}>
          {t("policy.add")}
        </Button>
      )}
    </Paper>
  );
}

/** The company's steps, where a department goes by them. */
function ReadSteps({ policy, people }: { policy: Policy; people: Props["people"] }) {
  const { t } = useTranslation();
  const { label } = useTargets(people);
  const span = useSpan();
  if (policy.steps.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("policy.companyNone")}
      </Text>
    );
  }
  const begin = beginnings(policy);
  return (
    <ol className={classes.list}>
      <li className={classes.step} data-first>
        <Text size="sm">{t("policy.begin")}</Text>
      </li>
      {policy.steps.map((step, index) => (
        <li key={index} className={classes.step}>
          <Text size="sm">{label(step.to)}</Text>
          <Text size="sm" c="dimmed">
            {t("policy.at", { time: span(begin[index] ?? 0) })}
          </Text>
        </li>
      ))}
    </ol>
  );
}
