import { Alert, Button, Group, Text } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNotices } from "./notice";

/** Asks, with the reason, whether a call may be shown over other programs; never by itself. */
export default function AskNotices() {
  const { t } = useTranslation();
  const { may, ask } = useNotices();
  if (may !== "default") return null;
  return (
    <Alert color="gray" icon={<IconBell />} m="md" mb={0} title={t("desk.notices.title")}>
      <Group gap="sm">
        <Text size="sm" flex={1} miw={200}>
          {t("desk.notices.why")}
        </Text>
        <Button size="xs" variant="light" onClick={() => void ask()}>
          {t("desk.notices.allow")}
        </Button>
      </Group>
    </Alert>
  );
}
