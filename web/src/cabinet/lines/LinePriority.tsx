import { Radio, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Script } from "../../api/types";

type Priority = NonNullable<Script["priority"]>;

const LEVELS: readonly Priority[] = ["high", "usual", "low"];

interface Props {
  value: Priority | undefined;
  onChange: (value: Priority) => void;
}

/** How soon calls of this line are taken, against those of other lines. */
export function LinePriority({ value = "usual", onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Radio.Group
      label={t("script.linePriority.title")}
      labelProps={{ className: "unseen" }}
      value={value}
      onChange={(chosen) => {
        onChange(LEVELS.find((level) => level === chosen) ?? "usual");
      }}
    >
      <Stack gap="xs">
        {LEVELS.map((level) => (
          <Radio key={level} value={level} label={t(`script.linePriority.level.${level}`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
