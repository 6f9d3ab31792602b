import { Group, Text } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** «Исходящий»: a call that an operator placed. */
export function OutgoingMark() {
  const { t } = useTranslation();
  return (
    <Group gap="xxs" component="span" wrap="nowrap" display="inline-flex" c="dimmed" flex="none">
      <IconPhoneOutgoing size="1.1em" aria-hidden />
      <Text span size="sm">
        {t("calls.outgoing")}
      </Text>
    </Group>
  );
}
