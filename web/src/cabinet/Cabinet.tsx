import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useLiveEvents } from "../api/events";
import { useAdmin, useSession } from "../session/session";
import { Shell } from "../shell/Shell";
import { Zone } from "../shared/zone";
import { HoursNow } from "./HoursNow";
import { sectionsOf } from "./sections";

/** The cabinet: «Главная» for everybody of the company, the rest for its administrator. */
export default function Cabinet() {
  const { t } = useTranslation();
  const session = useSession();
  const admin = useAdmin();
  const { data: hours } = api.useQuery("get", "/api/working-hours", {}, { enabled: admin });
  useLiveEvents();
  if (!session) return null;

  return (
    <Zone value={hours?.hours.zone ?? null}>
      <Shell
        session={session}
        place="cabinet"
        title={t("places.cabinet")}
        owner={session.company?.name}
        status={<HoursNow view={hours} />}
        sections={sectionsOf(admin, t)}
      >
        <Outlet />
      </Shell>
    </Zone>
  );
}
