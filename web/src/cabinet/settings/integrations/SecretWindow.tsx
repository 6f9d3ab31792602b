import { Button, Code, CopyButton, Group, Modal, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { size } from "../../../theme";
import classes from "./integrations.module.css";

interface Props {
  title: string;
  hint: string;
  secret: string | null;
  onClose: () => void;
}

/** A secret, told this once. */
export function SecretWindow({ title, hint, secret, onClose }: Props) {
  const { t } = useTranslation();
  const icon = { size: size.icon, stroke: size.iconStroke };
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Stack>
        <Text size="sm">{hint}</Text>
        <Code block className={classes.secret} data-testid="secret">
          {secret ?? ""}
        </Code>
        <Group justify="flex-end">
          <CopyButton value={secret ?? ""}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck {...icon} /> : <IconCopy {...icon} />}
                onClick={copy}
                data-autofocus
              >
                {t(copied ? "integrations.copied" : "integrations.copy")}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{t("integrations.kept")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
