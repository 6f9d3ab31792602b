import { Radio, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LineView } from "../../api/types";
import { Fold } from "./Fold";

type Settings = NonNullable<LineView["script"]["transfer"]>;

interface Props {
  value: Settings | undefined;
  onChange: (value: Settings) => void;
  error?: string | undefined;
}

const FIRST = ["bridge", "pbx", "code"] as const;
const PLAIN: Settings = { first: "bridge", code: "" };

/** «Перевод звонков»: what the line tries first; folded away, for the default works with every PBX. */
export function TransferWays({ value = PLAIN, onChange, error }: Props) {
  const { t } = useTranslation();
  return (
    <Fold title={t("transferWays.title")} opened={value.first !== "bridge"}>
      <Text size="sm" c="dimmed">
        {t("transferWays.lead")}
      </Text>
      <Radio.Group
        label={t("transferWays.title")}
        labelProps={{ className: "unseen" }}
        value={value.first}
        onChange={(chosen) => {
          const first = FIRST.find((one) => one === chosen) ?? "bridge";
          onChange({ ...value, first });
        }}
      >
        <Stack gap="xs">
          {FIRST.map((first) => (
            <Radio
              key={first}
              value={first}
              label={t(`transferWays.first.${first}`)}
              description={t(`transferWays.hint.${first}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {(value.first === "code" || value.code) && (
        <TextInput
          label={t("transferWays.code")}
          description={t("transferWays.codeHint")}
          placeholder="##{number}"
          maw={260}
          value={value.code ?? ""}
          onChange={(e) => {
            onChange({ ...value, code: e.currentTarget.value.trim() });
          }}
          error={error}
        />
      )}
    </Fold>
  );
}
