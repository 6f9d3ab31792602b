import {
  IconCircleCheckFilled,
  IconCoffee,
  IconPencil,
  IconPhoneCall,
  IconPhoneIncoming,
  IconPower,
  IconSoup,
} from "@tabler/icons-react";
import type { OperatorState } from "./wire";

/** How an operator's state looks: a shape beside the word, and a colour with it. */
export const looks: Record<OperatorState, { icon: typeof IconPower; color: string }> = {
  offline: { icon: IconPower, color: "var(--t-quiet)" },
  ready: { icon: IconCircleCheckFilled, color: "var(--t-lives)" },
  offered: { icon: IconPhoneIncoming, color: "var(--t-waits)" },
  on_call: { icon: IconPhoneCall, color: "var(--t-accent)" },
  wrap_up: { icon: IconPencil, color: "var(--t-waits)" },
  break: { icon: IconCoffee, color: "var(--t-quiet)" },
  lunch: { icon: IconSoup, color: "var(--t-quiet)" },
};
