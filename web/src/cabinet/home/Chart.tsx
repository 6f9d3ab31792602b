import { Group, Text, VisuallyHidden } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Totals } from "../../api/types";
import classes from "./Chart.module.css";
import { rounded, stacked } from "./chart";

interface Props {
  title: string;
  /** What the bars are: the head of the table's first column. */
  column: string;
  bars: { name: string; totals: Totals }[];
}

/** Bars of calls, answered and lost apart; for those who listen, the same as a table. */
export function Chart({ title, column, bars }: Props) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const top = rounded(Math.max(1, ...bars.map(({ totals }) => totals.calls)));
  // About a dozen names find room under the bars.
  const every = Math.ceil(bars.length / 12);
  const kinds = [
    { name: t("figures.answered"), look: classes.answered },
    { name: t("figures.lost"), look: classes.lost },
    { name: t("figures.other"), look: classes.other },
  ];
  return (
    <figure className={classes.figure} aria-labelledby={id}>
      <Group justify="space-between" gap="xs" component="figcaption">
        <Text size="sm" fw={600} id={id}>
          {title}
        </Text>
        <Group gap="sm" aria-hidden>
          {kinds.map(({ name, look }) => (
            <Group key={name} gap="xxs">
              <span className={`${classes.key ?? ""} ${look ?? ""}`} />
              <Text size="xs" c="dimmed">
                {name}
              </Text>
            </Group>
          ))}
        </Group>
      </Group>
      <div className={classes.plot} aria-hidden>
        <Text size="xs" c="dimmed" className={classes.top}>
          {new Intl.NumberFormat(i18n.language).format(top)}
        </Text>
        {bars.map(({ name, totals }, index) => {
          const { answered, lost, other } = stacked(totals, top);
          return (
            <div
              key={index}
              className={classes.slot}
              title={`${name}: ${String(totals.calls)} ${t("figures.calls")}, ${String(totals.answered)} ${t("figures.answered")}, ${String(totals.lost)} ${t("figures.lost")}`}
            >
              <div className={classes.bar}>
                <span className={classes.other} style={{ height: other }} />
                <span className={classes.lost} style={{ height: lost }} />
                <span className={classes.answered} style={{ height: answered }} />
              </div>
              <span className={classes.name}>{index % every === 0 ? name : ""}</span>
            </div>
          );
        })}
      </div>
      <VisuallyHidden>
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">{column}</th>
              <th scope="col">{t("figures.calls")}</th>
              <th scope="col">{t("figures.answered")}</th>
              <th scope="col">{t("figures.lost")}</th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ name, totals }, index) => (
              <tr key={index}>
                <th scope="row">{name}</th>
                <td>{totals.calls}</td>
                <td>{totals.answered}</td>
                <td>{totals.lost}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </figure>
  );
}
