import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconBuildingCommunity, IconCheck, IconHeadset, IconHome, IconInbox, IconLogout, IconUser } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import { size } from "../theme";
import { placesOf, type Place } from "./places";
import { signOut } from "./session";

const icons: Record<Place, typeof IconHome> = {
  app: IconInbox,
  cabinet: IconHome,
  desk: IconHeadset,
  platform: IconBuildingCommunity,
};

function initials(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0))
    .join("")
    .toUpperCase();
}

/** Who is signed in, the places that are open to them, and what they can do about it. */
export function AccountMenu({ session, place }: { session: Session; place?: Place }) {
  const { t } = useTranslation();
  const icon = { size: size.icon, stroke: size.iconStroke };
  // A desk that is left can't ring: other pages are opened beside it.
  const apart = place === "desk" ? { target: "_blank" } : {};
  const open = placesOf(session.user.roles);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton>
          <span className="unseen">{t("session.menu")}</span>
          <Avatar radius="xl" size="sm" color="teal">
            {initials(session.user.name || session.user.login)}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" c="var(--mantine-color-text)">
            {session.user.name}
          </Text>
          <Text size="xs">{session.user.login}</Text>
        </Menu.Label>
        <Menu.Divider />
        {/* Who has one place alone is there already, unless this page is none of them. */}
        {(open.length > 1 || !place) &&
          open.map((other) => {
            const Icon = icons[other];
            return (
              <Menu.Item
                key={other}
                leftSection={<Icon {...icon} />}
                {...(other === place && {
                  "aria-current": "true" as const,
                  rightSection: <IconCheck {...icon} aria-hidden />,
                })}
                renderRoot={(props) => <Link to={`/${other}`} {...(other !== place && apart)} {...props} />}
              >
                {t(`places.${other}`)}
              </Menu.Item>
            );
          })}
        {(open.length > 1 || !place) && <Menu.Divider />}
        <Menu.Item
          leftSection={<IconUser {...icon} />}
          renderRoot={(props) => <Link to="/account" {...apart} {...props} />}
        >
          {t("session.profile")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout {...icon} />} onClick={() => void signOut()}>
          {t("common.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
