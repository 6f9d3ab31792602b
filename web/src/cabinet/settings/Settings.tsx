import { Stack, Tabs, Title } from "@mantine/core";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useTitle } from "../../shared/title";
import { tabs } from "../sections";
import classes from "./settings.module.css";

/** «Настройки»: tabs, each a page of its own. */
export default function Settings() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const current = tabs.find((tab) => pathname.endsWith(`/${tab}`)) ?? "company";
  useTitle(t(`nav.${current}`));
  const chosen = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // On a phone not all of them are in sight.
    chosen.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [current]);
  return (
    <Stack>
      <Title order={1}>{t("settings.title")}</Title>
      <Tabs
        value={current}
        onChange={(tab) => {
          void navigate({ to: `/cabinet/settings/${tab as (typeof tabs)[number]}` });
        }}
        activateTabWithKeyboard={false}
      >
        <Tabs.List className={classes.tabs}>
          {tabs.map((tab) => (
            <Tabs.Tab key={tab} value={tab} {...(tab === current && { ref: chosen })}>
              {t(`nav.${tab}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={current} pt="md">
          <Outlet />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
