import { ActionIcon, Button, Group, Menu, Modal, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDotsVertical, IconKey, IconLanguage, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../api/client";
import { fieldError } from "../api/problem";
import type { PlatformOperator } from "../api/types";
import { Confirm } from "../shared/Confirm";
import { Failure } from "../shared/Failure";
import { onDemand } from "../shared/onDemand";
import { size } from "../theme";

const SkillsWindow = onDemand(() => import("./SkillsWindow"));

interface Props {
  operator: PlatformOperator;
  onPassword: () => void;
}

/** What can be done about an operator. */
export function OperatorMenu({ operator, onPassword }: Props) {
  const { t } = useTranslation();
  const [renaming, rename] = useDisclosure(false);
  const [skilled, skill] = useDisclosure(false);
  const [removing, ask] = useDisclosure(false);
  const { id, name } = operator;
  const remove = api.useMutation("delete", "/api/platform/operators/{id}", {
    onSuccess: async () => {
      ask.close();
      await refresh("/api/platform/operators");
    },
  });
  const icon = { size: size.icon, stroke: size.iconStroke };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t("platform.menuOf", { name })}>
            <IconDotsVertical {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil {...icon} />} onClick={rename.open}>
            {t("platform.rename")}
          </Menu.Item>
          <Menu.Item leftSection={<IconLanguage {...icon} />} onClick={skill.open}>
            {t("platform.skills")}
          </Menu.Item>
          <Menu.Item leftSection={<IconKey {...icon} />} onClick={onPassword}>
            {t("platform.freshPassword")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash {...icon} />} onClick={ask.open}>
            {t("common.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={removing}
        title={t("platform.removeOperator", { name })}
        text={t("platform.removeOperatorText")}
        yes={t("common.delete")}
        busy={remove.isPending}
        onYes={() => {
          remove.mutate({ params: { path: { id } } });
        }}
        onNo={ask.close}
      />
      <Modal
        opened={renaming}
        onClose={rename.close}
        title={t("platform.rename")}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        <Rename operator={operator} onDone={rename.close} />
      </Modal>
      <SkillsWindow opened={skilled} operator={operator} onClose={skill.close} />
      {remove.error && (
        <Modal
          opened
          onClose={remove.reset}
          title={name}
          closeButtonProps={{ "aria-label": t("common.close") }}
        >
          <Failure error={remove.error} />
        </Modal>
      )}
    </>
  );
}

function Rename({ operator, onDone }: { operator: PlatformOperator; onDone: () => void }) {
  const { t } = useTranslation();
  const { id, supervisor } = operator;
  const [name, setName] = useState(operator.name);
  const save = api.useMutation("patch", "/api/platform/operators/{id}", {
    onSuccess: async () => {
      await refresh("/api/platform/operators");
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ params: { path: { id } }, body: { name: name.trim(), supervisor } });
  };
  const beside = fieldError(save.error, "name");
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("platform.operator.name")}
          description={t("platform.operator.nameHint")}
          value={name}
          onChange={(e) => {
            setName(e.currentTarget.value);
          }}
          error={beside}
          maxLength={100}
          data-autofocus
        />
        {save.error && !beside && <Failure error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t("common.cancel")}
          </Button>
          <Button
            type="submit"
            disabled={name.trim() === "" || name.trim() === operator.name}
            loading={save.isPending}
          >
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
