import type { TFunction } from "i18next";
import type { DoctorCause, DoctorFinding, DoctorReport, LineView } from "../../../api/types";

/** Where what is wrong is mended. */
export type Mend = "server" | "proxy" | "port" | "transport" | "user" | "password" | "interval_s" | "trust";

const MENDS: Partial<Record<DoctorCause["kind"], readonly Mend[]>> = {
  name_not_resolved: ["server"],
  proxy_not_resolved: ["proxy"],
  address_not_allowed: ["server"],
  no_answer: ["server", "transport"],
  port_closed: ["port", "transport"],
  proxy_unreachable: ["proxy"],
  plain_port: ["transport", "port"],
  certificate: ["trust"],
  user_refused: ["user"],
  wrong_password: ["password"],
  interval_refused: ["interval_s"],
  short_lived: ["interval_s"],
  contact_changed: ["transport"],
};

/** The form's fields that mend a cause; none where it is mended at the PBX. */
export function mendsOf(cause: DoctorCause): readonly Mend[] {
  return MENDS[cause.kind] ?? [];
}

/** What is wrong, in words, and what mends it. */
export function sentenceOf(cause: DoctorCause, t: TFunction): string {
  if (cause.kind === "certificate") return t(`doctor.flaws.${cause.flaw}`);
  const numbers = {
    code: "code" in cause ? (cause.code ?? t("doctor.noCode")) : "",
    address: "address" in cause ? cause.address : "",
    seconds: "seconds" in cause ? cause.seconds : "granted_s" in cause ? cause.granted_s : "",
  };
  return t(`doctor.causes.${cause.kind}`, numbers);
}

/** What was measured, its unit in the reader's language. */
export function detailOf(detail: string, t: TFunction): string {
  return detail.replace(/^(\d+) (ms|s)$/, (_, figure: string, unit: "ms" | "s") => `${figure} ${t(`doctor.units.${unit}`)}`);
}

/** How many checks failed, and how many could be better. */
export function countOf(report: DoctorReport): { failed: number; warned: number } {
  const count = (verdict: DoctorFinding["verdict"]) =>
    report.findings.filter((finding) => finding.verdict === verdict).length;
  return { failed: count("failed"), warned: count("warned") };
}

/** The report as text for the PBX's support: the account without its password. */
export function asText(line: LineView, at: string, report: DoctorReport, t: TFunction): string {
  const account = line.account;
  const head = [
    `${t("doctor.reportTitle")}: ${line.name}`,
    `${t("doctor.checkedAt")}: ${at}`,
    account && `${t("account.server")}: ${account.server}${account.port ? `:${String(account.port)}` : ""}`,
    account?.proxy && `${t("account.proxy")}: ${account.proxy}`,
    account && `${t("account.user")}: ${account.user}`,
    account && `${t("account.transport")}: ${account.transport.toUpperCase()}`,
  ];
  const findings = report.findings.map((finding) => {
    const detail = finding.detail ? ` (${detailOf(finding.detail, t)})` : "";
    const why = finding.cause ? `\n    ${sentenceOf(finding.cause, t)}` : "";
    return `${t(`doctor.verdicts.${finding.verdict}`)}: ${t(`doctor.checks.${finding.check}`)}${detail}${why}`;
  });
  return [...head.filter(Boolean), "", ...findings, ""].join("\n");
}
