import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";

interface Props {
  error: unknown;
  title?: string;
  action?: { label: string; run: () => void };
}

/** The sentence for a problem, told where it happened. */
export function useSentence() {
  const { t } = useTranslation();
  return (error: unknown): string => {
    if (error instanceof Problem && error.code === "changed_meanwhile") return t("error.changed_meanwhile");
    if (error instanceof Problem && error.message !== "") return error.message;
    return error instanceof Problem && error.status !== 0 ? t("error.internal") : t("error.network");
  };
}

/** A problem as a sentence that stays until it is mended. */
export function Failure({ error, title, action }: Props) {
  const sentence = useSentence();
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={title} role="alert">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{sentence(error)}</Text>
        {action && (
          <Button size="xs" variant="default" onClick={action.run}>
            {action.label}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
