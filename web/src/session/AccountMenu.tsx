import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconKey, IconLogout } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import { size } from "../theme";
import { signOut } from "./session";

function initials(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0))
    .join("")
    .toUpperCase();
}

/** Who is signed in, and what they can do about it. */
export function AccountMenu({ session }: { session: Session }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const icon = { size: size.icon, stroke: size.iconStroke };
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
        <Menu.Item leftSection={<IconKey {...icon} />} onClick={() => void navigate({ to: "/password" })}>
          {t("session.changePassword")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout {...icon} />} onClick={() => void signOut()}>
          {t("common.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
