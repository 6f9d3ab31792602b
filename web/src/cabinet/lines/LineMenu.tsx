import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDotsVertical, IconHeadset, IconHeadsetOff, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../api/client";
import type { LineView } from "../../api/types";
import { Confirm } from "../../shared/Confirm";
import { Failure } from "../../shared/Failure";
import { size } from "../../theme";
import classes from "./lines.module.css";

/** The line's menu, left of its name. */
export function LineMenu({ line, onUnready }: { line: LineView; onUnready: () => void }) {
  const { t } = useTranslation();
  const [deleting, ask] = useDisclosure(false);
  const [renaming, rename] = useDisclosure(false);
  const done = { onSettled: () => refresh("/api/lines") };
  const connect = api.useMutation("post", "/api/lines/{id}/connect", done);
  const disconnect = api.useMutation("post", "/api/lines/{id}/disconnect", done);
  const remove = api.useMutation("delete", "/api/lines/{id}", { ...done, onSuccess: ask.close });
  const path = { params: { path: { id: line.id } } };
  const icon = { size: size.icon, stroke: size.iconStroke };
  const failure = connect.error ?? disconnect.error ?? remove.error;
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <ActionIcon
            className={classes.menu}
            variant="subtle"
            color="gray"
            loading={connect.isPending || disconnect.isPending}
            aria-label={t("lines.menu", { name: line.name })}
          >
            <IconDotsVertical {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {line.connected ? (
            <Menu.Item
              leftSection={<IconHeadsetOff {...icon} />}
              onClick={() => {
                disconnect.mutate(path);
              }}
            >
              {t("lines.disconnect")}
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<IconHeadset {...icon} />}
              onClick={() => {
                if (line.script.recipient) connect.mutate(path);
                else onUnready();
              }}
            >
              {t("lines.connect")}
              {!line.script.recipient && (
                <Text size="xs" c="dimmed" maw={260}>
                  {t("lines.connectFirst")}
                </Text>
              )}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconPencil {...icon} />} onClick={rename.open}>
            {t("lines.rename")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash {...icon} />} onClick={ask.open}>
            {t("lines.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={deleting}
        title={t("lines.deleteTitle", { name: line.name })}
        text={t(line.connected ? "lines.deleteConnected" : "lines.deleteText")}
        yes={t("common.delete")}
        busy={remove.isPending}
        onYes={() => {
          remove.mutate(path);
        }}
        onNo={ask.close}
      />
      <Modal
        opened={renaming}
        onClose={rename.close}
        title={t("lines.renameTitle")}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        <Rename line={line} onDone={rename.close} />
      </Modal>
      {failure && (
        <Modal
          opened
          onClose={() => {
            connect.reset();
            disconnect.reset();
            remove.reset();
          }}
          title={line.name}
          closeButtonProps={{ "aria-label": t("common.close") }}
        >
          <Failure error={failure} />
        </Modal>
      )}
    </>
  );
}

function Rename({ line, onDone }: { line: LineView; onDone: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(line.name);
  const rename = api.useMutation("patch", "/api/lines/{id}", {
    onSuccess: async () => {
      await refresh("/api/lines");
      onDone();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate({ params: { path: { id: line.id } }, body: { name: name.trim() } });
      }}
    >
      <Stack>
        <TextInput
          aria-label={t("lines.name")}
          value={name}
          onChange={(e) => {
            setName(e.currentTarget.value);
          }}
          maxLength={100}
          data-autofocus
        />
        {rename.error && <Failure error={rename.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t("common.cancel")}
          </Button>
          <Button
            type="submit"
            disabled={name.trim() === "" || name.trim() === line.name}
            loading={rename.isPending}
          >
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
