import { Button, Paper, SegmentedControl, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconDownload, IconLayoutDashboard, IconLogout, IconShare2, IconUser } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Language, Session } from "../../api/types";
import { Sessions } from "../../session/Sessions";
import { signOut, useSession } from "../../session/session";
import { Confirm } from "../../shared/Confirm";
import { Failure } from "../../shared/Failure";
import { useTurn } from "../../shared/language";
import { useTitle } from "../../shared/title";
import { useAway } from "../data/connection";
import { meQuery } from "../data/queries";
import { useInstall } from "../device/install";
import { useWaiting } from "../outbox/useWaiting";
import { AbsenceCard } from "./AbsenceCard";
import { NoticesCard } from "./NoticesCard";
import { PresenceCard } from "./PresenceCard";
import { SummaryCard } from "./SummaryCard";
import classes from "./you.module.css";

/** «Вы»: whether and how one can be reached, and what the device does. */
export default function YouPage() {
  const { t } = useTranslation();
  const session = useSession();
  const { data: me, error, refetch } = useQuery(meQuery);
  useTitle(t("app.nav.you"));
  if (!session) return null;
  return (
    <div className={classes.page}>
      <div>
        <Title order={1}>{session.user.name || session.user.login}</Title>
        <Text c="dimmed" size="sm">
          {[session.company?.name, session.user.login].filter(Boolean).join(" · ")}
        </Text>
      </div>
      {error && !me && (
        <Failure
          error={error}
          title={t("error.load")}
          action={{ label: t("common.retry"), run: () => void refetch() }}
        />
      )}
      {!me && !error && <Skeleton h={160} />}
      {me?.employee && me.reach && (
        <>
          <PresenceCard reach={me.reach} />
          <NoticesCard reach={me.reach} />
          <AbsenceCard reach={me.reach} own={me.employee.id} />
        </>
      )}
      {me && !me.employee && (
        <Text size="sm" c="dimmed">
          {t("you.notEmployee")}
        </Text>
      )}
      {me && session.user.roles.includes("company_admin") && <SummaryCard summary={me.summary} />}
      <Install />
      <Speech />
      <Device session={session} />
    </div>
  );
}

function Install() {
  const { t } = useTranslation();
  const { how, install } = useInstall();
  if (!how) return null;
  return (
    <Paper className={classes.card} component="section" aria-labelledby="install-title">
      <Title order={2} id="install-title">
        {t("install.title")}
      </Title>
      <Text size="sm" c="dimmed">
        {how === "hand" ? (
          <>
            {t("install.hand")} <IconShare2 size="1.1em" className={classes.inline} aria-hidden />{" "}
            {t("install.handThen")}
          </>
        ) : (
          t("install.hint")
        )}
      </Text>
      {how === "press" && (
        <Button variant="light" leftSection={<IconDownload size="1.1em" />} onClick={install} className={classes.own}>
          {t("install.press")}
        </Button>
      )}
    </Paper>
  );
}

function Speech() {
  const { t, i18n } = useTranslation();
  const turn = useTurn(true);
  return (
    <Paper className={classes.card} component="section" aria-labelledby="you-language">
      <Title order={2} id="you-language">
        {t("profile.language")}
      </Title>
      <SegmentedControl
        aria-labelledby="you-language"
        value={i18n.language}
        onChange={(value) => void turn(value as Language)}
        data={[
          { value: "ru", label: "Русский" },
          { value: "en", label: "English" },
        ]}
      />
    </Paper>
  );
}

/** Where one is signed in, and the way out. */
function Device({ session }: { session: Session }) {
  const { t } = useTranslation();
  const away = useAway();
  const { entries } = useWaiting();
  const [asking, setAsking] = useState(false);
  const unsent = entries.filter(({ deed }) => deed.kind !== "read").length;
  const cabinet = t(session.user.roles.includes("company_admin") ? "places.cabinet" : "you.cabinet");
  return (
    <>
      {!away && <Sessions />}
      <Stack gap="xs">
        <Button
          variant="default"
          justify="flex-start"
          leftSection={<IconLayoutDashboard size="1.2em" aria-hidden />}
          renderRoot={(props) => <Link to="/cabinet" {...props} />}
        >
          {cabinet}
        </Button>
        <Button
          variant="default"
          justify="flex-start"
          leftSection={<IconUser size="1.2em" aria-hidden />}
          renderRoot={(props) => <Link to="/account" {...props} />}
        >
          {t("you.account")}
        </Button>
        <Button
          variant="default"
          justify="flex-start"
          leftSection={<IconLogout size="1.2em" aria-hidden />}
          onClick={() => {
            if (unsent > 0) setAsking(true);
            else void signOut();
          }}
        >
          {t("common.signOut")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("you.signOutHint")}
        </Text>
      </Stack>
      <Confirm
        opened={asking}
        title={t("you.unsentTitle")}
        text={t("you.unsentText", { count: unsent })}
        yes={t("common.signOut")}
        onYes={() => void signOut()}
        onNo={() => {
          setAsking(false);
        }}
      />
    </>
  );
}
