/** What is wrong with the connection, where something is. */
export type Trouble = "lossIn" | "lossOut" | "delay" | "jitter";

export interface Quality {
  level: "good" | "weak" | "bad";
  trouble: Trouble | null;
  /** How much of the sound is missing, in per cent, where that is the trouble. */
  loss: number;
  /** It goes by TCP: the network lets no UDP through. */
  tcp: boolean;
}

/** The connection's counters at a moment, out of what the browser measures. */
export interface Sample {
  received: number;
  lost: number;
  /** Of what was sent to the server, as it reports. */
  lossOut: number;
  jitterMs: number;
  roundTripMs: number | null;
  tcp: boolean;
}

/** From where on it is weak, and from where on bad. */
const LOSS = [2, 6] as const;
const DELAY_MS = [300, 600] as const;
const JITTER_MS = [40, 80] as const;
/** Fewer packets between two samples tell nothing. */
const FEW = 20;

/** Reads the counters of a connection; none before there is sound. */
export function sampleOf(report: Iterable<readonly [string, unknown]>): Sample | null {
  const all = [...report].map(([, stats]) => stats as Record<string, unknown>);
  const number = (value: unknown) => (typeof value === "number" ? value : 0);
  const inbound = all.find(({ type, kind }) => type === "inbound-rtp" && kind === "audio");
  if (!inbound) return null;
  const remote = all.find(({ type, kind }) => type === "remote-inbound-rtp" && kind === "audio");
  const transport = all.find(({ type }) => type === "transport");
  const pair = all.find(({ id, type }) => type === "candidate-pair" && id === transport?.selectedCandidatePairId);
  const own = all.find(({ id }) => id === pair?.localCandidateId);
  const trip = pair?.currentRoundTripTime;
  return {
    received: number(inbound.packetsReceived),
    lost: number(inbound.packetsLost),
    lossOut: 100 * number(remote?.fractionLost),
    jitterMs: 1000 * number(inbound.jitter),
    roundTripMs: typeof trip === "number" ? 1000 * trip : null,
    tcp: own?.protocol === "tcp",
  };
}

/** How the connection fared between two samples. */
export function qualityOf(before: Sample, now: Sample): Quality {
  const lost = Math.max(0, now.lost - before.lost);
  const all = lost + Math.max(0, now.received - before.received);
  const lossIn = all < FEW ? 0 : (100 * lost) / all;
  const found: [Trouble, number, readonly [number, number]][] = [
    ["lossOut", now.lossOut, LOSS],
    ["lossIn", lossIn, LOSS],
    ["delay", now.roundTripMs ?? 0, DELAY_MS],
    ["jitter", now.jitterMs, JITTER_MS],
  ];
  const grade = (value: number, [weak, bad]: readonly [number, number]) => (value >= bad ? 2 : value >= weak ? 1 : 0);
  const worst = found.reduce((a, b) => (grade(b[1], b[2]) > grade(a[1], a[2]) ? b : a));
  const [trouble, value, marks] = worst;
  const level = (["good", "weak", "bad"] as const)[grade(value, marks)];
  const loss = trouble === "lossIn" || trouble === "lossOut" ? Math.round(value) : 0;
  return { level, trouble: level === "good" ? null : trouble, loss, tcp: now.tcp };
}
