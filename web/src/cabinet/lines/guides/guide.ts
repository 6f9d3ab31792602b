import type { Language, LineView } from "../../../api/types";

/** Fields of «Подключение к АТС (SIP)» that a guide fills in, or shows to be copied. */
export type Field = "user" | "password" | "server" | "proxy" | "auth_name";

/** One step: what to do, and which of the PBX's values go into which field here. */
export interface Step {
  text: string;
  /** A value of the PBX, by its name there, and the field here that it goes to. */
  fields?: readonly { theirs: string; ours: Field }[];
  /** The line's own value that is needed there. */
  value?: Exclude<Field, "password">;
}

/** How one PBX is set up, in both languages, step for step. */
export interface Guide {
  steps: Record<Language, readonly Step[]>;
}

/** The PBXs that there is a guide for, the most usual ones first; each is fetched when it is chosen. */
export const guides = {
  mango: () => import("./mango"),
  asterisk: () => import("./asterisk"),
  "3cx": () => import("./3cx"),
  zadarma: () => import("./zadarma"),
  uis: () => import("./uis"),
  sipuni: () => import("./sipuni"),
  beeline: () => import("./beeline"),
  mts: () => import("./mts"),
  megafon: () => import("./megafon"),
  generic: () => import("./generic"),
} satisfies Record<string, () => Promise<{ guide: Guide }>>;

/** A PBX that there is a guide for. */
export type Pbx = keyof typeof guides;

/** All of them, in their order. */
export const pbxs = Object.keys(guides) as Pbx[];

/** The PBX that an account most likely is of, by its server's name. */
export function likely(account: LineView["account"]): Pbx | null {
  const server = account?.server ?? "";
  const found = (
    [
      ["mango", /mangosip\.ru$/],
      ["zadarma", /zadarma\.com$/],
      ["3cx", /3cx\.[a-z]+$/],
      ["uis", /(uiscom|comagic)\.ru$/],
      ["sipuni", /sipuni\.com$/],
      ["beeline", /beeline\.ru$/],
      ["mts", /mts\.ru$/],
      ["megafon", /(megapbx|megafon)\.ru$/],
    ] as const
  ).find(([, name]) => name.test(server));
  return found?.[0] ?? null;
}

/** The line's own value of a field, where it is known. */
export function known(account: LineView["account"], field: Field): string | null {
  if (!account || field === "password") return null;
  return account[field] ?? null;
}
