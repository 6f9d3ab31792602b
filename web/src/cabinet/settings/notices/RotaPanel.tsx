import { IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notices } from "../../../message/server";
import { Empty } from "../../../shared/Empty";
import { TabSkeleton } from "../Tab";
import { RotaEditor } from "./RotaEditor";

interface Props {
  department: string | null;
  people: { id: string; name: string }[];
}

/** «График дежурств» of a department, once it is there. */
export function RotaPanel({ department, people }: Props) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["get", "/api/rotas/{id}", department],
    queryFn: () => notices.rota(department ?? ""),
    enabled: department !== null,
  });
  if (department === null) {
    return (
      <Empty icon={<IconUsersGroup />} title={t("rota.noDepartments")} hint={t("rota.noDepartmentsHint")} />
    );
  }
  if (!data) return <TabSkeleton error={error} onRetry={() => void refetch()} />;
  return <RotaEditor department={department} saved={data} people={people} />;
}
