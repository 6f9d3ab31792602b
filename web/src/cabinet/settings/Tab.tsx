import { Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../../shared/Failure";
import { SaveButton } from "../../shared/SaveButton";
import { Unsaved } from "../../shared/Unsaved";
import { Conflict } from "./Conflict";
import type { Merged } from "./merge";

interface Props {
  title: string;
  lead?: string;
  /** What else the tab can do, left of «Сохранить». */
  actions?: ReactNode;
  dirty: boolean;
  busy: boolean;
  saves: number;
  error: unknown;
  onSave: () => void;
  /** What two people changed, where somebody else saved since the editing began. */
  conflict: Merged | null;
  /** Takes what is saved now, and drops the edits. */
  onFresh: () => void;
  /** Saves the edits upon what is saved now. */
  onKeep: () => void;
  children: ReactNode;
}

/** A tab of the settings: its fields, and «Сохранить» at the top right. */
export function Tab(props: Props) {
  const { title, lead, actions, dirty, busy, saves, error, onSave, conflict, onFresh, onKeep, children } =
    props;
  // Where somebody else saved meanwhile, what differs says more than the refusal.
  const refused = error !== null && error !== undefined && !conflict;
  return (
    <Stack component="section" aria-label={title}>
      <div>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Title order={2}>{title}</Title>
          <Group gap="xs" wrap="nowrap" flex="none">
            {actions}
            <SaveButton dirty={dirty && !conflict} busy={busy} saves={saves} onSave={onSave} />
          </Group>
        </Group>
        {lead && (
          <Text size="sm" c="dimmed">
            {lead}
          </Text>
        )}
      </div>
      <Unsaved dirty={dirty && !busy} />
      {conflict && <Conflict merged={conflict} busy={busy} onFresh={onFresh} onKeep={onKeep} />}
      {refused && <Failure error={error} />}
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
