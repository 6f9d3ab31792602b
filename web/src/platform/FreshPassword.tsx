import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { Failure } from "../shared/Failure";
import { Issued } from "./Issued";

interface Person {
  id: string;
  name: string;
  login: string;
}

interface Props {
  /** Whom it is for; closed without. */
  person: Person | null;
  onClose: () => void;
}

/** Gives somebody a new password for one sign-in, after asking. */
export function FreshPassword({ person, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={person !== null}
      onClose={onClose}
      title={t("platform.freshPassword")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {person && <Body person={person} onClose={onClose} />}
    </Modal>
  );
}

function Body({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const issue = api.useMutation("post", "/api/platform/users/{id}/password");
  if (issue.data) {
    const { letter, password } = issue.data;
    return <Issued login={person.login} letter={letter} password={password ?? null} onClose={onClose} />;
  }
  return (
    <Stack>
      <Text size="sm">{t("platform.freshPasswordText", { name: person.name || person.login })}</Text>
      {issue.error && <Failure error={issue.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("common.cancel")}
        </Button>
        <Button
          loading={issue.isPending}
          onClick={() => {
            issue.mutate({ params: { path: { id: person.id } } });
          }}
        >
          {t("platform.giveFresh")}
        </Button>
      </Group>
    </Stack>
  );
}
