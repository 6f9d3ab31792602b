import { Button, Group, Paper, Skeleton, Stack, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPhonePlus, IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { Empty } from "../../shared/Empty";
import { Failure } from "../../shared/Failure";
import { useTitle } from "../../shared/title";
import { AddLine } from "./AddLine";
import { LineCard } from "./LineCard";

/** «Линии и сценарии обработки звонков»: a card for each line; the unfolded one stands in the address. */
export default function LinesPage() {
  const { t } = useTranslation();
  const { open } = useSearch({ from: "/cabinet/lines" });
  const navigate = useNavigate();
  const [adding, add] = useDisclosure(false);
  const { data: lines, error, refetch } = api.useQuery("get", "/api/lines");
  useTitle(t("nav.lines"));
  const unfold = (id: string | undefined) =>
    void navigate({ to: "/cabinet/lines", search: id ? { open: id } : {}, resetScroll: false });

  return (
    <Stack component="section" aria-labelledby="lines-title">
      <Group justify="space-between">
        <Title order={1} id="lines-title">
          {t("lines.title")}
        </Title>
        <Button
          leftSection={<IconPlus size="1.1em" />}
          onClick={add.open}
          variant={lines && lines.length > 0 ? "light" : "filled"}
        >
          {t("lines.add")}
        </Button>
      </Group>
      {error && (
        <Failure
          error={error}
          title={t("error.load")}
          action={{ label: t("common.retry"), run: () => void refetch() }}
        />
      )}
      {!lines && !error && (
        <Stack aria-busy>
          <Skeleton h={84} />
          <Skeleton h={84} />
        </Stack>
      )}
      {lines?.length === 0 && (
        <Paper>
          <Empty icon={<IconPhonePlus />} title={t("lines.empty")} hint={t("lines.emptyHint")} />
        </Paper>
      )}
      {lines?.map((line) => (
        <LineCard
          key={line.id}
          line={line}
          opened={line.id === open}
          onUnready={() => {
            void navigate({ to: "/cabinet/lines", search: { open: line.id }, hash: `recipient-${line.id}` });
          }}
          onToggle={() => {
            unfold(line.id === open ? undefined : line.id);
          }}
        />
      ))}
      <AddLine opened={adding} onClose={add.close} onCreated={unfold} />
    </Stack>
  );
}
