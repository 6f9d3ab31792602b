import type { AccountInput, Codec, LineView, Trust } from "../../api/types";

/** All codecs; without a word of the person the PBX chooses among them. */
export const CODECS: readonly Codec[] = ["pcma", "pcmu", "g722", "opus"];

/** The form of «Подключение к АТС (SIP)»; empty texts stand for what is left to the defaults. */
export interface AccountFields {
  user: string;
  password: string;
  server: string;
  proxy: string;
  auth_name: string;
  port: string;
  transport: AccountInput["transport"];
  interval_s: string;
  codecs: Codec[];
  trust: Trusted;
  certificate: string;
  sha256: string;
}

/** Whose certificate is taken. */
export type Trusted = Trust["kind"];

/** All there are, in the order of the list. */
export const TRUSTS: readonly Trusted[] = ["public", "authority", "pinned"];

const INTERVAL_S = 180;

/** The form of a saved account, or an empty one with working defaults. */
export function fieldsOf(account: LineView["account"]): AccountFields {
  return {
    user: account?.user ?? "",
    password: "",
    server: account?.server ?? "",
    proxy: account?.proxy ?? "",
    auth_name: account?.auth_name ?? "",
    port: account?.port ? String(account.port) : "",
    transport: account?.transport ?? "udp",
    interval_s: String(account?.interval_s ?? INTERVAL_S),
    codecs: account?.codecs ?? [...CODECS],
    trust: account?.trust.kind ?? "public",
    certificate: account?.trust.kind === "authority" ? account.trust.certificate : "",
    sha256: account?.trust.kind === "pinned" ? account.trust.sha256 : "",
  };
}

/** The fingerprint of the certificate that a PBX has shown, where it was not taken for that. */
export function seenOf(connection: LineView["connection"]): string | undefined {
  if (connection.state !== "failed" || connection.fault.kind !== "certificate") return undefined;
  return connection.fault.seen ?? undefined;
}

/** The form with this certificate alone trusted. */
export function pinned(fields: AccountFields, sha256: string): AccountFields {
  return { ...fields, trust: "pinned", sha256 };
}

function trustOf({ trust, certificate, sha256 }: AccountFields): Trust {
  switch (trust) {
    case "public":
      return { kind: "public" };
    case "authority":
      return { kind: "authority", certificate };
    case "pinned":
      return { kind: "pinned", sha256 };
  }
}

/** Whether everything that a PBX needs is given; a saved password need not be typed again. */
export function filled(fields: AccountFields, hasPassword: boolean): boolean {
  return fields.user.trim() !== "" && fields.server.trim() !== "" && (fields.password !== "" || hasPassword);
}

/** Takes `user@domain` apart: the user is kept, the domain goes to an empty server field. */
export function split(fields: AccountFields, typed: string): AccountFields {
  const text = typed.trim().replace(/^sips?:/i, "");
  const at = text.lastIndexOf("@");
  if (at < 1) return { ...fields, user: typed };
  const server = text.slice(at + 1);
  return { ...fields, user: text.slice(0, at), server: server === "" ? fields.server : server };
}

/** What is sent to the server. */
export function inputOf(fields: AccountFields): AccountInput {
  const text = (value: string) => (value.trim() === "" ? null : value.trim());
  return {
    user: fields.user.trim(),
    password: fields.password === "" ? null : fields.password,
    server: fields.server.trim(),
    proxy: text(fields.proxy),
    auth_name: text(fields.auth_name),
    port: text(fields.port) === null ? null : Number(fields.port),
    transport: fields.transport,
    interval_s: Number(fields.interval_s) || INTERVAL_S,
    codecs: fields.codecs,
    trust: trustOf(fields),
  };
}
