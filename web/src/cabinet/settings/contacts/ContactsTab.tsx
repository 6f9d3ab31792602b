import {
  ActionIcon,
  Badge,
  Button,
  Center,
  Group,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAddressBook, IconPencil, IconPlus, IconSearch, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../../api/client";
import type { CallerMark, CallerView } from "../../../api/types";
import { Confirm } from "../../../shared/Confirm";
import { Empty } from "../../../shared/Empty";
import { Failure } from "../../../shared/Failure";
import { paging } from "../../../shared/paging";
import { SearchInput } from "../../../shared/SearchInput";
import { size } from "../../../theme";
import { ContactWindow, type Edited } from "./ContactWindow";
import classes from "./contacts.module.css";

const PAGE = 50;
const KINDS = ["all", "vip", "blocked"] as const;
type Kind = (typeof KINDS)[number];

/** «Контакты»: callers whom the company knows, the important ones, and the black list. */
export default function ContactsTab() {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>("all");
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 250);
  const [edited, edit] = useState<Edited | null>(null);
  const [removing, setRemoving] = useState<CallerView | null>(null);
  const list = api.useInfiniteQuery(
    "get",
    "/api/callers",
    {
      params: {
        query: { limit: PAGE, ...(search && { search }), ...(kind !== "all" && { mark: kind }) },
      },
    },
    { ...paging, placeholderData: (before) => before },
  );
  const remove = api.useMutation("delete", "/api/callers/{id}", {
    onSuccess: () => {
      setRemoving(null);
    },
    onSettled: () => refresh("/api/callers"),
  });
  const callers = list.data?.pages.flatMap((page) => page.items) ?? [];
  const add = (
    <Button
      leftSection={<IconPlus size="1.1em" />}
      onClick={() => {
        edit({ mark: kind === "all" ? "usual" : kind });
      }}
    >
      {t("contacts.add")}
    </Button>
  );
  return (
    <Stack maw={960}>
      <Group justify="space-between" align="flex-start">
        <Text size="sm" c="dimmed" maw={640}>
          {t("contacts.lead")}
        </Text>
        {add}
      </Group>
      <Group>
        <SegmentedControl
          aria-label={t("contacts.kind")}
          value={kind}
          onChange={(value) => {
            setKind(KINDS.find((known) => known === value) ?? "all");
          }}
          data={KINDS.map((value) => ({ value, label: t(`contacts.kinds.${value}`) }))}
        />
        <SearchInput label={t("contacts.search")} value={text} onChange={setText} flex={1} miw={200} />
      </Group>
      {list.error ? (
        <Failure
          error={list.error}
          title={t("error.load")}
          action={{ label: t("common.retry"), run: () => void list.refetch() }}
        />
      ) : list.isPending ? (
        <Stack gap="xs" aria-busy>
          {Array.from({ length: 5 }, (_, i) => (
            <Skeleton key={i} height={44} />
          ))}
        </Stack>
      ) : callers.length > 0 ? (
        <ul className={classes.contacts}>
          {callers.map((caller) => (
            <Row
              key={caller.id}
              caller={caller}
              onEdit={() => {
                edit(caller);
              }}
              onRemove={() => {
                setRemoving(caller);
              }}
            />
          ))}
        </ul>
      ) : search ? (
        <Empty icon={<IconSearch />} title={t("contacts.nothing")} hint={t("contacts.nothingHint")} />
      ) : (
        <Empty icon={<IconAddressBook />} title={t(`contacts.none.${kind}`)} hint={t("contacts.noneHint")} />
      )}
      {list.hasNextPage && (
        <Center>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </Center>
      )}
      <ContactWindow
        edited={edited}
        onClose={() => {
          edit(null);
        }}
      />
      <Confirm
        opened={removing !== null}
        title={t("contacts.removeTitle", { name: removing ? removing.name || removing.number_shown : "" })}
        text={t(removing?.mark === "blocked" ? "contacts.unblockText" : "contacts.removeText")}
        yes={t("common.delete")}
        busy={remove.isPending}
        onYes={() => {
          if (removing) remove.mutate({ params: { path: { id: removing.id } } });
        }}
        onNo={() => {
          setRemoving(null);
        }}
      />
      {remove.error && <Failure error={remove.error} />}
    </Stack>
  );
}

const COLORS: Partial<Record<CallerMark, string>> = { blocked: "red" };

interface RowProps {
  caller: CallerView;
  onEdit: () => void;
  onRemove: () => void;
}

function Row({ caller, onEdit, onRemove }: RowProps) {
  const { t } = useTranslation();
  const { name, number_shown: number, note, mark } = caller;
  const icon = { size: size.icon, stroke: size.iconStroke };
  return (
    <li>
      <div className={classes.named}>
        <Group gap="xs">
          <Text fw={600}>{name || number}</Text>
          {mark !== "usual" && (
            <Badge variant="light" color={COLORS[mark]}>
              {t(`contacts.mark.${mark}`)}
            </Badge>
          )}
        </Group>
        {name && <Text size="sm">{number}</Text>}
        {note && (
          <Text size="sm" c="dimmed" className={classes.note}>
            {note}
          </Text>
        )}
      </div>
      <Group gap={4} wrap="nowrap">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("contacts.edit", { name: name || number })}
          onClick={onEdit}
        >
          <IconPencil {...icon} />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="red"
          aria-label={t("contacts.remove", { name: name || number })}
          onClick={onRemove}
        >
          <IconTrash {...icon} />
        </ActionIcon>
      </Group>
    </li>
  );
}
