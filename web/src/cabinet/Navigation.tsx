import { Box, NavLink } from "@mantine/core";
import { IconHome, IconPhoneCall, IconSettings } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { size } from "../theme";
import classes from "./Cabinet.module.css";

const icon = { size: size.icon, stroke: size.iconStroke, "aria-hidden": true } as const;

export const tabs = ["company", "hours", "departments", "employees"] as const;

/** The navigation beside the page. */
export function Navigation() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <Box component="nav" aria-label={t("nav.label")} className={classes.navigation} visibleFrom="sm">
      <NavLink
        label={t("nav.home")}
        leftSection={<IconHome {...icon} />}
        active={pathname === "/cabinet"}
        renderRoot={(props) => <Link to="/cabinet" activeOptions={{ exact: true }} {...props} />}
      />
      <NavLink
        label={t("nav.lines")}
        leftSection={<IconPhoneCall {...icon} />}
        active={pathname.startsWith("/cabinet/lines")}
        renderRoot={(props) => <Link to="/cabinet/lines" {...props} />}
      />
      <NavLink
        label={t("nav.settings")}
        leftSection={<IconSettings {...icon} />}
        renderRoot={(props) => <Link to="/cabinet/settings" activeOptions={{ exact: true }} {...props} />}
      />
      {/* Beside the link and not inside: a NavLink with children folds them and leads nowhere. */}
      <Box pl="lg">
        {tabs.map((tab) => (
          <NavLink
            key={tab}
            label={t(`nav.${tab}`)}
            active={pathname === `/cabinet/settings/${tab}`}
            renderRoot={(props) => <Link to={`/cabinet/settings/${tab}`} {...props} />}
          />
        ))}
      </Box>
    </Box>
  );
}

/** The navigation on a phone: a bar at the bottom. */
export function BottomBar() {
  const { t } = useTranslation();
  return (
    <Box component="nav" aria-label={t("nav.label")} className={classes.bottom} hiddenFrom="sm">
      <Link to="/cabinet" className={classes.tab} activeOptions={{ exact: true }}>
        <IconHome {...icon} />
        {t("nav.home")}
      </Link>
      <Link to="/cabinet/lines" className={classes.tab}>
        <IconPhoneCall {...icon} />
        {t("nav.linesShort")}
      </Link>
      <Link to="/cabinet/settings" className={classes.tab}>
        <IconSettings {...icon} />
        {t("nav.settings")}
      </Link>
    </Box>
  );
}
