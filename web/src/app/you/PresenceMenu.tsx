import { Menu, UnstyledButton } from "@mantine/core";
import { IconBellOff, IconCheck, IconChevronDown, IconCircleFilled, IconClockFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { PresenceMark } from "../../message/PresenceMark";
import { current } from "../../message/reach";
import { useNow } from "../../shared/now";
import { browserZone } from "../../shared/time";
import { useMe } from "../data/queries";
import { endOf, SPANS } from "./until";
import { usePresence } from "./useReach";
import classes from "./you.module.css";

/** What has run out is seen so soon. */
const SOON_MS = 15_000;

/** «Доступен / Занят / Не беспокоить до …», one tap away on top of the app. */
export function PresenceMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const set = usePresence();
  const now = useNow(true, SOON_MS);
  if (!me?.employee || !me.reach) return null;
  const { presence, until, absence, absent } = current(me.reach, now);
  const check = <IconCheck size="1.1em" aria-hidden />;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.presence}>
          <span className="unseen">{t("presence.title")}: </span>
          <PresenceMark
            of={{ presence, presence_until: until, absent_until: absent ? (absence?.to ?? null) : null }}
          />
          <IconChevronDown size="1em" aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCircleFilled size="0.7em" color="var(--t-lives)" aria-hidden />}
          rightSection={presence === "available" && check}
          onClick={() => {
            set.mutate({ presence: "available", until: null });
          }}
        >
          {t("presence.available")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconClockFilled size="1em" color="var(--t-waits)" aria-hidden />}
          rightSection={presence === "busy" && check}
          onClick={() => {
            set.mutate({ presence: "busy", until: null });
          }}
        >
          {t("presence.busy")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("presence.do_not_disturb")}</Menu.Label>
        {SPANS.map((span) => (
          <Menu.Item
            key={span}
            leftSection={<IconBellOff size="1em" color="var(--t-waits)" aria-hidden />}
            onClick={() => {
              set.mutate({ presence: "do_not_disturb", until: endOf(span, new Date(), browserZone()) });
            }}
          >
            {t(`presence.span.${span}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
