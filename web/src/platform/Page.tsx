import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTitle } from "../shared/title";

interface Props {
  title: string;
  lead: string;
  /** The page's button, at the top right. */
  action?: ReactNode;
  children: ReactNode;
}

/** A page of the platform. */
export function Page({ title, lead, action, children }: Props) {
  useTitle(title);
  return (
    <Stack component="section" aria-label={title}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1}>{title}</Title>
          <Text size="sm" c="dimmed">
            {lead}
          </Text>
        </div>
        {action}
      </Group>
      {children}
    </Stack>
  );
}
