import { Select, Skeleton, Text, Title } from "@mantine/core";
import { skipToken, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LineView } from "../../../api/types";
import classes from "../lines.module.css";
import { guides, likely, pbxs, type Pbx } from "./guide";
import { keepPbx, keptPbx } from "./kept";

const GuideSteps = lazy(() => import("./GuideSteps"));

/** How the company's own PBX is set up, beside the fields that are filled in here. */
export function GuidePanel({ line }: { line: LineView }) {
  const { t } = useTranslation();
  const id = useId();
  const [pbx, setPbx] = useState<Pbx | null>(() => {
    const kept = keptPbx(line.id);
    return pbxs.find((known) => known === kept) ?? likely(line.account);
  });
  const { data } = useQuery({
    queryKey: ["guide", pbx],
    queryFn: pbx ? guides[pbx] : skipToken,
    staleTime: Infinity,
  });
  return (
    <aside className={classes.guide} aria-labelledby={id}>
      <Title order={3} id={id}>
        {t("guides.title")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("guides.lead")}
      </Text>
      <Select
        label={t("guides.pbx")}
        placeholder={t("guides.choose")}
        data={pbxs.map((value) => ({ value, label: t(`guides.names.${value}`) }))}
        value={pbx}
        onChange={(value) => {
          const chosen = pbxs.find((known) => known === value) ?? null;
          setPbx(chosen);
          keepPbx(line.id, chosen);
        }}
        clearable
        mb={pbx ? "md" : 0}
      />
      {pbx && (
        <Suspense fallback={<Skeleton h={160} />}>
          {data ? <GuideSteps key={pbx} guide={data.guide} pbx={pbx} line={line} /> : <Skeleton h={160} />}
        </Suspense>
      )}
    </aside>
  );
}
