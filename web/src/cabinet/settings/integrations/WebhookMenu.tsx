import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDotsVertical, IconHistory, IconKey, IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../../api/client";
import { Confirm } from "../../../shared/Confirm";
import { size } from "../../../theme";
import type { WebhookView } from "./kinds";
import { ReplayWindow } from "./ReplayWindow";
import { WebhookWindow } from "./WebhookWindow";

interface Props {
  webhook: WebhookView;
  onSecret: (secret: string) => void;
}

/** What can be done with a receiver. */
export function WebhookMenu({ webhook, onSecret }: Props) {
  const { t } = useTranslation();
  const [changing, change] = useDisclosure(false);
  const [replaying, replay] = useDisclosure(false);
  const [rotating, rotate] = useDisclosure(false);
  const [deleting, ask] = useDisclosure(false);
  const path = { params: { path: { id: webhook.id } } };
  const remove = api.useMutation("delete", "/api/webhooks/{id}", {
    onSuccess: ask.close,
    onSettled: () => refresh("/api/webhooks"),
  });
  const secret = api.useMutation("post", "/api/webhooks/{id}/secret", {
    onSuccess: (made) => {
      rotate.close();
      onSecret(made.secret);
    },
  });
  const icon = { size: size.icon, stroke: size.iconStroke };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t("webhooks.menu", { url: webhook.url })}>
            <IconDotsVertical {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil {...icon} />} onClick={change.open}>
            {t("webhooks.change")}
          </Menu.Item>
          <Menu.Item leftSection={<IconHistory {...icon} />} onClick={replay.open}>
            {t("webhooks.replay")}
          </Menu.Item>
          <Menu.Item leftSection={<IconKey {...icon} />} onClick={rotate.open}>
            {t("webhooks.rotate")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash {...icon} />} onClick={ask.open}>
            {t("common.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <WebhookWindow opened={changing} onClose={change.close} webhook={webhook} />
      <ReplayWindow opened={replaying} onClose={replay.close} webhook={webhook} />
      <Confirm
        opened={rotating}
        title={t("webhooks.rotateTitle")}
        text={t("webhooks.rotateText")}
        yes={t("webhooks.rotate")}
        busy={secret.isPending}
        onYes={() => {
          secret.mutate(path);
        }}
        onNo={rotate.close}
      />
      <Confirm
        opened={deleting}
        title={t("webhooks.deleteTitle")}
        text={t("webhooks.deleteText", { url: webhook.url })}
        yes={t("common.delete")}
        busy={remove.isPending}
        onYes={() => {
          remove.mutate(path);
        }}
        onNo={ask.close}
      />
    </>
  );
}
