import { Box, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import { AccountMenu } from "../session/AccountMenu";
import type { Place } from "../session/places";
import { LanguageSwitch } from "../shared/LanguageSwitch";
import { Wordmark } from "../shared/Sign";
import { Navigation, type Section } from "./Navigation";
import classes from "./Shell.module.css";

interface Props {
  session: Session;
  /** Which place this is; none on pages that belong to all of them. */
  place?: Place;
  /** The place in words. */
  title: string;
  /** Whose it is, where it is somebody's. */
  owner?: string | undefined;
  status?: ReactNode;
  sections: readonly Section[];
  children: ReactNode;
}

/** The frame of every place but the desk: top bar, navigation, and the page between. */
export function Shell({ session, place, title, owner, status, sections, children }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <a href="#content" className="skip">
        {t("nav.skip")}
      </a>
      <Group component="header" className={classes.header} px="md" gap="md" wrap="nowrap">
        <Box className={classes.brand}>
          <Link to={place ? `/${place}` : "/"} className={classes.home} aria-label={t("brand")}>
            <Wordmark compact />
          </Link>
        </Box>
        <div className={classes.place}>
          {owner && (
            <Text fw={550} truncate lh="xs">
              {owner}
            </Text>
          )}
          <Text size={owner ? "xs" : "sm"} c="dimmed" truncate lh="xs">
            {title}
          </Text>
        </div>
        {status}
        <LanguageSwitch signedIn />
        <AccountMenu session={session} {...(place && { place })} />
      </Group>
      <div className={classes.body}>
        <Navigation sections={sections} />
        <main id="content" className={classes.content} tabIndex={-1}>
          {children}
        </main>
      </div>
      <Navigation sections={sections} bar />
    </>
  );
}
