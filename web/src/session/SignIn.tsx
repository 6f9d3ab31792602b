import { Anchor, Button, Divider, Stack, Text, TextInput, Title } from "@mantine/core";
import { Link, useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { codeOf } from "../api/problem";
import { useDemo } from "../demo/demo";
import { Failure } from "../shared/Failure";
import { PasswordField } from "../shared/PasswordField";
import { useTitle } from "../shared/title";
import { Gate } from "./Gate";
import { homeOf } from "./places";
import { signedIn } from "./session";

/** Sign-in with an e-mail address and a password. */
export default function SignIn() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { next } = useSearch({ from: "/sign-in" });
  const demo = useDemo();
  const { state } = useLocation();
  const [login, setLogin] = useState(state.login ?? "");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const enter = api.useMutation("post", "/api/session", {
    onSuccess: (session) => {
      signedIn(session);
      if (session.user.must_change_password) void navigate({ to: "/password", search: next ? { next } : {} });
      else if (next) void navigate({ href: next });
      else void navigate({ to: homeOf(session.user.roles) });
    },
  });
  useTitle(t("session.title"));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (login.trim() !== "" && password !== "") enter.mutate({ body: { login: login.trim(), password } });
  };
  const required = (value: string) => (tried && value === "" ? t("session.required") : undefined);
  const wrong = codeOf(enter.error) === "wrong_login";

  return (
    <Gate>
      <form onSubmit={submit} noValidate>
        <Stack>
          <div>
            <Title order={1}>{t("session.title")}</Title>
            <Text c="dimmed" size="sm">
              {t("session.lead")}
            </Text>
          </div>
          <TextInput
            label={t("session.login")}
            type="email"
            name="username"
            autoComplete="username"
            value={login}
            onChange={(e) => {
              setLogin(e.currentTarget.value);
            }}
            error={required(login.trim())}
          />
          <PasswordField
            label={t("session.password")}
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(e) => {
              setPassword(e.currentTarget.value);
            }}
            error={required(password) ?? (wrong ? t("session.wrong_login") : undefined)}
          />
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to="/forgot" state={{ login: login.trim() }} {...props} />}
          >
            {t("session.forgot")}
          </Anchor>
          {enter.error && !wrong && <Failure error={enter.error} />}
          <Button type="submit" loading={enter.isPending} fullWidth>
            {t("session.signIn")}
          </Button>
        </Stack>
      </form>
      {demo && (
        <Stack mt="lg" gap="xs">
          <Divider label={t("session.demo")} />
          {demo.sign_ins.map(({ role }) => (
            <Anchor key={role} href={`/api/demo/enter?as=${role}`} size="sm">
              {t(`session.demoAs.${role}`)}
            </Anchor>
          ))}
        </Stack>
      )}
    </Gate>
  );
}
