import { Collapse, Group, Skeleton, Stack, UnstyledButton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { CallRow } from "../../api/types";
import { duration } from "../../shared/time";
import { Moment } from "../../shared/Moment";
import { usePhone } from "../../shared/phone";
import { OutgoingMark } from "../../shared/OutgoingMark";
import { CallBack } from "./CallBack";
import classes from "./calls.module.css";
import { ResultMark } from "./ResultMark";

const CallDetails = lazy(() => import("./CallDetails"));

interface Props {
  call: CallRow;
  opened: boolean;
  /** Second of the recording to begin at. */
  start?: number | undefined;
  /** A card, however wide the window is. */
  narrow?: boolean;
  onToggle: () => void;
}

/** A call in the list: a row, on a phone a card; it opens in place. */
export function CallItem({ call, opened, start, narrow = false, onToggle }: Props) {
  const { t } = useTranslation();
  const phone = usePhone() || narrow;
  const number = call.caller_phone_shown || t("calls.hidden");
  const id = `call-${call.id}`;
  return (
    <li className={classes.item} data-opened={opened || undefined} data-call={call.id}>
      <div className={classes.row} data-phone={phone || undefined}>
        <UnstyledButton className={classes.open} onClick={onToggle} aria-expanded={opened} aria-controls={id}>
          {phone ? <Card call={call} number={number} /> : <Wide call={call} number={number} />}
        </UnstyledButton>
        {call.result === "lost" && <CallBack call={call} />}
      </div>
      <Collapse expanded={opened} id={id} transitionDuration={150}>
        {opened && (
          <Suspense fallback={<Skeleton h={88} />}>
            <CallDetails id={call.id} start={start} />
          </Suspense>
        )}
      </Collapse>
    </li>
  );
}

function Wide({ call, number }: { call: CallRow; number: string }) {
  return (
    <span className={classes.wide}>
      <span className={classes.cell}>
        <Moment at={call.arrived_at} />
      </span>
      <span className={classes.number}>{number}</span>
      {call.outgoing ? (
        <Group component="span" gap="xs" wrap="nowrap">
          <OutgoingMark />
          <span className={classes.cell}>{call.caller_name}</span>
        </Group>
      ) : (
        <span className={classes.cell}>{call.caller_name || "—"}</span>
      )}
      <ResultMark call={call} />
      <span className={classes.cell}>{talked(call)}</span>
      <span className={classes.quiet}>{call.operator_name ?? ""}</span>
      <span className={classes.quiet}>{call.message?.text ?? ""}</span>
    </span>
  );
}

function Card({ call, number }: { call: CallRow; number: string }) {
  return (
    <Stack gap="xxs" component="span">
      <Group justify="space-between" component="span" wrap="nowrap">
        <span className={classes.number}>{call.caller_name || number}</span>
        <span className={classes.quiet}>
          <Moment at={call.arrived_at} />
        </span>
      </Group>
      <Group justify="space-between" component="span" wrap="nowrap">
        <ResultMark call={call} />
        <span>{talked(call)}</span>
      </Group>
      {call.outgoing && <OutgoingMark />}
      {call.caller_name && <span className={classes.quiet}>{number}</span>}
      {call.message && <span className={classes.quiet}>{call.message.text}</span>}
    </Stack>
  );
}

function talked(call: CallRow): string {
  return call.duration_ms ? duration(call.duration_ms) : "";
}
