import { useMediaQuery } from "@mantine/hooks";
import { Outlet, useParams } from "@tanstack/react-router";
import classes from "./messages.module.css";
import { MessageList } from "./MessageList";

/** Wide enough for the list and a message beside each other. */
const WIDE = "(min-width: 62em)";

/** «Сообщения»: the list, or a message; both beside each other where there is room. */
export default function Inbox() {
  const wide = useMediaQuery(WIDE, false, { getInitialValueInEffect: false });
  const { id } = useParams({ strict: false });
  if (!wide) return id ? <Outlet /> : <MessageList />;
  return (
    <div className={classes.both}>
      <div className={classes.side}>
        <MessageList chosen={id} />
      </div>
      <div className={classes.main}>
        <Outlet />
      </div>
    </div>
  );
}
