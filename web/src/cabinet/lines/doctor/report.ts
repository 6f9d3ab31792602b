import type { TFunction } from "i18next";
import type { DoctorCause, DoctorFinding, DoctorReport, LineView } from "../../../api/types";

/** Where what is wrong is mended. */
export type Mend =
  | "server"
  | "proxy"
  | "port"
  | "transport"
  | "user"
  | "password"
  | "auth_name"
  | "interval_s"
  | "codecs"
  | "trust";

const MENDS: Partial<Record<DoctorCause["kind"], readonly Mend[]>> = {
  name_not_resolved: ["server"],
  proxy_not_resolved: ["proxy"],
  address_not_allowed: ["server"],
  no_answer: ["server", "transport"],
  port_closed: ["port", "transport"],
  proxy_unreachable: ["proxy"],
  plain_port: ["transport", "port"],
  user_refused: ["user"],
  wrong_password: ["password", "auth_name"],
  interval_refused: ["interval_s"],
  short_lived: ["interval_s"],
  contact_changed: ["transport"],
  no_common_codec: ["codecs"],
};

type Flaw = Extract<DoctorCause, { kind: "certificate" }>["flaw"];

const FLAWS: Partial<Record<Flaw, readonly Mend[]>> = {
  expired: ["trust", "transport"],
  name: ["server", "transport"],
  issuer: ["trust", "transport"],
  pin: ["trust"],
  authority: ["trust"],
  unusable: ["transport"],
};

/** Whose address and certificate were looked at: the proxy's, where there is one. */
type Account = Pick<NonNullable<LineView["account"]>, "proxy"> | null | undefined;

const asksProxy = (cause: DoctorCause, account: Account): boolean =>
  Boolean(account?.proxy) &&
  (cause.kind === "address_not_allowed" || (cause.kind === "certificate" && cause.flaw === "name"));

/** The form's fields that mend a cause; none where it is mended at the PBX. */
export function mendsOf(cause: DoctorCause, account?: Account): readonly Mend[] {
  const mends = (cause.kind === "certificate" ? FLAWS[cause.flaw] : MENDS[cause.kind]) ?? [];
  return asksProxy(cause, account) ? mends.map((field) => (field === "server" ? "proxy" : field)) : mends;
}

/** What is wrong, in words, and what mends it. */
export function sentenceOf(cause: DoctorCause, t: TFunction, account?: Account): string {
  if (asksProxy(cause, account)) return t(`doctor.proxied.${cause.kind === "certificate" ? "name" : "address_not_allowed"}`);
  if (cause.kind === "certificate") return t(`doctor.flaws.${cause.flaw}`);
  const numbers = {
    code: "code" in cause ? (cause.code ?? t("doctor.noCode")) : "",
    address: "address" in cause ? cause.address : "",
    seconds: "seconds" in cause ? cause.seconds : "granted_s" in cause ? cause.granted_s : "",
  };
  return t(`doctor.causes.${cause.kind}`, numbers);
}

/** A field as the form calls it. */
function labelOf(field: Mend, t: TFunction): string {
  if (field === "trust") return t("account.trust.label");
  if (field === "auth_name") return t("account.authName");
  if (field === "interval_s") return t("account.interval");
  return t(`account.${field}`);
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

/** What is told of the whole, the worst first. */
export type Outcome = "ill" | "partial" | "fair" | "well";

export function outcomeOf(report: DoctorReport): Outcome {
  const { failed, warned } = countOf(report);
  if (failed > 0) return "ill";
  if (uncheckedOf(report).length > 0) return "partial";
  return warned > 0 ? "fair" : "well";
}

/** The checks that nobody can tell anything of, though they matter. */
export function uncheckedOf(report: DoctorReport): DoctorFinding["check"][] {
  const skipped = report.findings.filter(({ verdict }) => verdict === "skipped").map(({ check }) => check);
  // Who is let in without a password is not asked for it again.
  return skipped.filter((check) => check !== "nonce" || skipped.includes("register"));
}

/** Why something was not checked, where a person could have helped. */
export function whyUnchecked(report: DoctorReport): "no_call" | "hung_up" | "unanswered" {
  const unchecked = uncheckedOf(report);
  if (unchecked.includes("arrival")) return "no_call";
  return unchecked.includes("stays") || unchecked.includes("transfer") ? "hung_up" : "unanswered";
}

/** The names of what was not checked, in one sentence. */
export function uncheckedText(report: DoctorReport, t: TFunction): string {
  const checks = uncheckedOf(report).map((check) => t(`doctor.checks.${check}`));
  return `${t("doctor.unchecked", { checks: checks.join(", ") })} ${t(`doctor.whyUnchecked.${whyUnchecked(report)}`)}`;
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
    const why = finding.cause ? `\n    ${sentenceOf(finding.cause, t, account)}` : "";
    const mends = finding.cause ? mendsOf(finding.cause, account) : [];
    const fields = mends.map((field) => t("doctor.quoted", { name: labelOf(field, t) })).join(", ");
    const where = fields ? `\n    ${t("doctor.mendAt", { fields })}` : "";
    return `${t(`doctor.verdicts.${finding.verdict}`)}: ${t(`doctor.checks.${finding.check}`)}${detail}${why}${where}`;
  });
  const outcome = outcomeOf(report);
  const whole = t(`doctor.${outcome}`) + (outcome === "partial" ? `. ${uncheckedText(report, t)}` : "");
  return [...head.filter(Boolean), "", whole, "", ...findings, ""].join("\n");
}
