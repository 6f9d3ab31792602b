import { Button, Group, List, Modal, ScrollArea, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Failure } from "../../shared/Failure";

/** A row of a file, as the preview tells it. */
export interface PreviewRow {
  row: number;
  /** Who or what it is of. */
  name: string;
  known: boolean;
  /** What is wrong with it: the column and the sentence. */
  errors: { column: string; detail: string }[];
}

interface Props {
  opened: boolean;
  name: string;
  hint: string;
  error: unknown;
  rows: readonly PreviewRow[];
  onTake: () => void;
  onClose: () => void;
}

/** What a file would bring, before it comes into the table: the wrong rows by their numbers. */
export default function ImportPreview({ opened, name, hint, error, rows, onTake, onClose }: Props) {
  const { t } = useTranslation();
  const wrong = rows.filter(({ errors }) => errors.length > 0);
  const right = rows.filter(({ errors }) => errors.length === 0);
  const known = right.filter((row) => row.known).length;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("file.title", { name })}
      size="lg"
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Stack>
        {error ? (
          <>
            <Failure error={error} />
            <Text size="sm" c="dimmed">
              {hint}
            </Text>
          </>
        ) : (
          <>
            <Text size="sm">
              {t("file.summary", { added: right.length - known, known, wrong: wrong.length })}
            </Text>
            {wrong.length > 0 && (
              <section aria-label={t("file.wrong")}>
                <Text size="sm" fw={600} mb="xxs">
                  {t("file.wrong")}
                </Text>
                <ScrollArea.Autosize mah="40vh">
                  <List size="sm" spacing="xs">
                    {wrong.map((row) => (
                      <List.Item key={row.row}>
                        {t("file.row", { row: row.row })}
                        {row.name && ` · ${row.name}`}
                        {row.errors.map(({ column, detail }) => (
                          <Text key={column + detail} size="sm" c="var(--t-lost)">
                            {column}: {detail}
                          </Text>
                        ))}
                      </List.Item>
                    ))}
                  </List>
                </ScrollArea.Autosize>
              </section>
            )}
            <Text size="sm" c="dimmed">
              {t("file.unsaved")}
            </Text>
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          {right.length > 0 && (
            <Button onClick={onTake} data-autofocus>
              {t("file.take", { count: right.length })}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
