import { Stack } from "@mantine/core";
import type { Recipient } from "../api/types";
import CallerCard from "./CallerCard";
import { CompanyCard } from "./CompanyCard";
import { Earlier } from "./Earlier";
import { People } from "./People";
import type { CallCard } from "./wire";

interface Props {
  call: CallCard;
  /** It was answered here: what is known of the caller can be changed. */
  own: boolean;
  onChoose?: (recipient: Recipient) => void;
}

/** The right column in a call: the company, its people, and what the caller called about before. */
export default function CallAside({ call, own, onChoose }: Props) {
  const toColleague = call.errand?.of === "task";
  return (
    <Stack gap="md">
      {!toColleague && <CallerCard key={call.id} call={call} own={own} />}
      <CompanyCard call={call} />
      <People call={call} {...(onChoose && { onChoose })} />
      {!toColleague && <Earlier call={call} />}
    </Stack>
  );
}
