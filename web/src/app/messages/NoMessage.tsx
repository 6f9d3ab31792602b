import { IconInbox } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Empty } from "../../shared/Empty";
import classes from "./messages.module.css";

/** Where a message will stand. */
export default function NoMessage() {
  const { t } = useTranslation();
  return (
    <div className={classes.none}>
      <Empty icon={<IconInbox />} title={t("app.choose")} hint={t("app.chooseHint")} />
    </div>
  );
}
