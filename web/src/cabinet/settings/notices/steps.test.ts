import { describe, expect, it } from "vitest";
import type { Policy, Target } from "../../../message/contract";
import { beginnings, changed, fromKey, moved, toKey, withStep, without, wrong } from "./steps";

const anna: Target = { kind: "employee", employee: "anna" };
const sales: Target = { kind: "on_duty", department: "sales" };
const call: Target = { kind: "operator_call" };
const policy: Policy = {
  only_urgent: false,
  steps: [
    { after_minutes: 15, to: sales },
    { after_minutes: 30, to: anna },
    { after_minutes: 10, to: call },
  ],
};
const targets = ({ steps }: Policy) => steps.map(({ to }) => toKey(to));

describe("«Порядок оповещения»", () => {
  it("names each target by a word that leads back to it", () => {
    for (const target of [anna, sales, call, { kind: "department", department: "d" } as const]) {
      expect(fromKey(toKey(target))).toEqual(target);
    }
    expect(fromKey("employee")).toBeNull();
    expect(fromKey("nobody:1")).toBeNull();
  });

  it("counts when each step begins from the message on", () => {
    expect(beginnings(policy)).toEqual([15, 45, 55]);
  });

  it("adds, changes and takes steps away", () => {
    expect(withStep(policy, anna).steps.at(-1)).toEqual({ after_minutes: 15, to: anna });
    expect(changed(policy, 1, { after_minutes: 5 }).steps[1]).toEqual({ after_minutes: 5, to: anna });
    expect(targets(without(policy, 0))).toEqual(["employee:anna", "operator_call"]);
    expect(policy.steps).toHaveLength(3);
  });

  it("moves people up and down, the waits staying where they are", () => {
    const up = moved(policy, 1, -1);
    expect(targets(up)).toEqual(["employee:anna", "on_duty:sales", "operator_call"]);
    expect(up.steps.map(({ after_minutes: after }) => after)).toEqual([15, 30, 10]);
    expect(moved(policy, 0, -1)).toBe(policy);
    expect(moved(policy, 2, 1)).toBe(policy);
  });

  it("says which waits can't be", () => {
    const bad = (after: number) => changed(policy, 1, { after_minutes: after });
    for (const after of [0, -1, 1441, 1.5, NaN]) expect(wrong(bad(after)), String(after)).toEqual([1]);
    expect(wrong(policy)).toEqual([]);
  });
});
