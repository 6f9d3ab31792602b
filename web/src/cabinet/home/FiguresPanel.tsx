import { Button, Collapse, Group, Paper, Skeleton, Title } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import classes from "./calls.module.css";
import { useHome } from "./useHome";

const Charts = lazy(() => import("./Charts"));

/** «Статистика»: the charts of the week and the month, fetched once somebody wants to see them. */
export function FiguresPanel() {
  const { t } = useTranslation();
  const { search, change } = useHome();
  const shown = search.figures !== undefined;
  return (
    <Paper component="section" aria-labelledby="figures-title">
      <Group justify="space-between" px="md" py="sm" gap="xs">
        <Title order={2} id="figures-title">
          {t("figures.title")}
        </Title>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-expanded={shown}
          aria-controls="figures"
          rightSection={shown ? <IconChevronUp size="1em" /> : <IconChevronDown size="1em" />}
          onClick={() => {
            change({ figures: shown ? undefined : "week" });
          }}
        >
          {t(shown ? "figures.hide" : "figures.show")}
        </Button>
      </Group>
      <Collapse expanded={shown} id="figures" transitionDuration={150}>
        {search.figures && (
          <div className={classes.pad}>
            <Suspense fallback={<Skeleton h={240} />}>
              <Charts
                range={search.figures}
                onRange={(figures) => {
                  change({ figures });
                }}
              />
            </Suspense>
          </div>
        )}
      </Collapse>
    </Paper>
  );
}
