import { IconCircleCheckFilled, IconCircleDashed, IconCircleXFilled, IconLoader2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { LineView } from "../../api/types";
import classes from "./lines.module.css";

const looks = {
  not_configured: { icon: IconCircleDashed, tone: classes.quiet },
  connecting: { icon: IconLoader2, tone: classes.waits },
  registered: { icon: IconCircleCheckFilled, tone: classes.good },
  failed: { icon: IconCircleXFilled, tone: classes.bad },
} as const;

/** How the connection to the PBX stands: a shape and words. */
export function ConnectionMark({ connection }: { connection: LineView["connection"] }) {
  const { t } = useTranslation();
  const { icon: Icon, tone } = looks[connection.state];
  return (
    <span className={`${classes.state ?? ""} ${tone ?? ""}`} data-connection={connection.state}>
      <Icon size="1.1em" aria-hidden />
      {t(`lines.state.${connection.state}`)}
    </span>
  );
}
