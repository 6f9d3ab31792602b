import { Alert, Badge, Button, Collapse, Group, Paper, Stack, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconCircleCheck, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../../api/client";
import { reason } from "../../../message/reason";
import { Failure } from "../../../shared/Failure";
import { Moment } from "../../../shared/Moment";
import { size } from "../../../theme";
import { Attempts } from "./Attempts";
import classes from "./integrations.module.css";
import { KINDS, word, type WebhookView } from "./kinds";
import { WebhookMenu } from "./WebhookMenu";

interface Props {
  webhook: WebhookView;
  onSecret: (secret: string) => void;
}

/** One receiver: how it does, and what was tried. */
export function WebhookCard({ webhook, onSecret }: Props) {
  const { t } = useTranslation();
  const [opened, tried] = useDisclosure(false);
  const path = { params: { path: { id: webhook.id } } };
  const change = api.useMutation("put", "/api/webhooks/{id}", {
    onSettled: () => refresh("/api/webhooks"),
  });
  const test = api.useMutation("post", "/api/webhooks/{id}/test", {
    onSettled: () => refresh("/api/webhooks/{id}/attempts"),
  });
  const all = webhook.kinds.length === KINDS.length;
  const icon = { size: size.icon, stroke: size.iconStroke };
  return (
    <Paper withBorder p="md" component="article" aria-label={webhook.url}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div className={classes.named}>
            <Text fw={600} className={classes.url}>
              {webhook.url}
            </Text>
            <Group gap={6} mt={6}>
              {all ? (
                <Badge variant="light">{t("webhooks.all")}</Badge>
              ) : (
                webhook.kinds.map((kind) => (
                  <Badge key={kind} variant="light">
                    {t(`webhooks.kind.${word(kind)}`)}
                  </Badge>
                ))
              )}
            </Group>
          </div>
          <Group gap="xs" wrap="nowrap" flex="none">
            <Switch
              checked={webhook.enabled}
              aria-label={t("webhooks.enabled", { url: webhook.url })}
              onChange={(event) => {
                const { url, kinds, version } = webhook;
                change.mutate({
                  ...path,
                  body: { url, kinds, version, enabled: event.currentTarget.checked },
                });
              }}
            />
            <WebhookMenu webhook={webhook} onSecret={onSecret} />
          </Group>
        </Group>
        {webhook.disabled_reason === "gone" && !webhook.enabled && (
          <Alert color="orange" icon={<IconAlertTriangle />}>
            {t("webhooks.gone")}
          </Alert>
        )}
        {webhook.enabled && webhook.attempts > 0 && (
          <Alert color="red" icon={<IconAlertTriangle />} title={t("webhooks.failing", { count: webhook.attempts })}>
            {webhook.error && reason(webhook.error, t)}
            {webhook.next_at && (
              <Text size="sm">
                {t("webhooks.next")} <Moment at={webhook.next_at} />
              </Text>
            )}
          </Alert>
        )}
        {webhook.enabled && webhook.attempts === 0 && (
          <Text size="sm" className={classes.well}>
            <IconCircleCheck {...icon} aria-hidden /> {t("webhooks.well")}
          </Text>
        )}
        {change.error && <Failure error={change.error} />}
        {test.error && <Failure error={test.error} />}
        {test.data && (
          <Alert
            color={test.data.ok ? "green" : "red"}
            withCloseButton
            closeButtonLabel={t("common.close")}
            onClose={() => {
              test.reset();
            }}
          >
            {test.data.ok
              ? t("webhooks.tested", { status: test.data.status, ms: test.data.ms })
              : t("webhooks.testFailed", {
                  error: test.data.error ? reason(test.data.error, t) : test.data.status,
                })}
          </Alert>
        )}
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlayerPlay {...icon} />}
            loading={test.isPending}
            onClick={() => {
              test.mutate(path);
            }}
          >
            {t("webhooks.test")}
          </Button>
          <Button variant="subtle" size="xs" aria-expanded={opened} onClick={tried.toggle}>
            {t(opened ? "webhooks.hideAttempts" : "webhooks.attempts")}
          </Button>
        </Group>
        <Collapse expanded={opened}>{opened && <Attempts webhook={webhook.id} />}</Collapse>
      </Stack>
    </Paper>
  );
}
