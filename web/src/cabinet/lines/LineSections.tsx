import { Divider } from "@mantine/core";
import { useState } from "react";
import type { LineView } from "../../api/types";
import { AccountSection } from "./AccountSection";
import { DoctorSection } from "./doctor/DoctorSection";
import type { Mend } from "./doctor/report";
import { ForecastSection } from "./ForecastSection";
import { JournalSection } from "./JournalSection";
import { ScriptSection } from "./ScriptSection";
import { TraceSection } from "./trace/TraceSection";

/** What an unfolded line shows; fetched when the first one is unfolded. */
export default function LineSections({ line }: { line: LineView }) {
  // A field that is to be mended; a new object each time, so that it is gone to again.
  const [mend, setMend] = useState<{ field: Mend } | null>(null);
  return (
    <>
      <Divider />
      <ScriptSection line={line} />
      <Divider />
      <AccountSection line={line} mend={mend} />
      <Divider />
      <DoctorSection
        line={line}
        onMend={(field) => {
          setMend({ field });
        }}
      />
      <Divider />
      <ForecastSection line={line.id} />
      <Divider />
      <JournalSection line={line.id} />
      <Divider />
      <TraceSection line={line.id} />
    </>
  );
}
