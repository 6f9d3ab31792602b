import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Question {
  opened: boolean;
  title: string;
  text: string;
  yes: string;
  no?: string;
  busy?: boolean;
  onYes: () => void;
  onNo: () => void;
}

/** The window of a question before something goes away. */
export default function ConfirmWindow({ opened, title, text, yes, no, busy, onYes, onNo }: Question) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onNo}
      title={title}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Stack>
        <Text size="sm">{text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onNo} data-autofocus>
            {no ?? t("common.cancel")}
          </Button>
          <Button color="red" onClick={onYes} loading={busy ?? false}>
            {yes}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
