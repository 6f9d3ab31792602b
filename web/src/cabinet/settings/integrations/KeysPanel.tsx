import { ActionIcon, Badge, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../../api/client";
import { Confirm } from "../../../shared/Confirm";
import { Failure } from "../../../shared/Failure";
import { Moment } from "../../../shared/Moment";
import { size } from "../../../theme";
import classes from "./integrations.module.css";
import { word, type KeyRow } from "./kinds";
import { KeyWindow } from "./KeyWindow";
import { Panel } from "./Panel";
import { SecretWindow } from "./SecretWindow";

/** «Ключи API»: what lets the company's own programs in. */
export function KeysPanel({ keys, max }: { keys: readonly KeyRow[]; max: number }) {
  const { t } = useTranslation();
  const [adding, add] = useDisclosure(false);
  const [revoking, setRevoking] = useState<KeyRow | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const revoke = api.useMutation("delete", "/api/keys/{id}", {
    onSuccess: () => {
      setRevoking(null);
    },
    onSettled: () => refresh("/api/keys"),
  });
  const valid = keys.filter((key) => !key.revoked_at);
  const icon = { size: size.icon, stroke: size.iconStroke };
  const button = (
    <Button leftSection={<IconPlus {...icon} />} disabled={valid.length >= max} onClick={add.open}>
      {t("keys.add")}
    </Button>
  );
  return (
    <Panel
      id="keys"
      title={t("keys.title")}
      lead={t("keys.lead")}
      add={button}
      none={
        keys.length === 0
          ? { icon: <IconKey />, title: t("keys.none"), hint: t("keys.noneHint") }
          : null
      }
    >
      {revoke.error && <Failure error={revoke.error} />}
      {keys.length > 0 && (
        <ul className={classes.keys}>
          {keys.map((key) => (
            <li key={key.id} data-revoked={key.revoked_at ? true : undefined}>
              <div className={classes.named}>
                <Text fw={600}>{key.name}</Text>
                <Text size="xs" c="dimmed">
                  <code>{key.prefix}…</code> · {t("keys.made")} <Moment at={key.created_at} /> ·{" "}
                  {key.revoked_at ? (
                    <>
                      {t("keys.revoked")} <Moment at={key.revoked_at} />
                    </>
                  ) : key.used_at ? (
                    <>
                      {t("keys.used")} <Moment at={key.used_at} />
                    </>
                  ) : (
                    t("keys.unused")
                  )}
                </Text>
                <Group gap={6} mt={6}>
                  {key.scopes.map((scope) => (
                    <Badge key={scope} variant="light" color={key.revoked_at ? "gray" : undefined}>
                      {t(`keys.scope.${word(scope)}`)}
                    </Badge>
                  ))}
                </Group>
              </div>
              {!key.revoked_at && (
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={t("keys.revoke", { name: key.name })}
                  onClick={() => {
                    setRevoking(key);
                  }}
                >
                  <IconTrash {...icon} />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      <KeyWindow opened={adding} onClose={add.close} onSecret={setSecret} />
      <SecretWindow
        title={t("keys.secretTitle")}
        hint={t("keys.secretHint")}
        secret={secret}
        onClose={() => {
          setSecret(null);
        }}
      />
      <Confirm
        opened={revoking !== null}
        title={t("keys.revokeTitle", { name: revoking?.name ?? "" })}
        text={t("keys.revokeText")}
        yes={t("keys.revokeYes")}
        busy={revoke.isPending}
        onYes={() => {
          if (revoking) revoke.mutate({ params: { path: { id: revoking.id } } });
        }}
        onNo={() => {
          setRevoking(null);
        }}
      />
    </Panel>
  );
}
