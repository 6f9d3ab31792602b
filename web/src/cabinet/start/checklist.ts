import type { LinkProps } from "@tanstack/react-router";
import type { ChecklistStep } from "../../api/types";

type Name = ChecklistStep["step"];

/** How far it is: the step to do now (none when all are done), and how many are done. */
export function progressOf(steps: readonly ChecklistStep[]) {
  return {
    next: steps.find((step) => !step.done),
    done: steps.filter((step) => step.done).length,
    all: steps.length,
  };
}

/** The page where a step is done; the steps on lines unfold the line that they are about. */
export function wayTo(step: Name, line: string | null): LinkProps {
  switch (step) {
    case "company":
    case "hours":
    case "departments":
    case "employees":
      return { to: `/cabinet/settings/${step}` };
    case "line":
      return { to: "/cabinet/lines" };
    case "script":
    case "account":
    case "test_call":
    case "connect":
      return { to: "/cabinet/lines", search: line ? { open: line } : {} };
  }
}
