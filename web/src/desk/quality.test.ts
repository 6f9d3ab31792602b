import { expect, test } from "vitest";
import { qualityOf, sampleOf, type Sample } from "./quality";

const calm: Sample = { received: 100, lost: 0, lossOut: 0, jitterMs: 5, roundTripMs: 30, tcp: false };
const later = (change: Partial<Sample>): Sample => ({ ...calm, received: 200, ...change });

test("a connection on which nothing is lost is good", () => {
  expect(qualityOf(calm, later({}))).toEqual({ level: "good", trouble: null, loss: 0, tcp: false });
});

test("loss is told by its direction, and the worst trouble first", () => {
  expect(qualityOf(calm, later({ lost: 4, received: 196 }))).toMatchObject({ level: "weak", trouble: "lossIn", loss: 4 });
  expect(qualityOf(calm, later({ lossOut: 12, jitterMs: 50 }))).toMatchObject({ level: "bad", trouble: "lossOut", loss: 12 });
  expect(qualityOf(calm, later({ roundTripMs: 700, lossOut: 3 }))).toMatchObject({ level: "bad", trouble: "delay", loss: 0 });
});

test("a handful of packets is no measure, and counters that begin anew are none", () => {
  expect(qualityOf(calm, later({ received: 105, lost: 5 })).level).toBe("good");
  expect(qualityOf({ ...calm, received: 9000, lost: 40 }, later({})).level).toBe("good");
});

test("what the browser reports is read, whatever else stands in it", () => {
  const report = new Map<string, unknown>([
    ["a", { type: "inbound-rtp", kind: "audio", packetsReceived: 10, packetsLost: 1, jitter: 0.012 }],
    ["b", { type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.05 }],
    ["t", { type: "transport", selectedCandidatePairId: "p" }],
    ["p", { id: "p", type: "candidate-pair", localCandidateId: "l", currentRoundTripTime: 0.04 }],
    ["l", { id: "l", type: "local-candidate", protocol: "tcp" }],
  ]);
  expect(sampleOf(report)).toEqual({ received: 10, lost: 1, lossOut: 5, jitterMs: 12, roundTripMs: 40, tcp: true });
  expect(sampleOf(new Map())).toBeNull();
});
