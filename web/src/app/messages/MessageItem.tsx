import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Message } from "../../message/contract";
import { StateMark, UrgentMark } from "../../message/StateMark";
import { Pending } from "../../message/Story";
import { Moment } from "../../shared/Moment";
import { useTimes } from "../../shared/zone";
import classes from "./messages.module.css";

interface Props {
  message: Message;
  chosen: boolean;
  /** Something done with it is not sent yet. */
  pending: boolean;
}

/** A message in the list. */
export function MessageItem({ message, chosen, pending }: Props) {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <li>
      <Link
        to="/app/messages/$id"
        params={{ id: message.id }}
        search={(before) => ({ ...before, accept: undefined }) as never}
        className={classes.item}
        data-unread={message.unread || undefined}
        data-message={message.id}
        aria-current={chosen ? "true" : undefined}
      >
        <span className={classes.head}>
          {message.unread && (
            <span className={classes.dot}>
              <span className="unseen">{t("app.unreadMark")} </span>
            </span>
          )}
          <span className={classes.name}>
            {message.caller_name || message.caller_phone_shown || t("calls.hidden")}
          </span>
          <span className={classes.time} title={times.exactly(message.created_at)}>
            <Moment at={message.created_at} />
          </span>
        </span>
        <span className={classes.words}>{message.text || t("messages.voice")}</span>
        <span className={classes.foot}>
          {message.urgent && <UrgentMark />}
          <StateMark message={message} />
          {pending && <Pending />}
          {!pending && message.state === "open" && (
            <span className={classes.to}>{message.recipient_name}</span>
          )}
        </span>
      </Link>
    </li>
  );
}
