import { Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Moment } from "../shared/Moment";
import { OutgoingMark } from "../shared/OutgoingMark";
import classes from "./desk.module.css";
import type { CallCard } from "./wire";

/** What the caller called about before, and was called about. */
export function Earlier({ call }: { call: CallCard }) {
  const { t } = useTranslation();
  return (
    <section>
      <Title order={3}>{t("desk.earlier")}</Title>
      {call.earlier.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("desk.earlierEmpty")}
        </Text>
      )}
      <ul className={classes.list}>
        {call.earlier.map((earlier) => (
          <li key={earlier.at} className={classes.item}>
            <Text size="sm" c="dimmed">
              <Moment at={earlier.at} />
              {earlier.result && ` · ${t(`result.${earlier.result}`)}`}
            </Text>
            {earlier.outgoing && <OutgoingMark />}
            {earlier.text && (
              <Text size="sm" className={classes.pre}>
                {earlier.text}
              </Text>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
