import { useTimes } from "./zone";

/** A time as people say it; the exact one on hover. */
export function Moment({ at }: { at: string }) {
  const times = useTimes();
  return (
    <time dateTime={at} title={times.exactly(at)}>
      {times.moment(at)}
    </time>
  );
}
