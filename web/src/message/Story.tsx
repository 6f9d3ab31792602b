import { Text } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Moment } from "../shared/Moment";
import { useTimes } from "../shared/zone";
import type { StoryRow } from "./contract";
import classes from "./message.module.css";
import { tell } from "./story";

/** A comment that was written and is not sent yet. */
export interface Unsent {
  id: string;
  at: string;
  text: string;
}

interface Props {
  rows: readonly StoryRow[];
  unsent?: readonly Unsent[];
  me?: string;
}

/** What happened to a message, in words; what people wrote beside it stands among it. */
export function Story({ rows, unsent = [], me = "" }: Props) {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <ol className={classes.story}>
      {tell(rows, t, times.moment).map((row) => (
        <li key={row.id} data-tone={row.tone}>
          {row.tone === "comment" ? (
            <Comment by={row.by ?? ""} text={row.more ?? ""}>
              <Moment at={row.at} />
            </Comment>
          ) : (
            <>
              <Text size="sm">
                {row.words}
                {row.by && (
                  <Text span size="sm" c="dimmed">
                    {` · ${row.by}`}
                  </Text>
                )}
              </Text>
              {row.more && (
                <Text size="sm" c="dimmed" className={classes.text}>
                  {row.more}
                </Text>
              )}
              <Text size="xs" c="dimmed">
                <Moment at={row.at} />
              </Text>
            </>
          )}
        </li>
      ))}
      {unsent.map(({ id, at, text }) => (
        <li key={id} data-tone="comment">
          <Comment by={me} text={text}>
            <Moment at={at} />
            <Pending />
          </Comment>
        </li>
      ))}
    </ol>
  );
}

function Comment({ by, text, children }: { by: string; text: string; children: React.ReactNode }) {
  return (
    <div className={classes.comment}>
      <Text size="sm" fw={600}>
        {by}
      </Text>
      <Text size="sm" className={classes.text}>
        {text}
      </Text>
      <Text size="xs" c="dimmed" component="div" className={classes.when}>
        {children}
      </Text>
    </div>
  );
}

/** «Будет отправлено»: it is noted here, and the server does not know it yet. */
export function Pending() {
  const { t } = useTranslation();
  return (
    <span className={classes.pending}>
      <IconClock size="1.1em" aria-hidden />
      {t("app.pending")}
    </span>
  );
}
