import { Alert, Anchor, Button, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconMailForward } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { fieldError } from "../api/problem";
import { Failure } from "../shared/Failure";
import { useTitle } from "../shared/title";
import { Gate } from "./Gate";

/** «Забыли пароль?»: a letter with a link is asked for. Whether the address is known is not told. */
export default function Forgot() {
  const { t } = useTranslation();
  const { state } = useLocation();
  const [login, setLogin] = useState(state.login ?? "");
  const [tried, setTried] = useState(false);
  const ask = api.useMutation("post", "/api/password-resets");
  useTitle(t("forgot.title"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (login.trim() !== "") ask.mutate({ body: { login: login.trim() } });
  };
  const missing = tried && login.trim() === "" ? t("session.required") : undefined;
  const beside = fieldError(ask.error, "login");
  const sent = ask.isSuccess ? ask.variables.body.login : null;
  return (
    <Gate>
      <Stack>
        <div>
          <Title order={1}>{t("forgot.title")}</Title>
          {!sent && (
            <Text c="dimmed" size="sm">
              {t("forgot.lead")}
            </Text>
          )}
        </div>
        {sent ? (
          <Alert color="green" variant="light" icon={<IconMailForward aria-hidden />} role="status">
            <Stack gap="xs">
              <Text size="sm">{t("forgot.sent", { login: sent })}</Text>
              <Text size="sm">{t("forgot.sentHint")}</Text>
            </Stack>
          </Alert>
        ) : (
          <form onSubmit={submit} noValidate>
            <Stack>
              <TextInput
                label={t("session.login")}
                type="email"
                name="username"
                autoComplete="username"
                value={login}
                onChange={(e) => {
                  setLogin(e.currentTarget.value);
                }}
                error={missing ?? beside}
              />
              {ask.error && !beside && <Failure error={ask.error} />}
              <Button type="submit" loading={ask.isPending} fullWidth>
                {t("forgot.send")}
              </Button>
            </Stack>
          </form>
        )}
        <Anchor size="sm" renderRoot={(props) => <Link to="/sign-in" {...props} />}>
          {t("forgot.back")}
        </Anchor>
      </Stack>
    </Gate>
  );
}
