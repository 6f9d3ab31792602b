import { Radio, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Script } from "../../api/types";
import { Fold } from "./Fold";

type Dialling = NonNullable<Script["dialling"]>;

interface Props {
  value: Dialling | undefined;
  onChange: (value: Dialling) => void;
  error?: string | undefined;
}

const FORMS = ["eight", "seven", "plus"] as const;
const PLAIN: Dialling = { form: "eight", prefix: "" };
const PREFIX_MAX = 6;

/** «Набор номера»: how the line's PBX is asked for a number; folded away, for most take what people dial. */
export function DiallingFields({ value = PLAIN, onChange, error }: Props) {
  const { t } = useTranslation();
  const { form = PLAIN.form, prefix = PLAIN.prefix } = value;
  return (
    <Fold title={t("dialling.title")} opened={form !== PLAIN.form || prefix !== "" || error !== undefined}>
      <Text size="sm" c="dimmed">
        {t("dialling.lead")}
      </Text>
      <Radio.Group
        label={t("dialling.form")}
        size="md"
        value={form}
        onChange={(chosen) => {
          onChange({ ...value, form: FORMS.find((one) => one === chosen) ?? "eight" });
        }}
      >
        <Stack gap="xs" mt="xs">
          {FORMS.map((one) => (
            <Radio key={one} value={one} label={t(`dialling.forms.${one}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput
        label={t("dialling.prefix")}
        description={t("dialling.prefixHint")}
        inputMode="tel"
        maxLength={PREFIX_MAX}
        maw={260}
        value={prefix}
        onChange={(e) => {
          onChange({ ...value, prefix: e.currentTarget.value.replace(/[^\d*#]/g, "") });
        }}
        error={error}
      />
    </Fold>
  );
}
