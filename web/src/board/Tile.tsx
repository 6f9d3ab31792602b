import { Text } from "@mantine/core";
import classes from "./board.module.css";

interface Props {
  name: string;
  value: string;
  /** How it is counted. */
  hint?: string;
  /** What it means, where it means something. */
  look?: "waits" | "lives" | "lost";
  /** Why it is to be looked at. */
  alarm?: string;
}

/** A figure that is read from across the room. */
export function Tile({ name, value, hint, look, alarm }: Props) {
  return (
    <div className={classes.tile} data-alarm={alarm ? true : undefined} title={hint}>
      <Text className={classes.value} {...(look && { c: `var(--t-${look})` })}>
        {value}
      </Text>
      <Text className={classes.name} c="dimmed">
        {name}
      </Text>
      {alarm && (
        <Text className={classes.name} fw={600} c="var(--t-lost)" role="alert">
          {alarm}
        </Text>
      )}
    </div>
  );
}
