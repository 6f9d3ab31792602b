import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Props {
  opened: boolean;
  onYes: () => void;
  onNo: () => void;
}

/** What the browser is going to ask, before it does: a refusal is hard to take back. */
export default function Explain({ opened, onYes, onNo }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onNo}
      title={t("push.explain")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Stack>
        <Text size="sm">{t("push.explainWhat")}</Text>
        <List size="sm" spacing="xxs">
          <List.Item>{t("push.explainText")}</List.Item>
          <List.Item>{t("push.explainQuiet")}</List.Item>
          <List.Item>{t("push.explainOff")}</List.Item>
        </List>
        <Text size="sm">{t("push.explainNext")}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onNo}>
            {t("push.notNow")}
          </Button>
          <Button onClick={onYes} data-autofocus>
            {t("push.go")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
