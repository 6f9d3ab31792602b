import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldError } from "../api/problem";
import { PasswordField } from "../shared/PasswordField";

const SHORTEST = 10;

/** A new password that is being chosen: written twice, and checked before it is sent. */
export function useNewPassword() {
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  return {
    fresh,
    again,
    tried,
    setFresh,
    setAgain,
    good: fresh.length >= SHORTEST && fresh === again,
    /** From now on the fields tell what is wrong with them. */
    attempt: () => {
      setTried(true);
    },
    clear: () => {
      setFresh("");
      setAgain("");
      setTried(false);
    },
  };
}

interface Props {
  choice: ReturnType<typeof useNewPassword>;
  /** What the server said to it. */
  error: unknown;
}

/** The two fields of a new password. */
export function NewPassword({ choice, error }: Props) {
  const { t } = useTranslation();
  const { fresh, again, tried } = choice;
  return (
    <>
      <PasswordField
        label={t("password.new")}
        description={t("password.newHint")}
        autoComplete="new-password"
        value={fresh}
        onChange={(e) => {
          choice.setFresh(e.currentTarget.value);
        }}
        error={tried && fresh.length < SHORTEST ? t("password.short") : fieldError(error, "new")}
      />
      <PasswordField
        label={t("password.repeat")}
        autoComplete="new-password"
        value={again}
        onChange={(e) => {
          choice.setAgain(e.currentTarget.value);
        }}
        error={tried && fresh !== again ? t("password.differ") : undefined}
      />
    </>
  );
}
