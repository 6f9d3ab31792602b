import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { size } from "../../../theme";
import type { WebhookView } from "./kinds";
import { Panel } from "./Panel";
import { SecretWindow } from "./SecretWindow";
import { WebhookCard } from "./WebhookCard";
import { WebhookWindow } from "./WebhookWindow";

/** Receivers that a company may have; the server says the same. */
const WEBHOOKS_MAX = 10;

/** «Вебхуки»: where the company's events are posted to. */
export function WebhooksPanel({ webhooks }: { webhooks: readonly WebhookView[] }) {
  const { t } = useTranslation();
  const [adding, add] = useDisclosure(false);
  const [secret, setSecret] = useState<string | null>(null);
  const button = (
    <Button
      leftSection={<IconPlus size={size.icon} stroke={size.iconStroke} />}
      disabled={webhooks.length >= WEBHOOKS_MAX}
      onClick={add.open}
    >
      {t("webhooks.add")}
    </Button>
  );
  return (
    <Panel
      id="webhooks"
      title={t("webhooks.title")}
      lead={t("webhooks.lead")}
      add={button}
      none={
        webhooks.length === 0
          ? { icon: <IconWebhook />, title: t("webhooks.none"), hint: t("webhooks.noneHint") }
          : null
      }
    >
      {webhooks.map((webhook) => (
        <WebhookCard key={webhook.id} webhook={webhook} onSecret={setSecret} />
      ))}
      <WebhookWindow opened={adding} onClose={add.close} onSecret={setSecret} />
      <SecretWindow
        title={t("webhooks.secretTitle")}
        hint={t("webhooks.secretHint")}
        secret={secret}
        onClose={() => {
          setSecret(null);
        }}
      />
    </Panel>
  );
}
