import { Button, Stack } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { fieldError } from "../api/problem";
import type { Session } from "../api/types";
import { Failure } from "../shared/Failure";
import { PasswordField } from "../shared/PasswordField";
import { NewPassword, useNewPassword } from "./NewPassword";

interface Props {
  session: Session;
  /** The only thing on its page: the button is the page's own. */
  alone?: boolean;
  onDone: () => void;
}

/** Sets another password; the present one is asked for. */
export function PasswordForm({ session, alone = false, onDone }: Props) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState("");
  const choice = useNewPassword();
  const change = api.useMutation("put", "/api/session/password", {
    onSuccess: () => {
      setCurrent("");
      choice.clear();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    choice.attempt();
    if (current !== "" && choice.good) change.mutate({ body: { current, new: choice.fresh } });
  };
  const missing = choice.tried && current === "" ? t("session.required") : undefined;
  const beside = fieldError(change.error, "current") ?? fieldError(change.error, "new");
  return (
    <form onSubmit={submit} noValidate>
      <Stack align="stretch">
        <input type="hidden" name="username" autoComplete="username" value={session.user.login} />
        <PasswordField
          label={t("password.current")}
          autoComplete="current-password"
          value={current}
          onChange={(e) => {
            setCurrent(e.currentTarget.value);
          }}
          error={missing ?? fieldError(change.error, "current")}
        />
        <NewPassword choice={choice} error={change.error} />
        {change.error && !beside && <Failure error={change.error} />}
        <Button
          type="submit"
          loading={change.isPending}
          variant={alone ? "filled" : "light"}
          {...(alone ? { fullWidth: true } : { style: { alignSelf: "flex-start" } })}
        >
          {t("password.save")}
        </Button>
      </Stack>
    </form>
  );
}
