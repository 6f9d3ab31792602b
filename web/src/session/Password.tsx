import { Button, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, queries } from "../api/client";
import { fieldError } from "../api/problem";
import { Failure } from "../shared/Failure";
import { useTitle } from "../shared/title";
import { Gate } from "./Gate";
import { homeOf, sessionQuery, useSession } from "./session";

const SHORTEST = 10;

/** A new password: asked at the first sign-in, and whenever somebody wants another. */
export default function Password() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const session = useSession();
  const first = session?.user.must_change_password ?? false;
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const title = t(first ? "password.first" : "password.title");
  useTitle(title);

  const change = api.useMutation("put", "/api/session/password", {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      const now = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      void navigate({ to: now ? homeOf(now.user.roles) : "/sign-in" });
    },
  });
  const short = fresh.length < SHORTEST;
  const differ = fresh !== again;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (current !== "" && !short && !differ) change.mutate({ body: { current, new: fresh } });
  };
  const errors = {
    current: tried && current === "" ? t("session.required") : fieldError(change.error, "current"),
    fresh: tried && short ? t("password.short") : fieldError(change.error, "new"),
    again: tried && differ ? t("password.differ") : undefined,
  };
  const shown = errors.current ?? errors.fresh ?? errors.again;

  return (
    <Gate signedIn>
      <form onSubmit={submit} noValidate>
        <Stack>
          <div>
            <Title order={1}>{title}</Title>
            {first && (
              <Text c="dimmed" size="sm">
                {t("password.firstLead")}
              </Text>
            )}
          </div>
          <input type="hidden" name="username" autoComplete="username" value={session?.user.login ?? ""} />
          <PasswordInput
            label={t("password.current")}
            autoComplete="current-password"
            value={current}
            onChange={(e) => {
              setCurrent(e.currentTarget.value);
            }}
            error={errors.current}
          />
          <PasswordInput
            label={t("password.new")}
            description={t("password.newHint")}
            autoComplete="new-password"
            value={fresh}
            onChange={(e) => {
              setFresh(e.currentTarget.value);
            }}
            error={errors.fresh}
          />
          <PasswordInput
            label={t("password.repeat")}
            autoComplete="new-password"
            value={again}
            onChange={(e) => {
              setAgain(e.currentTarget.value);
            }}
            error={errors.again}
          />
          {change.error && !shown && <Failure error={change.error} />}
          <Button type="submit" loading={change.isPending} fullWidth>
            {t("password.save")}
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}
