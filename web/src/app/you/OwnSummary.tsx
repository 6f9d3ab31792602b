import { useMe } from "../data/queries";
import { SummaryCard } from "./SummaryCard";

/** «Сводка» on the profile, once it is known how it stands. */
export default function OwnSummary() {
  const me = useMe();
  return me ? <SummaryCard summary={me.summary} /> : null;
}
