import { Alert, Anchor, Group, Paper, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { refresh } from "../api/client";
import type { Language, Session } from "../api/types";
import { useTurn } from "../shared/language";
import { useTitle } from "../shared/title";
import { Shell } from "../shell/Shell";
import { size } from "../theme";
import { PasswordForm } from "./PasswordForm";
import { placesOf } from "./places";
import { useSession } from "./session";
import { Sessions } from "./Sessions";

const Summary = lazy(() => import("../app/you/OwnSummary"));

/** «Профиль»: what belongs to the person, and not to the place where they work. */
export default function Account() {
  const { t } = useTranslation();
  const session = useSession();
  useTitle(t("profile.title"));
  if (!session) return null;
  return (
    <Shell session={session} title={t("profile.title")} sections={[]}>
      <Stack maw={size.form} mx="auto">
        <div>
          <Back session={session} />
          <Title order={1}>{t("profile.title")}</Title>
        </div>
        <Person session={session} />
        {session.user.roles.includes("company_admin") && (
          <Suspense>
            <Summary />
          </Suspense>
        )}
        <Password session={session} />
        <Sessions />
      </Stack>
    </Shell>
  );
}

/** The way back to where the person works. */
function Back({ session }: { session: Session }) {
  const { t } = useTranslation();
  return (
    <Group gap="md">
      {placesOf(session.user.roles).map((place) => (
        <Anchor key={place} size="sm" renderRoot={(props) => <Link to={`/${place}`} {...props} />}>
          <IconArrowLeft size="1em" aria-hidden /> {t(`places.${place}`)}
        </Anchor>
      ))}
    </Group>
  );
}

function Person({ session }: { session: Session }) {
  const { t, i18n } = useTranslation();
  const turn = useTurn(true);
  const { name, login } = session.user;
  return (
    <Paper p="md" component="section" aria-label={t("profile.title")}>
      <Stack gap="sm">
        <Fact title={t("profile.name")} text={name || "–"} />
        <Fact title={t("profile.login")} text={login} />
        {session.company && <Fact title={t("profile.company")} text={session.company.name} />}
        <div>
          <Text size="sm" c="dimmed" mb="xxs" id="profile-language">
            {t("profile.language")}
          </Text>
          <SegmentedControl
            aria-labelledby="profile-language"
            value={i18n.language}
            onChange={(value) => void turn(value as Language)}
            data={[
              { value: "ru", label: "Русский" },
              { value: "en", label: "English" },
            ]}
          />
        </div>
      </Stack>
    </Paper>
  );
}

function Fact({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <Text>{text}</Text>
    </div>
  );
}

function Password({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [changed, setChanged] = useState(false);
  return (
    <Paper p="md" component="section" aria-labelledby="profile-password">
      <Stack>
        <Title order={2} id="profile-password">
          {t("password.title")}
        </Title>
        {changed && (
          <Alert color="green" variant="light" icon={<IconCheck aria-hidden />} role="status">
            {t("profile.passwordChanged")}
          </Alert>
        )}
        <PasswordForm
          session={session}
          onDone={() => {
            setChanged(true);
            void refresh("/api/sessions");
          }}
        />
      </Stack>
    </Paper>
  );
}
