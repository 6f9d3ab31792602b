import { Alert, Button, Group, List, Stack, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Merged } from "./merge";

interface Props {
  merged: Merged;
  busy: boolean;
  onFresh: () => void;
  onKeep: () => void;
}

/** Somebody else saved meanwhile: what differs, and the two ways to go on. */
export function Conflict({ merged, busy, onFresh, onKeep }: Props) {
  const { t } = useTranslation();
  const told = (["theirs", "mine", "both"] as const).filter((who) => merged[who].length > 0);
  return (
    <Alert color="amber" variant="light" icon={<IconUsers />} title={t("conflict.title")} role="alert">
      <Stack gap="xs">
        <List size="sm">
          {told.map((who) => (
            <List.Item key={who}>
              {t(`conflict.${who}`)}: {merged[who].join(", ")}
            </List.Item>
          ))}
        </List>
        <Text size="sm">{t("conflict.hint")}</Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={onFresh}>
            {t("conflict.fresh")}
          </Button>
          <Button size="xs" variant="default" loading={busy} onClick={onKeep}>
            {t("conflict.keep")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
