import { Anchor, Group, Stack, Text } from "@mantine/core";
import { IconAlertCircleFilled, IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { LineView, Mend } from "../../api/types";
import classes from "./lines.module.css";

const PAGES = {
  hours: "/cabinet/settings/hours",
  departments: "/cabinet/settings/departments",
  employees: "/cabinet/settings/employees",
} as const;

/** What stops a line, in red, and what will not work as it is meant, in amber; each with the way to its mend. */
export function Findings({ line }: { line: LineView }) {
  const { t } = useTranslation();
  return (
    <>
      {line.problems.length > 0 && (
        <Stack gap="xxs" className={classes.problems} role="status" aria-label={t("lines.problem")}>
          {line.problems.map((problem) => (
            <Group key={problem.code} gap="xs" wrap="nowrap" align="flex-start">
              <IconAlertCircleFilled size="1.1em" className={classes.mark} aria-hidden />
              <Text size="sm">
                {problem.text} <MendLink line={line.id} mend={problem.mend} />
              </Text>
            </Group>
          ))}
        </Stack>
      )}
      {line.warnings.length > 0 && (
        <Stack gap="xxs" className={classes.warnings} role="note" aria-label={t("lines.warning")}>
          {line.warnings.map((warning) => (
            <Group key={warning.text} gap="xs" wrap="nowrap" align="flex-start">
              <IconAlertTriangle size="1.1em" className={classes.caution} aria-hidden />
              <Text size="sm">
                {warning.text} {warning.mend && <MendLink line={line.id} mend={warning.mend} />}
              </Text>
            </Group>
          ))}
        </Stack>
      )}
    </>
  );
}

function MendLink({ line, mend }: { line: string; mend: Mend }) {
  const { t } = useTranslation();
  const label = t(`lines.mend.${mend}`);
  if (mend === "script" || mend === "account") {
    return (
      <Anchor
        c="inherit"
        size="sm"
        underline="always"
        renderRoot={(props) => (
          <Link to="/cabinet/lines" search={{ open: line }} hash={`${mend}-${line}`} {...props} />
        )}
      >
        {label}
      </Anchor>
    );
  }
  return (
    <Anchor c="inherit" size="sm" underline="always" renderRoot={(props) => <Link to={PAGES[mend]} {...props} />}>
      {label}
    </Anchor>
  );
}
