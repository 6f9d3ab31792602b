import { Group, Loader, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountFields } from "./account";

/** When the next thing is being done, as far as can be told from here: names are found within a second or two. */
const PHASES = [
  { after: 0, phase: "searching" },
  { after: 1500, phase: "registering" },
  { after: 6000, phase: "waiting" },
] as const;

/** What «Сохранить и проверить» is doing while it tries. */
export function Progress({ fields }: { fields: AccountFields }) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  useEffect(() => {
    const timers = PHASES.map(({ after }, index) => setTimeout(setAt, after, index));
    return () => {
      timers.forEach(clearTimeout);
    };
  }, []);
  const phase = PHASES[at]?.phase ?? "searching";
  return (
    <Group gap="xs" wrap="nowrap">
      <Loader size="xs" />
      <Text size="sm">
        {t(`account.progress.${phase}`, { server: fields.proxy || fields.server, user: fields.user })}
      </Text>
    </Group>
  );
}
