import {
  Alert,
  Button,
  Collapse,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconChevronDown, IconCircleCheck } from "@tabler/icons-react";
import { useCallback, useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../api/client";
import { codeOf, fieldError, fieldOf } from "../../api/problem";
import type { Codec, LineView, Transport } from "../../api/types";
import { Failure } from "../../shared/Failure";
import { PasswordField } from "../../shared/PasswordField";
import { useForm } from "../../shared/form";
import { Unsaved } from "../../shared/Unsaved";
import { CODECS, fieldsOf, filled, inputOf, pinned, seenOf, split, type AccountFields } from "./account";
import type { Mend } from "./doctor/report";
import { GuidePanel } from "./guides/GuidePanel";
import classes from "./lines.module.css";
import { Progress } from "./Progress";
import { TrustFields } from "./TrustFields";

const TRANSPORTS: readonly Transport[] = ["udp", "tcp", "tls"];
const FOLDED: readonly (keyof AccountFields)[] = ["auth_name", "port", "transport", "interval_s", "codecs", "trust"];

/** «Подключение к АТС (SIP)»: saved by registering at the PBX for real. */
export function AccountSection({ line, mend: asked }: { line: LineView; mend: { field: Mend } | null }) {
  const { t } = useTranslation();
  const form = useForm(fieldsOf(line.account));
  const [splitFrom, setSplitFrom] = useState<string | null>(null);
  const [unfolded, others] = useDisclosure(false);
  const hasPassword = line.account?.has_password ?? false;
  // The field to mend is shown, and the person is brought to it.
  const unfold = others.open;
  const mend = useCallback((field: string | null | undefined) => {
    if (!field) return;
    if (FOLDED.includes(field as keyof AccountFields)) unfold();
    requestAnimationFrame(() => document.getElementById(`${line.id}-${field}`)?.focus());
  }, [line.id, unfold]);
  useEffect(() => {
    mend(asked?.field);
  }, [asked, mend]);
  const check = api.useMutation("put", "/api/lines/{id}/account", {
    onSuccess: async (outcome) => {
      mend(outcome.field);
      await refresh("/api/lines");
      // What was saved stands in the line now; the password goes out of the page.
      if (outcome.line.account) form.reset();
    },
    onError: (problem) => {
      mend(codeOf(problem) === "pbx_user_taken" ? "user" : fieldOf(problem));
    },
  });
  const outcome = check.data;
  const taken = codeOf(check.error) === "pbx_user_taken";

  const put = (key: keyof AccountFields, value: string) => {
    form.put(key, value as AccountFields[typeof key]);
  };
  const user = (typed: string) => {
    const next = split(form.value, typed);
    setSplitFrom(next.server !== form.value.server ? typed.trim() : splitFrom);
    form.set(next);
  };
  const error = (field: keyof AccountFields): string | undefined => {
    if (outcome && !outcome.established && outcome.field === field) return outcome.text;
    if (taken && field === "user") return fieldError(check.error, field) ?? t("account.pbx_user_taken");
    return fieldError(check.error, field);
  };
  const save = (fields: AccountFields) => {
    if (!filled(fields, hasPassword) || check.isPending) return;
    check.mutate({ params: { path: { id: line.id } }, body: inputOf(fields) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(form.value);
  };
  const pin = (sha256: string) => {
    const fields = pinned(form.value, sha256);
    form.set(fields);
    save(fields);
  };
  const marked = (Object.keys(form.value) as (keyof AccountFields)[]).some(error);

  return (
    <section className={classes.section} aria-labelledby={`account-${line.id}`}>
      <Title order={2} className={classes.anchor} id={`account-${line.id}`}>
        {t("account.title")}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {t("account.lead")}
      </Text>
      <div className={classes.beside}>
      <div>
      <Unsaved dirty={form.dirty && !check.isPending} />
      <form onSubmit={submit} autoComplete="off">
        <Stack maw={640}>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              id={`${line.id}-user`}
              label={t("account.user")}
              description={t("account.userHint")}
              value={form.value.user}
              onChange={(e) => {
                user(e.currentTarget.value);
              }}
              error={error("user")}
              required
            />
            <PasswordField
              id={`${line.id}-password`}
              label={t("account.password")}
              description={hasPassword ? t("account.passwordKept") : " "}
              autoComplete="new-password"
              value={form.value.password}
              onChange={(e) => {
                put("password", e.currentTarget.value);
              }}
              error={error("password")}
              required={!hasPassword}
            />
            <TextInput
              id={`${line.id}-server`}
              label={t("account.server")}
              description={splitFrom ? t("account.split", { text: splitFrom }) : t("account.serverHint")}
              value={form.value.server}
              onChange={(e) => {
                put("server", e.currentTarget.value);
              }}
              error={error("server")}
              required
            />
            <TextInput
              id={`${line.id}-proxy`}
              label={t("account.proxy")}
              description={t("account.proxyHint")}
              value={form.value.proxy}
              onChange={(e) => {
                put("proxy", e.currentTarget.value);
              }}
              error={error("proxy")}
            />
          </SimpleGrid>
          <div>
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              onClick={others.toggle}
              aria-expanded={unfolded}
              rightSection={<IconChevronDown size="1em" />}
            >
              {t("account.others")}
            </Button>
            <Collapse expanded={unfolded} transitionDuration={150}>
              <SimpleGrid cols={{ base: 1, xs: 2 }} pt="sm">
                <TextInput
                  id={`${line.id}-auth_name`}
                  label={t("account.authName")}
                  description={t("account.authNameHint")}
                  value={form.value.auth_name}
                  onChange={(e) => {
                    put("auth_name", e.currentTarget.value);
                  }}
                  error={error("auth_name")}
                />
                <NumberInput
                  id={`${line.id}-port`}
                  label={t("account.port")}
                  description={t("account.portHint")}
                  min={1}
                  max={65535}
                  allowDecimal={false}
                  hideControls
                  value={form.value.port}
                  onChange={(value) => {
                    put("port", String(value));
                  }}
                  error={error("port")}
                />
                <Select
                  id={`${line.id}-transport`}
                  label={t("account.transport")}
                  data={TRANSPORTS.map((value) => ({ value, label: value.toUpperCase() }))}
                  value={form.value.transport}
                  onChange={(value) => {
                    if (value) put("transport", value);
                  }}
                  allowDeselect={false}
                  error={error("transport")}
                />
                <NumberInput
                  id={`${line.id}-interval_s`}
                  label={t("account.interval")}
                  min={30}
                  max={3600}
                  allowDecimal={false}
                  hideControls
                  value={form.value.interval_s}
                  onChange={(value) => {
                    put("interval_s", String(value));
                  }}
                  error={error("interval_s")}
                />
                <MultiSelect
                  id={`${line.id}-codecs`}
                  label={t("account.codecs")}
                  description={t("account.codecsHint")}
                  data={CODECS.map((value) => ({ value, label: t(`account.codec.${value}`) }))}
                  value={form.value.codecs}
                  onChange={(value) => {
                    form.put("codecs", value as Codec[]);
                  }}
                  error={error("codecs")}
                />
              </SimpleGrid>
              {form.value.transport === "tls" && (
                <TrustFields
                  id={line.id}
                  value={form.value}
                  put={put}
                  error={error("trust")}
                  seen={check.isPending ? undefined : seenOf(line.connection)}
                  pin={pin}
                />
              )}
            </Collapse>
          </div>
          {filled(form.value, hasPassword) ? (
            <Group>
              <Button type="submit" loading={check.isPending}>
                {t("account.submit")}
              </Button>
            </Group>
          ) : (
            <Text size="sm" c="dimmed">
              {t("account.fill")}
            </Text>
          )}
          <div aria-live="polite">
            {check.isPending && (
              <Progress fields={form.value} />
            )}
            {!check.isPending && outcome && !(outcome.established && form.dirty) && (
              <Alert
                color={outcome.established ? "green" : "red"}
                icon={outcome.established ? <IconCircleCheck /> : <IconAlertTriangle />}
                title={t(outcome.established ? "account.established" : "account.notEstablished")}
              >
                {outcome.established ? null : outcome.text}
              </Alert>
            )}
            {!check.isPending && check.error && !marked && <Failure error={check.error} />}
          </div>
        </Stack>
      </form>
      </div>
      <GuidePanel line={line} />
      </div>
    </section>
  );
}
