import { Divider } from "@mantine/core";
import type { LineView } from "../../api/types";
import { AccountSection } from "./AccountSection";
import { ForecastSection } from "./ForecastSection";
import { JournalSection } from "./JournalSection";
import { ScriptSection } from "./ScriptSection";
import { TraceSection } from "./trace/TraceSection";

/** What an unfolded line shows; fetched when the first one is unfolded. */
export default function LineSections({ line }: { line: LineView }) {
  return (
    <>
      <Divider />
      <ScriptSection line={line} />
      <Divider />
      <AccountSection line={line} />
      <Divider />
      <ForecastSection line={line.id} />
      <Divider />
      <JournalSection line={line.id} />
      <Divider />
      <TraceSection line={line.id} />
    </>
  );
}
