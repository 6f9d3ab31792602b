import { Button, Checkbox, Group, Modal, Radio, Stack } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../api/client";
import { fieldError } from "../api/problem";
import type { Language, PlatformOperator } from "../api/types";
import { Failure } from "../shared/Failure";
import { CompanyChoice } from "./CompanyChoice";

const LANGUAGES: readonly Language[] = ["ru", "en"];

interface Props {
  opened: boolean;
  operator: PlatformOperator;
  onClose: () => void;
}

/** Which companies an operator knows, and which languages one speaks. */
export default function SkillsWindow({ opened, operator, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("platform.skillsOf", { name: operator.name })}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Body operator={operator} onDone={onClose} />
    </Modal>
  );
}

function Body({ operator, onDone }: { operator: PlatformOperator; onDone: () => void }) {
  const { t } = useTranslation();
  const { id, name, supervisor } = operator;
  const [languages, speak] = useState<string[]>(operator.skills.languages);
  const [all, setAll] = useState(!operator.skills.companies);
  const [companies, setCompanies] = useState<string[]>(operator.skills.companies ?? []);
  const save = api.useMutation("patch", "/api/platform/operators/{id}", {
    onSuccess: async () => {
      await refresh("/api/platform/operators");
      onDone();
    },
  });
  const none = languages.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const skills = {
      companies: all ? null : companies,
      languages: LANGUAGES.filter((language) => languages.includes(language)),
    };
    if (!none) save.mutate({ params: { path: { id } }, body: { name, supervisor, skills } });
  };
  const beside = fieldError(save.error, "skills.languages");
  return (
    <form onSubmit={submit}>
      <Stack>
        <Checkbox.Group
          label={t("platform.languages")}
          description={t("platform.languagesHint")}
          value={languages}
          onChange={speak}
          error={none ? t("platform.languagesNone") : beside}
        >
          <Group mt="xs">
            {LANGUAGES.map((language) => (
              <Checkbox key={language} value={language} label={t(`platform.language.${language}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Radio.Group
          label={t("platform.knows")}
          description={t("platform.knowsHint")}
          value={all ? "all" : "some"}
          onChange={(value) => {
            setAll(value === "all");
          }}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="all" label={t("platform.knowsAll")} />
            <Radio value="some" label={t("platform.knowsSome")} />
          </Stack>
        </Radio.Group>
        {!all && <CompanyChoice value={companies} onChange={setCompanies} />}
        {save.error && !beside && <Failure error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={none} loading={save.isPending}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
