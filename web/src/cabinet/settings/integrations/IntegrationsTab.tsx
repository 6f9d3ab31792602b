import { Anchor, Stack, Text } from "@mantine/core";
import { IconBook2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api } from "../../../api/client";
import { useTitle } from "../../../shared/title";
import { size } from "../../../theme";
import { TabSkeleton } from "../Tab";
import classes from "./integrations.module.css";
import { KeysPanel } from "./KeysPanel";
import { WebhooksPanel } from "./WebhooksPanel";

/** «Интеграции»: the company's own programs, told of events and let in by keys. */
export default function IntegrationsTab() {
  const { t } = useTranslation();
  const webhooks = api.useQuery("get", "/api/webhooks", {}, { refetchInterval: 15_000 });
  const keys = api.useQuery("get", "/api/keys");
  useTitle(t("nav.integrations"));
  if (!webhooks.data || !keys.data) {
    return (
      <TabSkeleton
        error={webhooks.error ?? keys.error}
        onRetry={() => {
          void webhooks.refetch();
          void keys.refetch();
        }}
      />
    );
  }
  return (
    <Stack gap="xl">
      <Text size="sm">
        <IconBook2 size={size.icon} stroke={size.iconStroke} className={classes.book} aria-hidden />{" "}
        {t("integrations.docsLead")}{" "}
        <Anchor href="/api/docs" target="_blank" underline="always">
          {t("integrations.docs")}
        </Anchor>
      </Text>
      <WebhooksPanel webhooks={webhooks.data.items} />
      <KeysPanel keys={keys.data.items} max={keys.data.max} />
    </Stack>
  );
}
