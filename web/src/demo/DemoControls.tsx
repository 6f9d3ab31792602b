import { Anchor, Button, Group, Select, Text } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import classes from "./demo.module.css";
import { callerName } from "./callers";
import type { Demo } from "./demo";

/** How long it is told that a call is on its way. */
const TOLD_MS = 10_000;

/** What the demonstration's bar holds: a caller calls at the press of a button. */
export default function DemoControls({ demo }: { demo: Demo }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const call = api.useMutation("post", "/api/demo/call", {
    onSuccess: () => {
      setTimeout(() => {
        call.reset();
      }, TOLD_MS);
    },
  });
  const caller = chosen ?? demo.callers[0] ?? null;
  const words = !demo.pbx.running
    ? t("demo.pbxStopped")
    : call.error
      ? t("demo.failed")
      : call.isSuccess
        ? t("demo.calling")
        : "";
  return (
    <Group
      component="aside"
      className={classes.bar}
      data-demo-bar
      px="md"
      gap="sm"
      wrap="nowrap"
      aria-label={t("demo.bar")}
    >
      <Text size="sm" fw={600} visibleFrom="md">
        {t("demo.bar")}
      </Text>
      <Select
        size="xs"
        aria-label={t("demo.caller")}
        data={demo.callers.map((value) => ({ value, label: callerName(value, t) }))}
        value={caller}
        onChange={setChosen}
        allowDeselect={false}
        w={170}
      />
      <Button
        size="xs"
        color="amber"
        leftSection={<IconPhoneOutgoing size="1.2em" />}
        loading={call.isPending}
        disabled={!caller || !demo.pbx.running}
        onClick={() => {
          if (caller) call.mutate({ body: { caller } });
        }}
      >
        {t("demo.call")}
      </Button>
      <Text size="xs" truncate flex={1} role="status" visibleFrom="sm">
        {words}
      </Text>
      <Group gap="sm" wrap="nowrap" ml="auto">
        <Anchor href="/api/demo/enter?as=admin" size="sm" visibleFrom="xs">
          {t("demo.asAdmin")}
        </Anchor>
        <Anchor href="/api/demo/enter?as=operator" size="sm" visibleFrom="xs">
          {t("demo.asOperator")}
        </Anchor>
        <Anchor size="sm" renderRoot={(props) => <Link to="/demo" {...props} />}>
          {t("demo.mails")}
        </Anchor>
      </Group>
    </Group>
  );
}
