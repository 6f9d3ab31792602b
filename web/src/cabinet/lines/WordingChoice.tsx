import { Radio, Stack, Text, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Wording } from "../../api/types";
import { say } from "./wording";

interface Props {
  name: string;
  label: string;
  variants: readonly string[];
  names: { company: string; operator: string };
  value: Wording;
  onChange: (wording: Wording) => void;
  error: string | undefined;
}

const LONGEST = 500;

/** Variants shown as they will be said, and the company's own words as the last choice. */
export function WordingChoice({ name, label, variants, names, value, onChange, error }: Props) {
  const { t } = useTranslation();
  const chosen = value.kind === "own" ? "own" : String(value.number);
  const choose = (key: string) => {
    if (key !== "own") onChange({ kind: "variant", number: Number(key) });
    else if (value.kind !== "own") onChange({ kind: "own", text: variants[value.number - 1] ?? "" });
  };
  return (
    <Radio.Group
      name={name}
      label={label}
      labelProps={{ className: "unseen" }}
      value={chosen}
      onChange={choose}
    >
      <Stack gap="xs">
        {variants.map((variant, index) => (
          <Radio key={variant} value={String(index + 1)} label={say(variant, names)} />
        ))}
        <Radio value="own" label={t("script.own")} />
        {value.kind === "own" && (
          <Stack gap="xs" pl="xl">
            <Textarea
              aria-label={t("script.ownLabel")}
              description={t("script.ownHint")}
              autosize
              minRows={2}
              maxLength={LONGEST}
              value={value.text}
              onChange={(e) => {
                onChange({ kind: "own", text: e.currentTarget.value });
              }}
              error={error}
            />
            {value.text.trim() !== "" && (
              <Text size="sm" c="dimmed">
                {t("script.preview", { text: say(value.text, names) })}
              </Text>
            )}
          </Stack>
        )}
      </Stack>
    </Radio.Group>
  );
}
