import { Kbd, Modal, SimpleGrid, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { KEYS } from "./keyList";

const GROUPS = ["call", "transfer", "message", "work"] as const;

/** «?»: every key of the desk. */
export default function KeysWindow({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="xl"
      title={t("desk.keys.title")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Text size="sm" c="dimmed" mb="md">
        {t("desk.keysHint")}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        {GROUPS.map((group) => (
          <section key={group} aria-labelledby={`keys-${group}`}>
            <Title order={3} size="h4" mb="xs" id={`keys-${group}`}>
              {t(`desk.keys.groups.${group}`)}
            </Title>
            <Table>
              <Table.Tbody>
                {KEYS[group].map(([key, does]) => (
                  <Table.Tr key={key}>
                    <Table.Td w={120}>
                      <Kbd>{key}</Kbd>
                    </Table.Td>
                    <Table.Td>{t(`desk.keys.does.${does}`)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </section>
        ))}
      </SimpleGrid>
    </Modal>
  );
}
