import { Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../../api/problem";
import { Failure } from "../../shared/Failure";
import { SaveButton } from "../../shared/SaveButton";
import { Unsaved } from "../../shared/Unsaved";

interface Props {
  title: string;
  lead?: string;
  dirty: boolean;
  busy: boolean;
  saves: number;
  error: unknown;
  onSave: () => void;
  /** Takes what is saved now, and drops the edits. */
  onReload: () => void;
  children: ReactNode;
}

/** A tab of the settings: its fields, and «Сохранить» at the top right. */
export function Tab({ title, lead, dirty, busy, saves, error, onSave, onReload, children }: Props) {
  const { t } = useTranslation();
  const conflict = error instanceof Problem && error.code === "changed_meanwhile";
  return (
    <Stack component="section" aria-label={title}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Title order={2}>{title}</Title>
          {lead && (
            <Text size="sm" c="dimmed">
              {lead}
            </Text>
          )}
        </div>
        <SaveButton dirty={dirty} busy={busy} saves={saves} onSave={onSave} />
      </Group>
      <Unsaved dirty={dirty && !busy} />
      {error !== null && error !== undefined && (
        <Failure
          error={error}
          {...(conflict ? { action: { label: t("error.reload"), run: onReload } } : {})}
        />
      )}
      {children}
    </Stack>
  );
}

/** Stands where a tab will be. */
export function TabSkeleton({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  if (error !== null && error !== undefined) {
    return (
      <Failure error={error} title={t("error.load")} action={{ label: t("common.retry"), run: onRetry }} />
    );
  }
  return (
    <Stack aria-busy>
      <Skeleton h={36} w={240} />
      <Skeleton h={64} />
      <Skeleton h={64} />
      <Skeleton h={64} />
    </Stack>
  );
}
