import { Alert, Button, Code, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconShieldQuestion } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { TRUSTS, type AccountFields, type Trusted } from "./account";
import classes from "./lines.module.css";

interface Props {
  /** Begins the fields' ids. */
  id: string;
  value: AccountFields;
  put: (key: "trust" | "certificate" | "sha256", value: string) => void;
  error: string | undefined;
  /** Fingerprint of the certificate that the PBX has shown and that was not taken. */
  seen: string | undefined;
  /** Takes the certificate of this fingerprint, and checks the connection anew. */
  pin: (sha256: string) => void;
}

/** How the certificate of a PBX is checked, where the line connects by TLS. */
export function TrustFields({ id, value, put, error, seen, pin }: Props) {
  const { t } = useTranslation();
  const own = (kind: Trusted) => (value.trust === kind ? error : undefined);
  return (
    <Stack gap="sm" pt="sm">
      <Select
        id={`${id}-trust`}
        label={t("account.trust.label")}
        description={t("account.trust.hint")}
        data={TRUSTS.map((kind) => ({ value: kind, label: t(`account.trust.kinds.${kind}`) }))}
        value={value.trust}
        onChange={(kind) => {
          if (kind) put("trust", kind);
        }}
        allowDeselect={false}
        error={own("public")}
      />
      {value.trust === "authority" && (
        <Textarea
          label={t("account.trust.certificate")}
          description={t("account.trust.certificateHint")}
          placeholder="-----BEGIN CERTIFICATE-----"
          autosize
          minRows={4}
          maxRows={10}
          spellCheck={false}
          classNames={{ input: classes.code }}
          value={value.certificate}
          onChange={(e) => {
            put("certificate", e.currentTarget.value);
          }}
          error={own("authority")}
        />
      )}
      {value.trust === "pinned" && (
        <TextInput
          label={t("account.trust.sha256")}
          description={t("account.trust.sha256Hint")}
          spellCheck={false}
          autoComplete="off"
          classNames={{ input: classes.code }}
          value={value.sha256}
          onChange={(e) => {
            put("sha256", e.currentTarget.value);
          }}
          error={own("pinned")}
        />
      )}
      {seen && (
        <Alert color="amber" icon={<IconShieldQuestion />} title={t("account.trust.seen")}>
          <Stack gap="xs" align="flex-start">
            <Code className={classes.fingerprint}>{seen}</Code>
            <Text size="sm">{t("account.trust.compare")}</Text>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                pin(seen);
              }}
            >
              {t("account.trust.pin")}
            </Button>
          </Stack>
        </Alert>
      )}
    </Stack>
  );
}
