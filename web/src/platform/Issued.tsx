import { Alert, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconMailForward, IconKey } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

interface Props {
  login: string;
  /** The letter with the password is on its way. */
  letter: boolean;
  /** The password, where no letter could be sent. */
  password: string | null;
  onClose: () => void;
}

/** How somebody gets in for the first time: by a letter, or by a password that is shown this once. */
export function Issued({ login, letter, password, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Stack>
      {letter ? (
        <Alert color="green" variant="light" icon={<IconMailForward aria-hidden />} role="status">
          {t("platform.letterSent", { login })}
        </Alert>
      ) : (
        <Alert color="amber" variant="light" icon={<IconKey aria-hidden />} role="status">
          {t("platform.letterNotSent")}
        </Alert>
      )}
      <Stack gap="xxs">
        <Text size="sm" c="dimmed">
          {t("session.login")}
        </Text>
        <Text>{login}</Text>
      </Stack>
      {password !== null && (
        <Stack gap="xxs">
          <Text size="sm" c="dimmed">
            {t("platform.oneTime")}
          </Text>
          <Group gap="xs">
            <Code fz="md">{password}</Code>
            <CopyButton value={password}>
              {({ copied, copy }) => (
                <Button
                  size="xs"
                  variant="light"
                  onClick={copy}
                  leftSection={copied ? <IconCheck size="1em" /> : <IconCopy size="1em" />}
                >
                  {t(copied ? "platform.copied" : "platform.copy")}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Text size="sm" c="dimmed">
            {t("platform.oneTimeHint")}
          </Text>
        </Stack>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("common.close")}</Button>
      </Group>
    </Stack>
  );
}
