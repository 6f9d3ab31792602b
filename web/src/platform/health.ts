import type { PlatformHealth } from "../api/types";

/** How something stands: well, to be looked at, broken, or merely told. */
export type Tone = "good" | "waits" | "bad" | "quiet";

/** A line of the page «Состояние»: its sentence with the number in it, and how it stands. */
export interface Check {
  says:
    | "databaseGood"
    | "databaseBad"
    | "recordingsGood"
    | "recordingsBad"
    | "mailGood"
    | "mailBad"
    | "mailOff"
    | "linesGood"
    | "linesBad"
    | "linesNone"
    | "deliveriesGood"
    | "deliveriesWait"
    | "deliveriesBad"
    | "operatorsSome"
    | "operatorsNone"
    | "callsSome"
    | "callsNone";
  tone: Tone;
  count: number;
}

/** What the figures mean. */
export function checksOf(health: PlatformHealth): Check[] {
  const check = (tone: Tone, says: Check["says"], count = 0): Check => ({ says, tone, count });
  const { lines_registered: registered, lines_failing: failing } = health;
  const { deliveries_waiting: waiting, deliveries_failed: failed } = health;
  const { operators_signed_in: operators, running_calls: calls } = health;
  const checks = [
    health.database ? check("good", "databaseGood") : check("bad", "databaseBad"),
    health.recordings ? check("good", "recordingsGood") : check("bad", "recordingsBad"),
  ];
  if (health.mail === true) checks.push(check("good", "mailGood"));
  else if (health.mail === false) checks.push(check("bad", "mailBad"));
  else checks.push(check("waits", "mailOff"));

  if (failing > 0) checks.push(check("bad", "linesBad", failing));
  if (registered > 0) checks.push(check("good", "linesGood", registered));
  if (failing + registered === 0) checks.push(check("quiet", "linesNone"));

  if (failed > 0) checks.push(check("bad", "deliveriesBad", failed));
  if (waiting > 0) checks.push(check("waits", "deliveriesWait", waiting));
  if (failed + waiting === 0) checks.push(check("good", "deliveriesGood"));

  checks.push(operators > 0 ? check("good", "operatorsSome", operators) : check("waits", "operatorsNone"));
  checks.push(calls > 0 ? check("quiet", "callsSome", calls) : check("quiet", "callsNone"));
  return checks;
}
