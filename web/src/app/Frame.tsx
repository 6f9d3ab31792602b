import { Button, Group, Indicator, Text } from "@mantine/core";
import { IconCloudOff, IconInbox, IconPhone, IconRefresh, IconUser } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import { AccountMenu } from "../session/AccountMenu";
import { LanguageSwitch } from "../shared/LanguageSwitch";
import { Wordmark } from "../shared/Sign";
import { size } from "../theme";
import classes from "./app.module.css";
import { useAway } from "./data/connection";
import type { Worker } from "./device/worker";
import { useWaiting } from "./outbox/useWaiting";
import { Told } from "./Told";
import { PresenceMenu } from "./you/PresenceMenu";

interface Props {
  session: Session;
  unread: number;
  worker: Worker;
  children: ReactNode;
}

const icon = { size: 22, stroke: size.iconStroke, "aria-hidden": true } as const;

/** The app's frame: who one is on top, the page, and the way between the pages at the thumb. */
export function Frame({ session, unread, worker, children }: Props) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const reading = pathname.startsWith("/app/messages/");
  return (
    <div className={classes.frame} data-reading={reading || undefined}>
      <a href="#content" className="skip">
        {t("nav.skip")}
      </a>
      <header className={classes.header}>
        <Link to="/app" className={classes.brand} aria-label={t("brand")}>
          <Wordmark compact />
        </Link>
        <Text fw={550} truncate className={classes.company}>
          {session.company?.name}
        </Text>
        <PresenceMenu />
        <Group gap="md" wrap="nowrap" visibleFrom="sm">
          <LanguageSwitch signedIn />
          <AccountMenu session={session} place="app" />
        </Group>
      </header>
      <State worker={worker} />
      <div className={classes.body}>
        <nav className={classes.nav} aria-label={t("nav.label")}>
          <Tab to="/app" active={pathname === "/app" || reading} label={t("app.nav.messages")}>
            <Indicator
              label={unread > 99 ? "99+" : unread}
              disabled={unread === 0}
              size={16}
              offset={2}
              color="teal"
              aria-hidden
            >
              <IconInbox {...icon} />
            </Indicator>
            {unread > 0 && <span className="unseen">{t("app.unread", { count: unread })}</span>}
          </Tab>
          <Tab to="/app/calls" active={pathname.startsWith("/app/calls")} label={t("app.nav.calls")}>
            <IconPhone {...icon} />
          </Tab>
          <Tab to="/app/me" active={pathname === "/app/me"} label={t("app.nav.you")}>
            <IconUser {...icon} />
          </Tab>
        </nav>
        <main id="content" className={classes.content} tabIndex={-1}>
          {children}
        </main>
      </div>
      <Told me={session.user.name} />
    </div>
  );
}

interface TabProps {
  to: "/app" | "/app/calls" | "/app/me";
  active: boolean;
  label: string;
  children: ReactNode;
}

function Tab({ to, active, label, children }: TabProps) {
  return (
    <Link to={to} className={classes.tab} data-active={active || undefined} aria-current={active ? "page" : undefined}>
      {children}
      <span>{label}</span>
    </Link>
  );
}

/** What stands between the person and what they do: no network, or a newer program. */
function State({ worker }: { worker: Worker }) {
  const { t } = useTranslation();
  const away = useAway();
  const { entries } = useWaiting();
  const waiting = entries.filter(({ deed }) => deed.kind !== "read").length;
  return (
    <div role="status" className={classes.states}>
      {away && (
        <div className={classes.state} data-away>
          <IconCloudOff size="1.2em" aria-hidden />
          <Text size="sm">
            {t("app.away")}
            {waiting > 0 && ` ${t("app.awayWaiting", { count: waiting })}`}
          </Text>
        </div>
      )}
      {!away && worker.newer && (
        <div className={classes.state}>
          <IconRefresh size="1.2em" aria-hidden />
          <Text size="sm" flex={1}>
            {t("app.newer")}
          </Text>
          <Button size="compact-sm" variant="light" onClick={worker.update}>
            {t("app.update")}
          </Button>
        </div>
      )}
    </div>
  );
}
