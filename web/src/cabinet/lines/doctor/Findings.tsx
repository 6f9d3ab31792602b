import { Anchor, Loader, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconMinus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DoctorFinding, DoctorReport, LineView } from "../../../api/types";
import classes from "./doctor.module.css";
import { detailOf, mendsOf, sentenceOf, type Mend } from "./report";

const ICONS = { passed: IconCheck, warned: IconAlertTriangle, failed: IconX, skipped: IconMinus };

interface Props {
  line: LineView;
  report: DoctorReport;
  /** Brings the person to a field of the account. */
  onMend: (field: Mend) => void;
}

/** The checks that are done, each with its cause and its mend, and the one that goes on. */
export function Findings({ line, report, onMend }: Props) {
  const { t } = useTranslation();
  return (
    <ol className={classes.list} aria-label={t("doctor.title")}>
      {report.findings.map((finding) => (
        <Row key={finding.check} line={line} finding={finding} onMend={onMend} />
      ))}
      {report.current && (
        <li className={classes.row}>
          <span className={classes.icon}>
            <Loader size="1rem" role="img" aria-label={t("doctor.running")} />
          </span>
          <Text size="sm">{t(`doctor.checks.${report.current}`)}</Text>
        </li>
      )}
    </ol>
  );
}

interface RowProps extends Pick<Props, "line" | "onMend"> {
  finding: DoctorFinding;
}

function Row({ line, finding, onMend }: RowProps) {
  const { t } = useTranslation();
  const Icon = ICONS[finding.verdict];
  const { cause } = finding;
  return (
    <li className={classes.row} data-check={finding.check} data-verdict={finding.verdict}>
      <span className={`${classes.icon ?? ""} ${classes[finding.verdict] ?? ""}`}>
        <Icon size="1.2em" role="img" aria-label={t(`doctor.verdicts.${finding.verdict}`)} />
      </span>
      <div>
        <Text size="sm" c={finding.verdict === "skipped" ? "dimmed" : undefined}>
          {t(`doctor.checks.${finding.check}`)}
          {finding.detail && (
            <Text span size="sm" c="dimmed">
              {` · ${detailOf(finding.detail, t)}`}
            </Text>
          )}
        </Text>
        {cause && (
          <Text size="sm">
            {sentenceOf(cause, t, line.account)}
            {mendsOf(cause, line.account).map((field) => (
              <span key={field}>
                {" "}
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  underline="always"
                  onClick={() => {
                    onMend(field);
                  }}
                >
                  {t(`doctor.fields.${field}`)}
                </Anchor>
              </span>
            ))}
          </Text>
        )}
      </div>
    </li>
  );
}
