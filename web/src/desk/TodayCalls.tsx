import { ActionIcon, Group, Skeleton, Text, Title } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { Failure } from "../shared/Failure";
import { OutgoingMark } from "../shared/OutgoingMark";
import { duration } from "../shared/time";
import { useTimes } from "../shared/zone";
import classes from "./desk.module.css";
import { mayCall, type Desk } from "./machine";
import type { Commands } from "./useDesk";

/** The operator's own calls of today; who was cut off can be called back. */
export function TodayCalls({ desk, commands }: { desk: Desk; commands: Commands }) {
  const { t } = useTranslation();
  const times = useTimes();
  const { data, error } = api.useQuery("get", "/api/desk/calls/today");
  return (
    <section aria-label={t("desk.today")} className={classes.late}>
      <Title order={3} mb="xs">
        {t("desk.today")}
      </Title>
      {error && <Failure error={error} />}
      {!data && !error && <Skeleton h={60} />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("desk.todayEmpty")}
        </Text>
      )}
      <ul className={classes.list}>
        {data?.items.map((call) => (
          <li key={call.id} className={`${classes.item ?? ""} ${classes.own ?? ""}`}>
            <div>
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" fw={500} className={classes.clip}>
                  {call.caller_name || call.caller_phone_shown || t("calls.hidden")}
                </Text>
                <Text size="sm" c="dimmed" component="time" dateTime={call.arrived_at}>
                  {times.clock(call.arrived_at)}
                </Text>
              </Group>
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" c="dimmed" className={classes.clip}>
                  {[call.company_name, call.result && t(`result.${call.result}`)].filter(Boolean).join(" · ")}
                </Text>
                <Text size="sm" c="dimmed">
                  {duration(call.duration_ms)}
                </Text>
              </Group>
              {call.outgoing && <OutgoingMark />}
            </div>
            {!call.outgoing && call.caller_phone && (
              <ActionIcon
                variant="subtle"
                disabled={!mayCall(desk) && desk.asked === null}
                loading={desk.asked === call.id}
                title={t("desk.lost.call")}
                aria-label={`${t("desk.lost.call")}: ${call.caller_name || call.caller_phone_shown}`}
                onClick={() => {
                  if (mayCall(desk)) commands.callBack(call.id);
                }}
              >
                <IconPhoneOutgoing size="1.1em" />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
