import { IconBuildings, IconHeadset, IconHeartbeat } from "@tabler/icons-react";
import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSession } from "../session/session";
import { Shell } from "../shell/Shell";

/** The platform's frame: companies, those who answer for them, and how the server is. */
export default function Platform() {
  const { t } = useTranslation();
  const session = useSession();
  if (!session) return null;
  return (
    <Shell
      session={session}
      place="platform"
      title={t("places.platform")}
      sections={[
        { to: "/platform", label: t("platform.companies"), icon: IconBuildings },
        { to: "/platform/operators", label: t("platform.operators"), icon: IconHeadset },
        { to: "/platform/health", label: t("platform.health"), icon: IconHeartbeat },
      ]}
    >
      <Outlet />
    </Shell>
  );
}
