import { Button, Group, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { fieldError } from "../../api/problem";
import { Failure } from "../../shared/Failure";
import { dateIn } from "../../shared/time";
import { useTimes } from "../../shared/zone";
import classes from "./lines.module.css";
import { Prompts } from "./Prompts";

/** «Что услышит звонящий?»: any moment, step by step, told by the rules that run the calls. */
export function ForecastSection({ line }: { line: string }) {
  const { t } = useTranslation();
  const id = useId();
  const times = useTimes();
  const [at, setAt] = useState("");
  const { data: company } = api.useQuery("get", "/api/company");
  const { data, error } = api.useQuery(
    "get",
    "/api/lines/{id}/forecast",
    { params: { path: { id: line }, query: at === "" ? {} : { at } } },
    { staleTime: 0, placeholderData: keepPreviousData },
  );
  const tonight = `${dateIn(new Date(), times.zone)}T23:00`;
  const refused = fieldError(error, "at");
  return (
    <section className={classes.section} aria-labelledby={id}>
      <Title order={2} id={id}>
        {t("forecast.title")}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {t("forecast.lead")}
      </Text>
      <Group align="flex-end" gap="sm" mb="md">
        <TextInput
          type="datetime-local"
          label={t("forecast.at")}
          value={at}
          onChange={(e) => {
            setAt(e.currentTarget.value);
          }}
          error={refused}
        />
        <Button
          variant={at === "" ? "light" : "default"}
          aria-pressed={at === ""}
          onClick={() => {
            setAt("");
          }}
        >
          {t("forecast.now")}
        </Button>
        <Button
          variant={at === tonight ? "light" : "default"}
          aria-pressed={at === tonight}
          onClick={() => {
            setAt(tonight);
          }}
        >
          {t("forecast.tonight")}
        </Button>
      </Group>
      {error && !refused && <Failure error={error} />}
      {!data && !error && (
        <Stack gap="xs" aria-busy>
          <Skeleton h={40} />
          <Skeleton h={40} />
          <Skeleton h={40} />
        </Stack>
      )}
      {data && (
        <ol className={classes.steps} aria-live="polite">
          {data.steps.map((step, index) => (
            <li key={step.what}>
              <span className={classes.number} aria-hidden>
                {index + 1}
              </span>
              <Stack gap="xxs" flex={1} miw={0}>
                <Text>{step.text}</Text>
                <Text size="sm" c="dimmed">
                  {t("forecast.why", { why: step.why })}
                </Text>
                {step.prompts.length > 0 && (
                  <Prompts names={step.prompts} language={company?.language ?? "ru"} />
                )}
              </Stack>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
