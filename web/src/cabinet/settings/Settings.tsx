import { Stack, Tabs, Title } from "@mantine/core";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTitle } from "../../shared/title";
import { tabs } from "../sections";
import classes from "./settings.module.css";

/** «Настройки»: four tabs, each a page of its own. */
export default function Settings() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const current = tabs.find((tab) => pathname.endsWith(`/${tab}`)) ?? "company";
  useTitle(t(`nav.${current}`));
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
            <Tabs.Tab key={tab} value={tab}>
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
