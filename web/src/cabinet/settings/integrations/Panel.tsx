import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Empty } from "../../../shared/Empty";

interface Props {
  id: string;
  title: string;
  lead: string;
  /** Adds one; it stands in the middle while there is none. */
  add: ReactNode;
  /** What is said while there is none; nothing where there are some. */
  none: { icon: ReactNode; title: string; hint: string } | null;
  children: ReactNode;
}

/** A panel of «Интеграции»: what it is for, what there is, and how to add one. */
export function Panel({ id, title, lead, add, none, children }: Props) {
  return (
    <Stack component="section" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} id={id}>
            {title}
          </Title>
          <Text size="sm" c="dimmed" maw={640}>
            {lead}
          </Text>
        </div>
        {!none && add}
      </Group>
      {none && <Empty {...none} action={add} />}
      {children}
    </Stack>
  );
}
