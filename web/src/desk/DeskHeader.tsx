import { Button, Group, Kbd, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import { AccountMenu } from "../session/AccountMenu";
import { LanguageSwitch } from "../shared/LanguageSwitch";
import { Wordmark } from "../shared/Sign";
import classes from "./desk.module.css";
import type { Desk } from "./machine";

const BoardLink = lazy(() => import("./BoardLink"));

interface Props {
  session: Session;
  link: Desk["link"];
  /** Shows every key of the desk. */
  onKeys?: () => void;
}

/** The desk's top bar: whose place it is, and whether the server is there. */
export function DeskHeader({ session, link, onKeys }: Props) {
  const { t } = useTranslation();
  return (
    <Group component="header" className={classes.header} px="md" gap="md" wrap="nowrap">
      <Wordmark compact />
      <Text size="sm" c="dimmed" truncate flex={1} visibleFrom="xs">
        {t("desk.title")}
      </Text>
      <Group gap="xxs" role="status" wrap="nowrap" flex={{ base: 1, xs: "initial" }}>
        {link !== "open" && link !== "replaced" && (
          <>
            <IconPlugConnectedX size="1.1em" color="var(--t-waits)" aria-hidden />
            <Text size="sm" c="var(--t-waits)">
              {t(`desk.link.${link}`)}
            </Text>
          </>
        )}
      </Group>
      {session.user.roles.includes("supervisor") && (
        <Suspense>
          <BoardLink />
        </Suspense>
      )}
      <Text size="sm" truncate visibleFrom="xs">
        {session.user.name}
      </Text>
      {onKeys && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={onKeys} visibleFrom="xs">
          <span className="unseen">{t("desk.keys.title")}</span>
          <Kbd aria-hidden>?</Kbd>
        </Button>
      )}
      <LanguageSwitch signedIn />
      <AccountMenu session={session} place="desk" />
    </Group>
  );
}
