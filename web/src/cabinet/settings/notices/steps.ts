import type { Policy, Step, Target } from "../../../message/contract";

/** The longest that a step waits for the former one: a day. */
export const AFTER_MAX = 24 * 60;
/** The least minutes from one repetition of the last step to the next; the server keeps to it. */
export const REPEAT_MIN = 15;
/** Steps that a policy may have. */
export const STEPS_MAX = 20;
/** After so long a message that nobody took on is told to the next ones. */
export const AFTER_FIRST = 15;

/** A target as one word, for lists to choose from. */
export function toKey(target: Target): string {
  switch (target.kind) {
    case "employee":
      return `employee:${target.employee}`;
    case "operator_call":
      return "operator_call";
    default:
      return `${target.kind}:${target.department}`;
  }
}

/** The target of a word that {@link toKey} made. */
export function fromKey(key: string): Target | null {
  const [kind, id] = key.split(":");
  switch (kind) {
    case "operator_call":
      return { kind };
    case "employee":
      return id ? { kind, employee: id } : null;
    case "department":
    case "on_duty":
      return id ? { kind, department: id } : null;
    default:
      return null;
  }
}

/** One step more, which tells whom it can: those on duty, else operators call. */
export function withStep(policy: Policy, to: Target): Policy {
  return { ...policy, steps: [...policy.steps, { after_minutes: AFTER_FIRST, to }] };
}

/** The policy with one of its steps changed. */
export function changed(policy: Policy, at: number, change: Partial<Step>): Policy {
  return { ...policy, steps: policy.steps.map((step, i) => (i === at ? { ...step, ...change } : step)) };
}

/** The policy without one of its steps. */
export function without(policy: Policy, at: number): Policy {
  return { ...policy, steps: policy.steps.filter((_, i) => i !== at) };
}

/** The policy with a step one place up or down; the waits stay where they are. */
export function moved(policy: Policy, at: number, by: -1 | 1): Policy {
  const other = at + by;
  const a = policy.steps[at];
  const b = policy.steps[other];
  if (!a || !b) return policy;
  const steps = [...policy.steps];
  steps[at] = { ...a, to: b.to };
  steps[other] = { ...b, to: a.to };
  return { ...policy, steps };
}

/** Minutes since the message at which each step begins. */
export function beginnings(policy: Policy): number[] {
  let sum = 0;
  return policy.steps.map(({ after_minutes: after }) => (sum += after));
}

/** Which steps can't be saved: a wait that is none, or too long. */
export function wrong(policy: Policy): number[] {
  return policy.steps.flatMap(({ after_minutes: after }, i) =>
    Number.isInteger(after) && after >= 1 && after <= AFTER_MAX ? [] : [i],
  );
}
