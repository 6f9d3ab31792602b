import { Box, Group, Text } from "@mantine/core";
import { Link, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useLiveEvents } from "../api/events";
import { AccountMenu } from "../session/AccountMenu";
import { useSession } from "../session/session";
import { LanguageSwitch } from "../shared/LanguageSwitch";
import { Wordmark } from "../shared/Sign";
import { Zone } from "../shared/zone";
import classes from "./Cabinet.module.css";
import { HoursNow } from "./HoursNow";
import { BottomBar, Navigation } from "./Navigation";

/** The cabinet's frame: top bar, navigation, and the page between. */
export default function Cabinet() {
  const { t } = useTranslation();
  const session = useSession();
  const { data: hours } = api.useQuery("get", "/api/working-hours");
  useLiveEvents();
  if (!session) return null;

  return (
    <Zone value={hours?.hours.zone ?? null}>
      <a href="#content" className="skip">
        {t("nav.skip")}
      </a>
      <Group component="header" className={classes.header} px="md" gap="md" wrap="nowrap">
        <Box className={classes.brand}>
          <Link to="/cabinet" className={classes.home} aria-label={t("brand")}>
            <Wordmark compact />
          </Link>
        </Box>
        <Text fw={550} truncate className={classes.company}>
          {session.company?.name}
        </Text>
        <HoursNow view={hours} />
        <LanguageSwitch signedIn />
        <AccountMenu session={session} />
      </Group>
      <div className={classes.body}>
        <Navigation />
        <main id="content" className={classes.content}>
          <Outlet />
        </main>
      </div>
      <BottomBar />
    </Zone>
  );
}
