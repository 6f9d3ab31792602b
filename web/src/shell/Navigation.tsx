import { Box, NavLink } from "@mantine/core";
import type { IconHome } from "@tabler/icons-react";
import { Link, useLocation, type LinkProps } from "@tanstack/react-router";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { size } from "../theme";
import classes from "./Shell.module.css";

/** A page of a place. */
export interface Section {
  to: NonNullable<LinkProps["to"]>;
  label: string;
  /** For the bar at the bottom, where the label is too long for it. */
  short?: string;
  icon: typeof IconHome;
  /** The pages under it, where it has some. */
  pages?: readonly { to: NonNullable<LinkProps["to"]>; label: string }[];
}

interface Props {
  sections: readonly Section[];
  /** On a phone: a bar at the bottom instead of a list at the side. */
  bar?: boolean;
}

const icon = { size: size.icon, stroke: size.iconStroke, "aria-hidden": true } as const;

/** The way between the pages of a place. */
export function Navigation({ sections, bar = false }: Props) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  // One page needs no way to it.
  if (sections.length < 2) return null;
  if (bar) {
    return (
      <Box component="nav" aria-label={t("nav.label")} className={classes.bottom} hiddenFrom="sm">
        {sections.map(({ to, label, short, icon: Icon }, index) => (
          <Link key={to} to={to} className={classes.tab} activeOptions={{ exact: index === 0 }}>
            <Icon {...icon} />
            {short ?? label}
          </Link>
        ))}
      </Box>
    );
  }
  return (
    <Box component="nav" aria-label={t("nav.label")} className={classes.navigation} visibleFrom="sm">
      {sections.map(({ to, label, icon: Icon, pages }, index) => (
        <Fragment key={to}>
          <NavLink
            label={label}
            leftSection={<Icon {...icon} />}
            active={!pages && (index === 0 ? pathname === to : pathname.startsWith(to))}
            renderRoot={(props) => (
              <Link to={to} activeOptions={{ exact: index === 0 || pages !== undefined }} {...props} />
            )}
          />
          {/* Beside the link and not inside: a NavLink with children folds them and leads nowhere. */}
          {pages && (
            <Box pl="lg">
              {pages.map((page) => (
                <NavLink
                  key={page.to}
                  label={page.label}
                  active={pathname === page.to}
                  renderRoot={(props) => <Link to={page.to} {...props} />}
                />
              ))}
            </Box>
          )}
        </Fragment>
      ))}
    </Box>
  );
}
