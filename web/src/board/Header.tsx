import { Button, Group, Text, Title } from "@mantine/core";
import { IconCalendarTime, IconLayoutDashboard, IconPlugConnectedX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import { AccountMenu } from "../session/AccountMenu";
import { LanguageSwitch } from "../shared/LanguageSwitch";
import { Wordmark } from "../shared/Sign";
import classes from "./board.module.css";

interface Props {
  session: Session;
  title: string;
  /** Where the other of the two pages is. */
  other: "/desk/board" | "/desk/shifts";
  lost?: boolean;
  children?: ReactNode;
}

/** The top bar of what supervisors have. */
export function Header({ session, title, other, lost = false, children }: Props) {
  const { t } = useTranslation();
  const Icon = other === "/desk/board" ? IconLayoutDashboard : IconCalendarTime;
  return (
    <Group component="header" className={classes.header} px="md" gap="sm" wrap="nowrap">
      <Wordmark compact />
      <Title order={1} size="h2" flex={1} className={classes.title}>
        {title}
      </Title>
      <Group gap="xxs" role="status" wrap="nowrap" className={classes.link}>
        {lost && (
          <>
            <IconPlugConnectedX size="1.1em" color="var(--t-waits)" aria-hidden />
            <Text size="sm" c="var(--t-waits)">
              {t("desk.link.lost")}
            </Text>
          </>
        )}
      </Group>
      <Group gap="sm" wrap="nowrap" className={classes.tools}>
        {children}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon size="1.1em" aria-hidden />}
          renderRoot={(props) => <Link to={other} {...props} />}
        >
          {t(other === "/desk/board" ? "board.title" : "board.shifts")}
        </Button>
      </Group>
      <LanguageSwitch signedIn />
      <AccountMenu session={session} />
    </Group>
  );
}
