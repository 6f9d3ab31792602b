import { Button, Skeleton, Stack, Text, Title } from "@mantine/core";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, client } from "../api/client";
import { codeOf, fieldError } from "../api/problem";
import { Failure } from "../shared/Failure";
import { useTitle } from "../shared/title";
import { Gate } from "./Gate";
import { NewPassword, useNewPassword } from "./NewPassword";
import { homeOf } from "./places";
import { signedIn } from "./session";

const EXPIRED = "reset_expired";

/** What the link of a letter leads to: a password is chosen, and its owner is signed in with it. */
export default function Reset() {
  const { t } = useTranslation();
  const { token } = useParams({ from: "/reset/$token" });
  const path = { params: { path: { token } } };
  const link = api.useQuery("get", "/api/password-resets/{token}", path, { staleTime: Infinity });
  const title = t(
    codeOf(link.error) === EXPIRED ? "reset.expired" : link.data?.invited ? "reset.invited" : "reset.title",
  );
  useTitle(title);
  return (
    <Gate>
      <Stack>
        <Title order={1}>{title}</Title>
        {link.data ? (
          <Choose token={token} login={link.data.login} invited={link.data.invited} />
        ) : codeOf(link.error) === EXPIRED ? (
          <Expired />
        ) : link.error ? (
          <Failure
            error={link.error}
            title={t("error.load")}
            action={{ label: t("common.retry"), run: () => void link.refetch() }}
          />
        ) : (
          <Stack aria-busy>
            <Skeleton h={60} />
            <Skeleton h={60} />
          </Stack>
        )}
      </Stack>
    </Gate>
  );
}

function Expired() {
  const { t } = useTranslation();
  return (
    <>
      <Text size="sm">{t("reset.expiredLead")}</Text>
      <Text size="sm">{t("reset.expiredInvited")}</Text>
      <Button fullWidth renderRoot={(props) => <Link to="/forgot" {...props} />}>
        {t("reset.again")}
      </Button>
    </>
  );
}

interface ChooseProps {
  token: string;
  login: string;
  invited: boolean;
}

function Choose({ token, login, invited }: ChooseProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const choice = useNewPassword();
  const enter = async () => {
    try {
      const { data } = await client.POST("/api/session", { body: { login, password: choice.fresh } });
      if (data) {
        signedIn(data);
        await navigate({ to: homeOf(data.user.roles), replace: true });
        return;
      }
    } catch {
      // The password is saved all the same: the sign-in page asks for it.
    }
    await navigate({ to: "/sign-in", replace: true, state: { login } });
  };
  const save = api.useMutation("put", "/api/password-resets/{token}", { onSuccess: enter });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    choice.attempt();
    if (choice.good) save.mutate({ params: { path: { token } }, body: { new: choice.fresh } });
  };
  if (codeOf(save.error) === EXPIRED) return <Expired />;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">
          {t(invited ? "reset.invitedLead" : "reset.lead", { login })}
        </Text>
        <input type="hidden" name="username" autoComplete="username" value={login} />
        <NewPassword choice={choice} error={save.error} />
        {save.error && !fieldError(save.error, "new") && <Failure error={save.error} />}
        <Button type="submit" loading={save.isPending} fullWidth>
          {t("reset.save")}
        </Button>
      </Stack>
    </form>
  );
}
