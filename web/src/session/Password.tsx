import { Stack, Text, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { queries } from "../api/client";
import { useTitle } from "../shared/title";
import { Gate } from "./Gate";
import { PasswordForm } from "./PasswordForm";
import { homeOf } from "./places";
import { sessionQuery, useSession } from "./session";

/** The password that comes before anything else at the first sign-in. */
export default function Password() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const session = useSession();
  const { next } = useSearch({ from: "/password" });
  useTitle(t("password.first"));
  if (!session) return null;
  const go = async () => {
    await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    const now = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    if (now && next) void navigate({ href: next });
    else void navigate({ to: now ? homeOf(now.user.roles) : "/sign-in" });
  };
  return (
    <Gate signedIn>
      <Stack>
        <div>
          <Title order={1}>{t("password.first")}</Title>
          <Text c="dimmed" size="sm">
            {t("password.firstLead")}
          </Text>
        </div>
        <PasswordForm session={session} alone onDone={() => void go()} />
      </Stack>
    </Gate>
  );
}
