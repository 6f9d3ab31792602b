import { IconHome, IconPhoneCall, IconSettings } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import type { Section } from "../shell/Navigation";

/** The tabs of «Настройки». */
export const tabs = ["company", "hours", "departments", "employees", "notices", "contacts", "integrations"] as const;

/** The cabinet's pages; an employee has «Главная» alone. */
export function sectionsOf(admin: boolean, t: TFunction): Section[] {
  const home: Section = { to: "/cabinet", label: t("nav.home"), icon: IconHome };
  if (!admin) return [home];
  return [
    home,
    { to: "/cabinet/lines", label: t("nav.lines"), short: t("nav.linesShort"), icon: IconPhoneCall },
    {
      to: "/cabinet/settings",
      label: t("nav.settings"),
      icon: IconSettings,
      pages: tabs.map((tab) => ({ to: `/cabinet/settings/${tab}` as const, label: t(`nav.${tab}`) })),
    },
  ];
}
